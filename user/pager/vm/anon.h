/* SPDX-License-Identifier: MIT
 *
 * Private pages: the upper of the two layers. An anon is one page's contents that lie in no object,
 * shared copy-on-write by the slots that refer to it. It outlives its mappings; when the last
 * reference goes, so does its frame. Must not know regions. */
#ifndef PAGER_ANON_H
#define PAGER_ANON_H

#include <stdint.h>
#include "user/pager/base/frame.h"
#include "user/pager/base/pool.h"

struct anon {
    struct frame *frame; /* NULL: it is only in swap */
    uint32_t refs;       /* slots of pages, in all spaces */
    uint32_t
        slot; /* of swap, where the same contents are (then the frame is CLEAN, or CLEANING), or 0 */
    uint64_t serial; /* its name for policies: never used again */
};

extern struct pool anon_pool;
extern uint64_t anon_serial; /* of the one made last */

/* --- swap: where a private page is that has no frame --- */

enum swap_room {
    SWAP_ROOM, /* `out` can take a page now */
    SWAP_BUSY, /* when something that is under way is done: wait for &frames */
    SWAP_FULL  /* no: no disk, no slot, or writing fails again and again */
};
enum swap_found { SWAP_HERE, SWAP_WAIT, SWAP_ERROR };

/* A kind of swap. A page that is there has a slot (anon->slot). A page that is shared after fork has one slot,
 * whoever shares it. When reading fails, the fault that needs the page is told. */
struct anon_swap {
    enum swap_room (*room)(void);
    /* Copies the page of an anon, in a frame, to swap, for which there is SWAP_ROOM: it gets a slot. The
     * frame may be given up then; if it stays, it must be CLEANING, and becomes CLEAN when the page is in
     * swap, DIRTY (and the slot is free again) when it could not be. */
    void (*out)(struct anon *anon);
    /* Begins to write what has not been written yet. False (NULL: always): there is nothing. */
    bool (*flush)(void);
    /* The contents of a slot: HERE and *data; or WAIT, they are being read, for *waits_for; or ERROR, they
     * cannot be read. */
    enum swap_found (*in)(uint32_t slot, const void **data, const void **waits_for);
    /* Would it be HERE? NULL: always. */
    bool (*is_here)(uint32_t slot);
    /* The page holds something else now, or is gone. */
    void (*free)(uint32_t slot);
    /* Slots that are taken; bytes of the pager's memory that evicted pages take (NULL: none). */
    uint32_t (*used)(void);
    uint64_t (*bytes)(void);
    /* Debug builds: what it knows agrees. NULL: there is nothing to compare. */
    void (*audit)(void);
    bool keeps; /* a page that came back may stay there, too */
};
extern const struct anon_swap *anon_swap; /* set by swap/ when the pager starts */

/* What is in swap is not what it holds any more: it is about to be written, or gone. */
void anon_leave_swap(struct anon *anon);

static inline void anon_setup(struct anon *anon, struct frame *frame)
{
    anon->frame = frame;
    anon->refs = 1;
    anon->slot = 0;
    anon->serial = ++anon_serial;
    frame_set_anon(frame, anon);
    frame_set_state(frame, FRAME_DIRTY);
}

/* A private page in a frame that was just taken (NULL: there is none): one reference, the caller's. NULL: no
 * memory, and the frame has been given back. */
static inline struct anon *anon_create(struct frame *frame)
{
    struct anon *anon = frame ? pool_alloc(&anon_pool, NULL) : NULL;

    if (unlikely(!anon)) {
        if (frame)
            frame_push(&frames.limbo, frame);
        return NULL;
    }
    anon_setup(anon, frame);
    frame_is_fresh(frame);
    return anon;
}

/* The same where anon_at_hand() says that nothing is in the way. */
static inline bool anon_at_hand(void)
{
    return anon_pool.free && frames.fresh_count < frames.fresh_size && !pool_will_fail();
}

static inline struct anon *anon_create_at_hand(struct frame *frame)
{
    struct anon *anon = pool_pop(&anon_pool);

    anon_setup(anon, frame);
    frame_note_fresh(frame);
    return anon;
}

struct request;

/* Brings its contents back from swap into a frame, which is CLEAN then: 0, -ENOMEM or -EIO; or 1: it is
 * being read, and the request waits for it. */
int anon_bring(struct request *r, struct anon *anon);

/* May it be mapped for writing? If not, a write faults: it is copied, or leaves swap. */
static inline bool anon_is_writable(const struct anon *anon)
{
    return anon->refs == 1 && anon->slot == 0;
}

/* At none left, the frame is released; it must not be mapped then. */
static inline void anon_unref(struct anon *anon)
{
    PAGER_ASSERT(anon->refs > 0);
    if (--anon->refs > 0)
        return;
    if (unlikely(anon->slot))
        anon_leave_swap(anon);
    if (anon->frame)
        frame_release(anon->frame);
    pool_free(&anon_pool, anon, NULL);
}

#endif
