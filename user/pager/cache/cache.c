/* SPDX-License-Identifier: MIT
 *
 * The page cache, a hash table with chains through the frames. See cache.h. */
#include "user/pager/cache/cache.h"
#include <abi/layout.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/memory.h"
#include "user/pager/base/watcher.h"
#include "user/pager/base/zero.h"
#include "user/pager/wait/io.h"

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

/* Reads a page of an object that is in memory. */
static int read_now(struct object *object, uint64_t index, struct frame **found)
{
    struct frame *frame = cache_add(object, index);

    if (!frame)
        return -ENOMEM;
    frame_set_state(frame, FRAME_READING);
    int error = object->ops->read(object, index, frame_memory(frame));
    if (error) {
        cache_drop(frame);
        frame_release(frame);
        return error;
    }
    frame_set_state(frame, FRAME_CLEAN);
    counters.image_reads++;
    RECORD(PAGER_RECORD_EVENTS, TRACE_READ, object->id, index, 1);
    *found = frame;
    return 0;
}

/* The page is not there, or not yet. */
static SLOW int cache_get_slow(struct request *r, struct object *object, uint64_t index,
                               struct frame **found)
{
    int error = 0;

    if (object->ops->read)
        return read_now(object, index, found);
    if (r->failed.object == object && r->failed.index == index) {
        r->failed.object = NULL;
        return r->failed.error;
    }
    if (!*found)
        error = object->ops->fetch(object, index);
    if (error == -ENOMEM && io_pending > 0) { /* what is under way may bring memory */
        request_wait(r, &frames);
        return CACHE_WAIT;
    }
    if (error)
        return error;
    *found = cache_find(object, index);
    r->waited = true;
    if ((*found)->state != FRAME_READING)
        return 0;
    frames.watcher->hold(r, *found); /* it must not go before the request has seen it */
    request_wait(r, *found);
    return CACHE_WAIT;
}

int cache_get(struct request *r, struct object *object, uint64_t index, struct frame **found,
              bool *read)
{
    struct frame *frame = cache_find(object, index);

    *found = frame;
    *read = r->waited;
    if (frame && frame->state != FRAME_READING) {
        if (unlikely(frames.used > frames.tight))
            frames.watcher->hold(
                r, frame); /* whoever asked may need another one, too, before it is done */
        return 0;
    }
    *read = true;
    return cache_get_slow(r, object, index, found);
}

void cache_drop(struct frame *frame)
{
    struct frame **at = cache_bucket(frame->object, frame->index);

    while (*at != frame)
        at = &(*at)->next;
    *at = frame->next;
    frame->object->cached--;
}
