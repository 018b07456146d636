/* SPDX-License-Identifier: MIT
 *
 * Private pages: the upper of the two layers. An anon is one page's contents that lie in no object,
 * shared copy-on-write by the slots that refer to it. It outlives its mappings; when the last
 * reference goes, so does its frame. Must not know regions. */
#ifndef PAGER_ANON_H
#define PAGER_ANON_H

#include <stdint.h>
#include "user/pager/frame.h"
#include "user/pager/pool.h"

struct anon {
    struct frame *frame;
    uint64_t refs; /* slots, in all spaces */
};

extern struct pool anon_pool;

/* A private page in a frame just taken: one reference, the caller's. NULL: no memory, and the
 * frame is still the caller's. */
static inline struct anon *anon_create(struct frame *frame)
{
    struct anon *anon = pool_alloc(&anon_pool, NULL);

    if (unlikely(!anon))
        return NULL;
    anon->frame = frame;
    anon->refs = 1;
    frame_own_anon(frame, anon);
    frame_set_state(frame, FRAME_DIRTY);
    return anon;
}

/* At none left, the frame is released; it must not be mapped then. */
static inline void anon_unref(struct anon *anon)
{
    PAGER_ASSERT(anon->refs > 0);
    if (--anon->refs > 0)
        return;
    frame_release(anon->frame);
    pool_free(&anon_pool, anon, NULL);
}

#endif
