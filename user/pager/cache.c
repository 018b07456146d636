/* SPDX-License-Identifier: MIT
 *
 * The page cache, a hash table with chains through the frames. See cache.h. */
#include "user/pager/cache.h"
#include <abi/layout.h>
#include "user/pager/memory.h"
#include "user/pager/stat.h"
#include "user/pager/zero.h"

static struct frame **buckets;
static uint64_t bucket_mask;

void cache_setup(void)
{
    uint64_t n = PAGE_SIZE / sizeof(*buckets);

    while (n < frames.limit / 4) /* most frames are anonymous */
        n *= 2;
    buckets = memory_metadata(n * sizeof(*buckets));
    PAGER_CHECK(buckets != NULL);
    bucket_mask = n - 1;
}

/* Pages that follow each other have buckets that do. */
static struct frame **bucket(const struct object *object, uint64_t index)
{
    return &buckets[(object->id * 0x9e3779b1ul + index) & bucket_mask];
}

struct frame *cache_find(const struct object *object, uint64_t index)
{
    struct frame *frame = *bucket(object, index);

    while (frame && (frame->object != object || frame->index != index))
        frame = frame->next;
    return frame;
}

int cache_get(struct object *object, uint64_t index, struct frame **found, bool *read)
{
    struct frame *frame = cache_find(object, index);

    *read = false;
    *found = frame;
    if (frame)
        return 0;
    frame = frame_take_any(NULL);
    if (!frame)
        return -ENOMEM;
    frame_own_cache(frame, object, index);
    frame_set_state(frame, FRAME_READING);
    int error = object->ops->read(object, index, frame_memory(frame));
    if (error) {
        frame_release(frame);
        return error;
    }
    frame_set_state(frame, FRAME_CLEAN);
    frame_push(bucket(object, index), frame);
    object->cached++;
    stats.image_reads++;
    *read = true;
    *found = frame;
    return 0;
}

void cache_drop(struct frame *frame)
{
    struct frame **at = bucket(frame->object, frame->index);

    while (*at != frame)
        at = &(*at)->next;
    *at = frame->next;
    frame->object->cached--;
}
