/* SPDX-License-Identifier: MIT
 *
 * The frame table: what every frame of the pool is, in which state, and which pages show it. A
 * frame's number is its place in the pager's window. It decides nothing (who gets a frame, what is
 * evicted) and makes no system call, so it is tested on the host as it is.
 *
 * A frame that was released goes to `limbo`: other programs may still see it until the answer that
 * unmaps it has been taken by the kernel. The main loop calls frame_settle after that. */
#ifndef PAGER_FRAME_H
#define PAGER_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "user/pager/base/panic.h"
#include "user/pager/base/pool.h"

struct space;
struct anon;
struct object;
struct request;

/* The life of what a frame holds. ABSENT: nothing. READING: being filled from its object. CLEAN: as
 * in its object. DIRTY: nowhere else. CLEANING: being written to its object or to swap; if it is
 * written meanwhile, the next state is DIRTY again. */
enum frame_state {
    FRAME_ABSENT,
    FRAME_READING,
    FRAME_CLEAN,
    FRAME_DIRTY,
    FRAME_CLEANING,
    FRAME_STATES
};

enum frame_kind {
    FRAME_FREE,
    FRAME_ANON,  /* owner is the struct anon */
    FRAME_CACHE, /* owner is the struct object, index the page in it */
    FRAME_ZERO   /* the one that first reads of anonymous pages share; never written, not counted */
};

#define FRAME_AGAIN 1u /* CLEANING: written to meanwhile, so it is DIRTY afterwards */
#define FRAME_AHEAD 2u /* who comes here soon wants what follows: read ahead */
/* What the replacement policy knows of a frame (reclaim.c). A frame that gets an owner is FRESH, and
 * waits in frames.fresh until the policy has to be told. */
#define POLICY_FRESH 1u
#define POLICY_ENTERED 2u
#define POLICY_BROUGHT 4u /* FRESH: nobody asked for this page yet */
#define POLICY_TOUCHED 8u /* the pager has used it for somebody, whose accessed bit tells nothing */
#define POLICY_DISCOUNT 16u /* the next look at its accessed bit tells of the fault, no more */
#define POLICY_SEEN 32u     /* a harvest found it accessed */
#define POLICY_LATER 128u   /* reclaim_working_set found it accessed, the policy has to be told */
/* A harvest found it accessed since reclaim_working_set counted it last. */
#define POLICY_WORKED 64u

/* One page that shows the frame, as far as the pager knows. */
struct mapping {
    struct space *space;
    uint64_t page;
    struct mapping *next;
};

struct frame {
    struct mapping first; /* most frames have one mapping; space NULL = none */
    union {
        void *owner;
        struct anon *anon;
        struct object *object;
    };
    uint64_t index;
    struct frame *next;  /* free: its list. CACHE: the hash chain */
    uint32_t mapped;     /* how many mappings */
    uint8_t state, kind; /* enum frame_state, enum frame_kind */
    uint8_t flags;       /* FRAME_*, of CACHE frames */
    uint8_t policy;      /* POLICY_* */
    uint64_t audit;      /* audit.c counts here */
};
_Static_assert(
    sizeof(struct frame) == 64,
    "frame_number of a pointer is a shift: keep struct frame a power of two, or change it");

/* Who decides which frames are evicted; set by evict/ when the pager starts. */
struct frame_watcher {
    /* The page in a frame that is POLICY_ENTERED is gone for good. */
    void (*leave)(struct frame *frame);
    /* The thread that waits for r's answer needs this frame before it gets on; called when frames are short
     * (frames.tight). */
    void (*hold)(const struct request *r, const struct frame *frame);
};

struct frame_pool {
    const struct frame_watcher *watcher;
    struct frame *table;  /* count descriptors */
    uintptr_t window;     /* address of frame 0 */
    struct frame *zeroed; /* free and zero */
    struct frame *dirty;  /* free, not zero */
    struct frame *limbo;  /* released, perhaps still seen */
    struct frame *zero;   /* the shared zero frame */
    struct frame *taken;  /* given back to the kernel: nothing is behind them now */
    uint32_t count;       /* frames that the kernel gave */
    uint32_t limit, used; /* holding pages; the zero frame is not counted */
    uint32_t plenty;      /* above so many used, only small spaces get more (7/8 of limit) */
    uint32_t cache, idle; /* of them CACHE; of these mapped nowhere */
    uint32_t call_most;   /* that a call may have room made for before it begins */
    /* Above so many used, what a fault or a call brings may be evicted by the next one: faults look whether
     * there is room, and it is held for a while (hold.h). */
    uint32_t tight;
    /* Numbers of frames with an owner that the policy was not told of, in order; some have lost it again, or
     * are there twice. */
    uint32_t *fresh;
    uint64_t fresh_count, fresh_size;
    uint64_t zeroed_count, dirty_count, taken_count;
    uint64_t edges[FRAME_STATES][FRAME_STATES]; /* how often each transition was taken (debug) */
};
extern struct frame_pool frames;

