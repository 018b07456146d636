/* SPDX-License-Identifier: MIT
 *
 * Frames ready to be taken: zeroed ones for pages that start as zero, any for pages that are
 * overwritten whole. A thread of the lowest priority zeroes free frames while nothing else runs.
 *
 * No locks. A free frame belongs to one side at a time, and changes sides in two rings:
 *   todo   main puts frames to be zeroed in, the thread takes them out - and main takes them back,
 *          when it runs out of others. Both take a slot by exchanging it with 0: who gets the
 *          number has the frame.
 *   ready  the thread puts zeroed frames in, main takes them out: one producer, one consumer.
 * Main moves ready frames to its own list a batch at a time, so the fault path only pops a list. */
#ifndef PAGER_ZERO_H
#define PAGER_ZERO_H

#include <stdbool.h>
#include <stdint.h>
#include "user/pager/base/frame.h"

/* Starts the thread. Without it everything works, but zeroes when it is needed. */
void zero_setup(void);

/* Gives frames from the dirty list to the thread, and wakes it if it sleeps. */
void zero_feed(void);

/* Free frames that are zero by now. */
uint64_t zero_ready_count(void);

/* Frames that are in the rings, or more, but for one in the thread's hand: for the audit. */
uint64_t zero_in_rings(void);

extern uint64_t zero_on_demand; /* frames zeroed while someone waited */

struct frame *zero_take_slow(bool zero);
/* A free frame out of any list, wherever the limit is; NULL: none. */
struct frame *zero_take_free(void);

/* A free frame full of zeros. NULL: the limit is reached (reclaim.h makes room), or the kernel has none.
 * To be given an owner (frame_own_*) at once. */
static inline struct frame *frame_take_zeroed(void)
{
    struct frame *frame = frames.zeroed;

    if (pool_fails())
        return NULL;
    if (unlikely(!frame || frames.used >= frames.limit))
        return zero_take_slow(true);
    frames.zeroed = frame->next;
    frames.zeroed_count--;
    return frame;
}

/* The same, with any contents. */
static inline struct frame *frame_take_any(void)
{
    struct frame *frame = frames.dirty;

    if (pool_fails())
        return NULL;
    if (unlikely(!frame || frames.used >= frames.limit))
        return zero_take_slow(false);
    frames.dirty = frame->next;
    frames.dirty_count--;
    return frame;
}

#endif
