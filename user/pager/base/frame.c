/* SPDX-License-Identifier: MIT
 *
 * Frames: states, free lists, reverse map. See frame.h. */
#include "user/pager/base/frame.h"
#include <errno.h>
#include <string.h>

struct frame_pool frames;

static struct pool mapping_pool = POOL(struct mapping);

#define TO(state) (1u << (state))

const uint8_t frame_edges_legal[FRAME_STATES] = {
    /* filled with zeros or a copy; a read begins */
    [FRAME_ABSENT] = TO(FRAME_DIRTY) | TO(FRAME_READING),
    /* done; failed, and those who waited were told */
    [FRAME_READING] = TO(FRAME_CLEAN) | TO(FRAME_ABSENT),
    /* written to; dropped */
    [FRAME_CLEAN] = TO(FRAME_DIRTY) | TO(FRAME_ABSENT),
    /* write-back begins; nobody wants it any more */
    [FRAME_DIRTY] = TO(FRAME_CLEANING) | TO(FRAME_ABSENT),
    /* done; failed, or written meanwhile. Not ABSENT: a device reads it */
    [FRAME_CLEANING] = TO(FRAME_CLEAN) | TO(FRAME_DIRTY),
};

void frame_setup(struct frame *table, uintptr_t window, uint32_t limit)
{
    memset(&frames, 0, sizeof(frames));
    frames.table = table;
    frames.window = window;
    frame_limit(limit);
}

void frame_limit(uint32_t limit)
{
    frames.limit = limit;
    frames.plenty = limit - limit / 8;
    frames.call_most =
        limit / FRAME_CALL_PART < FRAME_CALL_MOST ? limit / FRAME_CALL_PART : FRAME_CALL_MOST;
    frames.tight = limit - frames.call_most - FRAME_NEEDS;
}

/* What is there twice, or has no owner any more, goes. */
void frame_fresh_more(struct frame *frame)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < frames.fresh_count; i++) {
        struct frame *old = frame_number(frames.fresh[i]);
        if (!(old->policy & POLICY_FRESH) || old == frame)
            continue;
        old->policy &= (uint8_t)~POLICY_FRESH; /* the first one counts */
        frames.fresh[n++] = frames.fresh[i];
    }
    for (uint32_t i = 0; i < n; i++)
        frame_number(frames.fresh[i])->policy |= POLICY_FRESH;
    frames.fresh_count = n;
    if (n < frames.fresh_size)
        frames.fresh[frames.fresh_count++] = (uint32_t)(frame - frames.table);
}

void frame_add(uint32_t n)
{
    uint32_t first = frames.count;

    frames.count += n;
    for (uint32_t at = frames.count;
         at-- > first;) { /* so that they are taken in ascending order */
        struct frame *frame = frame_number(at);
        memset(frame, 0, sizeof(*frame));
        if (at == 0) {
            frame->kind = FRAME_ZERO;
            frames.zero = frame;
        } else {
            frame_push(&frames.zeroed, frame);
            frames.zeroed_count++;
        }
    }
}

void frame_own_cache(struct frame *frame, struct object *object, uint64_t index)
{
    PAGER_ASSERT(frame->kind == FRAME_FREE && frame->mapped == 0);
    frame->object = object;
    frame->index = index;
    frame->kind = FRAME_CACHE;
    frames.used++;
    frames.cache++;
    frames.idle++;
    frame_is_fresh(frame);
}

void frame_settle(void)
{
    struct frame *frame;

    while ((frame = frame_pop(&frames.limbo)) != NULL) {
        frame_push(&frames.dirty, frame);
        frames.dirty_count++;
    }
}

int frame_map_more(struct frame *frame, struct space *space, uint64_t page, struct charge *charge)
{
    PAGER_ASSERT(frame->kind != FRAME_FREE);
    struct mapping *more = pool_alloc(&mapping_pool, charge);
    if (!more)
        return -ENOMEM;
    *more = (struct mapping){space, page, frame->first.next};
    frame->first.next = more;
    if (frame->mapped++ == 0 && frame->kind == FRAME_CACHE)
        frames.idle--;
    return 0;
}

void frame_unmap_far(struct frame *frame, struct space *space, uint64_t page, struct charge *charge)
{
    struct mapping *gone, **at;

    if (frame->kind == FRAME_ZERO)
        return;
    /* Records never move into the inline one: each is paid for by the space that it names. */
    if (frame->first.space == space && frame->first.page == page) {
        frame->first.space = NULL;
    } else {
        for (at = &frame->first.next; *at; at = &(*at)->next)
            if ((*at)->space == space && (*at)->page == page)
                break;
        PAGER_CHECK(*at != NULL);
        gone = *at;
        *at = gone->next;
        pool_free(&mapping_pool, gone, charge);
    }
    if (--frame->mapped == 0 && frame->kind == FRAME_CACHE)
        frames.idle++;
}

bool frame_is_mapped(const struct frame *frame, const struct space *space, uint64_t page)
{
    const struct mapping *at = &frame->first;

    if (frame->kind == FRAME_ZERO)
        return true;
    for (; at; at = at->next)
        if (at->space == space && at->page == page)
            return true;
    return false;
}
