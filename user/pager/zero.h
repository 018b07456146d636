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
#include "user/pager/frame.h"

/* Starts the thread. Without it everything works, but zeroes when it is needed. */
void zero_setup(void);

/* Gives frames from the dirty list to the thread, and wakes it if it sleeps. */
void zero_feed(void);

/* Free frames that are zero by now. */
uint64_t zero_ready_count(void);

/* Frames that are in the rings, or more, but for one in the thread's hand: for the audit. */
uint64_t zero_in_rings(void);

extern uint64_t zero_on_demand; /* frames zeroed while someone waited */

struct frame *frame_take_slow(bool zero);

/* A free frame out of any list, wherever the limit is; NULL: none. */
struct frame *frame_take_free(void);

/* A free frame full of zeros. NULL: the limit is reached (reclaim.h makes room), or the kernel has none.
 * To be given an owner (frame_own_*) at once. */
static inline struct frame *frame_take_zeroed(void)
{
    struct frame *frame = frames.zeroed;

    if (pool_fails())
        return NULL;
    if (unlikely(!frame || frames.used >= frames.limit))
        return frame_take_slow(true);
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
        return frame_take_slow(false);
    frames.dirty = frame->next;
    frames.dirty_count--;
    return frame;
}

/* 4 KiB in some 550 instructions. */
static inline void page_zero(void *page)
{
    uint64_t *at = page, *end = at + 512;

    do {
#define PAGE_ZERO_4(n) at[n] = 0, at[n + 1] = 0, at[n + 2] = 0, at[n + 3] = 0
        PAGE_ZERO_4(0), PAGE_ZERO_4(4), PAGE_ZERO_4(8), PAGE_ZERO_4(12);
        PAGE_ZERO_4(16), PAGE_ZERO_4(20), PAGE_ZERO_4(24), PAGE_ZERO_4(28);
#undef PAGE_ZERO_4
        at += 32;
        __asm__ volatile("" ::: "memory"); /* stays a loop of stores, not a call of memset */
    } while (at != end);
}

/* In some 1,080. */
static inline void page_copy(void *to_page, const void *from_page)
{
    uint64_t *to = to_page, *end = to + 512;
    const uint64_t *from = from_page;

    do {
#define PAGE_COPY_8(n)                                                               \
    {                                                                                \
        uint64_t a = from[n], b = from[n + 1], c = from[n + 2], d = from[n + 3];     \
        uint64_t e = from[n + 4], f = from[n + 5], g = from[n + 6], h = from[n + 7]; \
        to[n] = a, to[n + 1] = b, to[n + 2] = c, to[n + 3] = d;                      \
        to[n + 4] = e, to[n + 5] = f, to[n + 6] = g, to[n + 7] = h;                  \
    }
        PAGE_COPY_8(0)
        PAGE_COPY_8(8)
        PAGE_COPY_8(16)
        PAGE_COPY_8(24)
#undef PAGE_COPY_8
        to += 32;
        from += 32;
        __asm__ volatile("" ::: "memory");
    } while (to != end);
}

#endif