#define FRAME_SPARE 2u /* beside the limit: the zero frame, and one in the zeroing thread's hand */
#define FRAME_NEEDS 2u /* that one fault takes at most: a page read, and a private copy of it */

#define FRAME_CALL_MOST 32u /* that a call may have room made for, */
#define FRAME_CALL_PART 4u  /* but not more than one in so many */

void frame_setup(struct frame *table, uintptr_t window, uint32_t limit);

/* Sets how many frames may hold pages. */
void frame_limit(uint32_t limit);

/* The kernel gave n more frames at the end of the window, all zero. The first one ever becomes the
 * shared zero frame. */
void frame_add(uint32_t n);

static inline void *frame_memory(const struct frame *frame)
{
    return (void *)(frames.window + ((uintptr_t)(frame - frames.table) << 12));
}

static inline struct frame *frame_number(uint32_t number)
{
    return &frames.table[number];
}

/* Bit t of entry f: from state f to state t is legal. */
extern const uint8_t frame_edges_legal[FRAME_STATES];

static inline void frame_set_state(struct frame *frame, enum frame_state to)
{
#ifdef OCTAVO_DEBUG
    PAGER_CHECK(frame_edges_legal[frame->state] >> to & 1);
    frames.edges[frame->state][to]++;
#endif
    frame->state = (uint8_t)to;
}

/* There is no room in frames.fresh. */
void frame_fresh_more(struct frame *frame);

/* There is room. */
static inline void frame_note_fresh(struct frame *frame)
{
    frame->policy = POLICY_FRESH;
    frames.fresh[frames.fresh_count++] = (uint32_t)(frame - frames.table);
}

static inline void frame_is_fresh(struct frame *frame)
{
    frame->policy = POLICY_FRESH;
    if (unlikely(frames.fresh_count == frames.fresh_size))
        frame_fresh_more(frame);
    else
        frame_note_fresh(frame);
}

/* Gives a free frame, no longer in any list, an owner, who has it noted as FRESH at once. */
static inline void frame_set_anon(struct frame *frame, struct anon *anon)
{
    PAGER_ASSERT(frame->kind == FRAME_FREE && frame->mapped == 0);
    frame->anon = anon;
    frame->kind = FRAME_ANON;
    frames.used++;
}

static inline void frame_own_anon(struct frame *frame, struct anon *anon)
{
    frame_set_anon(frame, anon);
    frame_is_fresh(frame);
}

void frame_own_cache(struct frame *frame, struct object *object, uint64_t index);

static inline void frame_push(struct frame **list, struct frame *frame)
{
    frame->next = *list;
    *list = frame;
}

static inline struct frame *frame_pop(struct frame **list)
{
    struct frame *frame = *list;

    if (frame)
        *list = frame->next;
    return frame;
}

/* It holds nothing worth keeping any more and is mapped nowhere: into limbo. */
static inline void frame_release(struct frame *frame)
{
    PAGER_ASSERT(frame->mapped == 0);
    frame_set_state(frame, FRAME_ABSENT);
    if (frame->kind == FRAME_CACHE) {
        frames.cache--;
        frames.idle--;
    }
    frames.used--;
    if (unlikely(frame->policy & POLICY_ENTERED))
        frames.watcher->leave(frame);
    frame->policy = 0;
    frame->kind = FRAME_FREE;
    frame->flags = 0;
    frame_push(&frames.limbo, frame);
}

/* What was released can no longer be seen: to the free list. */
void frame_settle(void);

/* There is a mapping in the frame already. */
int frame_map_more(struct frame *frame, struct space *space, uint64_t page, struct charge *charge);

/* Notes that a page shows the frame: 0, or -ENOMEM when the charge cannot bear another record. */
static inline int frame_map(struct frame *frame, struct space *space, uint64_t page,
                            struct charge *charge)
{
    if (frame->kind == FRAME_ZERO)
        return 0; /* never evicted: nobody needs to know */
    if (frame->first.space)
        return frame_map_more(frame, space, page, charge);
    frame->first.space = space;
    frame->first.page = page;
    if (frame->mapped++ == 0 && frame->kind == FRAME_CACHE)
        frames.idle--;
    return 0;
}

/* The same for a frame that nobody else can know yet: cannot fail. */
static inline void frame_map_first(struct frame *frame, struct space *space, uint64_t page)
{
    PAGER_ASSERT(frame->kind == FRAME_ANON && frame->mapped == 0);
    frame->first.space = space;
    frame->first.page = page;
    frame->mapped = 1;
}

void frame_unmap_far(struct frame *frame, struct space *space, uint64_t page,
                     struct charge *charge);

/* The mapping must be there. */
static inline void frame_unmap(struct frame *frame, struct space *space, uint64_t page,
                               struct charge *charge)
{
    if (frame->first.space != space || frame->first.page != page || frame->kind != FRAME_ANON) {
        frame_unmap_far(frame, space, page, charge);
        return;
    }
    frame->first.space = NULL;
    frame->mapped--;
}

bool frame_is_mapped(const struct frame *frame, const struct space *space, uint64_t page);

#endif
