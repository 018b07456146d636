/* SPDX-License-Identifier: MIT
 *
 * The page cache, a hash table with chains through the frames. See cache.h. */
#include "user/pager/cache/cache.h"
#include <abi/layout.h>
#include "user/pager/base/memory.h"
#include "user/pager/base/zero.h"

struct frame **cache_buckets;
uint64_t cache_mask;

void cache_setup(void)
{
    uint64_t n = PAGE_SIZE / sizeof(*cache_buckets);

    while (n < frames.limit / 4) /* most frames are anonymous */
        n *= 2;
    cache_buckets = memory_metadata(n * sizeof(*cache_buckets));
    PAGER_CHECK(cache_buckets != NULL);
    cache_mask = n - 1;
}

struct frame *cache_add(struct object *object, uint64_t index)
{
    struct frame *frame = frame_take_any();

    if (!frame)
        return NULL;
    frame_own_cache(frame, object, index);
    frame_push(cache_bucket(object, index), frame);
    object->cached++;
    return frame;
}

void cache_drop(struct frame *frame)
{
    struct frame **at = cache_bucket(frame->object, frame->index);

    while (*at != frame)
        at = &(*at)->next;
    *at = frame->next;
    frame->object->cached--;
}
