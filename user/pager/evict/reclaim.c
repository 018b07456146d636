/* SPDX-License-Identifier: MIT
 *
 * Evicting pages. See reclaim.h; the calls of the policy come in the order that policy.h promises and
 * that tests/sim/machine.c makes. One eviction is
 *
 *   tell_fresh     the policy hears of the frames that have got a page since it was asked last
 *   nominate       it names a frame; what cannot be used is refused, counted, and another one is taken
 *   start_clean    a dirty one that it wants to keep meanwhile is written while it stays, and it is
 *                  asked again
 *   remove         out of all spaces that show it, with one system call for each space
 *   drop           contents to swap if they are nowhere else; the frame is free
 *
 * Nothing is told to the policy on the way of a fault: a fresh frame is a number in a list until there
 * is too little memory. Must not be called while somebody holds a slot of a space or a frame of
 * which the policy may know, without having pinned it. */
#include "user/pager/evict/reclaim.h"
#include <abi/msg.h>
#include <abi/task.h>
#include <octavo/syscall.h>
#include <string.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/memory.h"
#include "user/pager/base/port.h"
#include "user/pager/base/watcher.h"
#include "user/pager/cache/cache.h"
#include "user/pager/evict/call.h"
#include "user/pager/evict/guest.h"
#include "user/pager/evict/hold.h"
#include "user/pager/vm/mappings.h"
#include "user/pager/vm/object.h"
#include "user/pager/vm/space.h"
#include "user/pager/wait/io.h"

/* Faults between two harvests: often enough that recency means something, seldom enough that looking
 * at every mapping costs little for each fault. */
#define HARVEST_LEAST 64u
#define HARVEST_PART 2u /* of the frames */

/* Reading accessed bits costs a shoot-down of all harts, so those of neighbouring pages are read at
 * once, and are good for so many evictions. */
#define ROUND_PART 16u /* one in so many frames */
#define ROUND_MOST 64u
#define LOOK_AROUND 64u /* pages */

#define NONSENSE_MOST 256u /* nominations in a row that could not be used: the policy has failed */

#define RELIEVE 128u    /* frames that the kernel gets back when it runs out */
#define RECLAIM_BADGE 3 /* of the right that tells so: it is no space */

static uint32_t look_round = 1, round_left;
static uint32_t faults_since; /* the last harvest */
static enum swap_room swap_now;
static uint32_t nonsense;
static uint32_t limit_told; /* to the policy */
static uint32_t hand;       /* for the mechanism's own choice */

/* --- accessed bits --- */

struct harvest {
    struct space *space;
    bool measures;   /* for reclaim_working_set: the policy will look for itself */
    uint64_t worked; /* what that has counted */
    unsigned n, pages;
    struct frame *frame[512];
    uint8_t was[512];
    struct vm_op op[MSG_MAX_ITEMS];
};
static struct harvest harvest;

/* What one harvest has found of one mapping. What is found for whoever counts is kept until the policy
 * looks for itself: it must not see it sooner than it would have. */
static void note(struct harvest *h, struct frame *frame, bool accessed)
{
    if (h->measures) {
        h->worked += accessed || frame->policy & POLICY_WORKED;
        frame->policy |= accessed ? POLICY_LATER : 0;
        return;
    }
    if (accessed && frame->kind != FRAME_ZERO)
        frame->policy |= POLICY_WORKED;
    if (accessed || frame->policy & POLICY_LATER)
        frame->policy |= POLICY_SEEN;
    frame->policy &= (uint8_t)~POLICY_LATER;
    guest_of(frame)->looked = frame->mapped == 1 ? look_round : 0;
}

static void harvest_space(struct harvest *h)
{
    unsigned seen = 0;

    if (h->n == 0)
        return;
    memset(h->was, 0, h->pages);
    sys_vm(port_handle, h->space->badge, (unsigned long)(uintptr_t)h->op, h->n, 0);
    for (unsigned i = 0; i < h->pages; i++) {
        seen += (h->was[i] & VM_WAS_ACCESSED) != 0;
        note(h, h->frame[i], h->was[i] & VM_WAS_ACCESSED);
    }
    for (unsigned i = 0; i < h->pages && h->measures; i++)
        h->frame[i]->policy &= (uint8_t)~POLICY_WORKED;
    RECORD(PAGER_RECORD_EVENTS, TRACE_HARVEST, h->space->badge, h->pages, seen);
    h->n = h->pages = 0;
}

static void visit_harvest(void *context, uint64_t page, uint64_t *slot)
{
    struct harvest *h = context;
    struct vm_op *last = &h->op[h->n - 1];

    if ((*slot & SLOT_PROT) == 0)
        return;
    struct frame *frame = slot_frame(*slot);
    if (h->n > 0 && h->pages < sizeof(h->was) && page == (last->dst >> PAGE_SHIFT) + last->count) {
        last->count++;
    } else {
        if (h->n == MSG_MAX_ITEMS || h->pages == sizeof(h->was))
            harvest_space(h);
        h->op[h->n++] = (struct vm_op){.dst = page << PAGE_SHIFT,
                                       .count = 1,
                                       .op = VM_HARVEST,
                                       .out = (uint64_t)(uintptr_t)&h->was[h->pages]};
    }
    h->frame[h->pages++] = frame;
}

/* Reads those of all pages in [first, end). */
static void harvest_range(struct space *space, uint64_t first, uint64_t end)
{
    harvest.space = space;
    pages_each(&space->pages, first, end, visit_harvest, &harvest);
    harvest_space(&harvest);
}

/* Reads those of a frame's mappings, and of their neighbours. */
static void look_around(const struct frame *frame)
{
    for (const struct mapping *m = &frame->first; m; m = m->next) {
        uint64_t first = m->page & ~(uint64_t)(LOOK_AROUND - 1);
        if (m->space)
            harvest_range(m->space, first, first + LOOK_AROUND);
    }
}

uint64_t reclaim_working_set(struct space *space)
{
    harvest.measures = true;
    harvest.worked = 0;
    harvest_range(space, 0, USER_TOP >> PAGE_SHIFT);
    harvest.measures = false;
    return harvest.worked;
}

/* --- what a policy asks --- */

/* The access that faulted is told by enter(): the first look does not tell it again. */
static bool look_told(struct frame *frame, bool accessed)
{
    bool told = accessed && !(frame->policy & POLICY_DISCOUNT);

    frame->policy &= (uint8_t) ~(POLICY_DISCOUNT | POLICY_TOUCHED | POLICY_SEEN);
    return told;
}

bool reclaim_look(struct frame *frame)
{
    if (guest_of(frame)->looked != look_round) {
        look_around(frame);
        guest_of(frame)->looked = look_round;
    }
    return look_told(frame, frame->policy & (POLICY_TOUCHED | POLICY_SEEN));
}

/* Is it shown where pages must stay (mlock)? */
static bool is_locked(const struct frame *frame)
{
    for (const struct mapping *m = &frame->first; m; m = m->next) {
        struct region *region =
            m->space ? region_find(&m->space->regions, m->page << PAGE_SHIFT) : NULL;
        if (region && region->kind.flags & REGION_LOCKED)
            return true;
    }
    return false;
}

bool reclaim_is_busy(const struct frame *frame)
{
    const struct guest_frame *known = guest_of(frame);

    if (hold_keeps(known) || frame->state == FRAME_READING || frame->state == FRAME_CLEANING)
        return true;
    if (region_locked_all() > 0 && is_locked(frame))
        return true;
    if (frame->state != FRAME_DIRTY)
        return false;
    return frame->kind == FRAME_ANON ? swap_now == SWAP_FULL
                                     : frame->object->ops->stuck(frame->object);
}

struct policy_key reclaim_key(const struct frame *frame)
{
    if (frame->kind == FRAME_ANON)
        return (struct policy_key){0, frame->anon->serial};
    return (struct policy_key){frame->object->id, frame->index};
}

static void tell_fresh(void)
{
    for (uint32_t i = 0; i < frames.fresh_count; i++) {
        struct frame *frame = frame_number(frames.fresh[i]);
        struct guest_frame *known = guest_of(frame);
        bool ahead = frame->policy & POLICY_BROUGHT;
        if (!(frame->policy & POLICY_FRESH)) /* it has no owner any more, or was told already */
            continue;
        frame->policy &= POLICY_WORKED | POLICY_LATER;
        frame->policy |= ahead ? POLICY_ENTERED : POLICY_ENTERED | POLICY_DISCOUNT;
        known->policy = (struct policy_frame){.key = reclaim_key(frame), .number = frames.fresh[i]};
        call_enter(&known->policy, ahead ? POLICY_AHEAD : POLICY_FAULT);
    }
    frames.fresh_count = 0;
}

static void leave(struct frame *frame, enum policy_leave why)
{
    frame->policy = 0;
    call_leave(&guest_of(frame)->policy, why);
}

static void freed(struct frame *frame)
{
    leave(frame, POLICY_FREED);
}

/* --- harvest --- */

/* Looks at the accessed bits of all mappings, then tells the policy in order of frames. */
static void harvest_all(void)
{
    tell_fresh();
    for (struct space *space = space_next(NULL); space; space = space_next(space))
        harvest_range(space, 0, USER_TOP >> PAGE_SHIFT);
    for (uint32_t number = 0; number < frames.count; number++) {
        struct frame *frame = frame_number(number);
        bool seen = frame->policy & (POLICY_SEEN | POLICY_TOUCHED);
        if (frame->policy & POLICY_ENTERED && look_told(frame, seen))
            call_used(&guest_of(frame)->policy, frame_is_dirty(frame));
    }
    call_tick();
    counters.harvests++;
}

/* --- evicting --- */

static bool may_go(const struct frame *frame)
{
    return frame && frame->policy & POLICY_ENTERED && !reclaim_is_busy(frame);
}

/* The next frame that can be evicted at all, or NULL. */
static struct frame *own_choice(void)
{
    for (uint32_t left = frames.count; left > 0; left--) {
        hand = hand + 1 < frames.count ? hand + 1 : 0;
        if (may_go(frame_number(hand)))
            return frame_number(hand);
    }
    return NULL;
}

static struct frame *nominate(const struct policy_key *incoming)
{
    const struct policy_frame *named = call_victim(incoming);
    struct frame *frame = guest_frame_named(named);

    if (may_go(frame)) {
        nonsense = 0;
        return frame;
    }
    bool is_page = frame && frame->policy & POLICY_ENTERED;
    frame = own_choice();
    if (named == NULL && frame == NULL)
        return NULL;
    counters.refused_nominations++;
    RECORD(PAGER_RECORD_EVENTS, TRACE_OWN_CHOICE,
           frame ? (uint64_t)(frame - frames.table) : TRACE_NONE);
    if (++nonsense == NONSENSE_MOST) {
        nonsense = 0;
        guard_complain(named == NULL ? "it names no page, though some could go"
                       : is_page     ? "it names pages that are busy"
                                     : "what it names is no page");
        switch_failed();
    }
    return frame;
}

static void page_out(struct frame *frame)
{
    anon_swap->out(frame->anon);
    RECORD(PAGER_RECORD_EVENTS, TRACE_SWAP_OUT, (uint64_t)(frame - frames.table),
           frame->anon->slot);
}

/* Writes a page to swap, or to its file, while it stays resident. */
static void start_clean(struct frame *frame)
{
    if (frame->kind == FRAME_CACHE) {
        frame->object->ops->flush(frame->object);
        return;
    }
    mappings_write_protect(frame);
    frame_set_state(frame, FRAME_CLEANING);
    page_out(frame);
}

/* The frame gives its page up, and is free. */
static void drop(struct frame *frame)
{
    mappings_remove(frame);
    counters.evictions++;
    if (round_left-- == 0) {
        look_round++;
        round_left =
            frames.limit / ROUND_PART < ROUND_MOST ? frames.limit / ROUND_PART : ROUND_MOST;
    }
    leave(frame, POLICY_EVICTED);
    if (frame->kind == FRAME_ANON) {
        struct anon *anon = frame->anon;
        if (frame->state == FRAME_DIRTY) {
            counters.evictions_dirty++;
            frame_set_state(frame, FRAME_CLEANING);
            page_out(frame);
            if (frame->state == FRAME_CLEANING)
                frame_set_state(frame, FRAME_CLEAN); /* the buffer has it now */
        }
        anon->frame = NULL;
    } else {
        cache_drop(frame);
    }
    frame_release(frame);
    frame_pop(&frames.limbo); /* seen by nobody, so it need not settle */
    frame_push(&frames.dirty, frame);
    frames.dirty_count++;
}

static enum room evict(const struct request *r, const struct policy_key *incoming)
{
    uint32_t cleanings = frames.used;
    struct frame *frame;

    tell_fresh();
    for (;;) {
        swap_now = anon_swap->room();
        frame = nominate(incoming);
        if (!frame) {
            if ((anon_swap->flush && anon_swap->flush()) || swap_now == SWAP_BUSY || io_pending > 0)
                return ROOM_WAIT;
            if (!hold_yield(r))
                return ROOM_NONE;
            continue;
        }
        if (frame->state != FRAME_DIRTY)
            break;
        if (frame->kind == FRAME_ANON && swap_now == SWAP_BUSY)
            return ROOM_WAIT;
        bool stays = cleanings > 0 && call_clean_first(&guest_of(frame)->policy);
        if (!stays && frame->kind == FRAME_ANON)
            break;
        start_clean(frame);
        if (!stays || frame->state == FRAME_DIRTY) /* a file is written from where it is */
            return ROOM_WAIT;
        cleanings--;
    }
    drop(frame);
    return ROOM_MADE;
}

enum room reclaim_make_room(const struct request *r, uint32_t need,
                            const struct policy_key *incoming)
{
    enum room room = ROOM_MADE;

    if (limit_told != frames.limit) {
        limit_told = frames.limit;
        call_resize(frames.limit);
    }
    if (incoming && ++faults_since > HARVEST_LEAST && faults_since > frames.limit / HARVEST_PART) {
        faults_since = 0;
        harvest_all();
        memory_recover();
    }
    while (room == ROOM_MADE && reclaim_free() < need)
        room = evict(r, incoming);
    return room;
}

/* --- the end of memory --- */

static void visit_count(void *count, uint64_t page, uint64_t *slot)
{
    (void)page;
    *(uint64_t *)count += (*slot & SLOT_ANON) != 0;
}

static uint64_t pages_held(struct space *space)
{
    uint64_t count = space->shared_pages;

    pages_each(&space->pages, 0, USER_TOP >> PAGE_SHIFT, visit_count, &count);
    return count;
}

bool reclaim_kill_largest(void)
{
    struct space *largest = NULL;
    uint64_t most = 0;

    for (struct space *space = space_next(NULL); space; space = space_next(space)) {
        if (space->doomed && space->shared_pages > 0)
            return false; /* one is about to end that will bring frames */
        uint64_t count = space->doomed ? 0 : pages_held(space);
        if (count > most) {
            most = count;
            largest = space;
        }
    }
    if (!largest)
        return false;
    largest->doomed = true;
    space_watch(largest);
    counters.killed++;
    struct vm_op op = {
        .dst = USER_MIN, .count = (USER_MAX - USER_MIN) >> PAGE_SHIFT, .op = VM_UNMAP};
    space_vm(largest->badge, &op, 1);
    uint32_t before = frames.used;
    pages_each(&largest->pages, 0, USER_TOP >> PAGE_SHIFT, space_visit_release, largest);
    return frames.used < before;
}

void reclaim_relieve(void)
{
    for (uint32_t left = RELIEVE; left > 0; left--) {
        if (reclaim_free() == 0 && reclaim_make_room(NULL, 1, NULL) != ROOM_MADE)
            return;
        if (memory_shrink(1) == 0)
            return;
        counters.relieved++;
    }
}

/* --- start --- */

void reclaim_listen(void)
{
    long right = sys_right_create(port_handle, RECLAIM_BADGE, RECLAIM_NOTIFY);

    if (right > 0)
        sys_task_control(HANDLE_SELF, TASK_PRESSURE, (unsigned long)right, RECLAIM_NOTIFY);
}

void reclaim_setup(void)
{
    static const struct frame_watcher own = {.leave = freed, .hold = hold_frame};
    char text[128];

    frames.watcher = &own;
    memory_table(GUEST_TABLE_BASE, sizeof(struct guest_frame));
    memory_argument("pager", text, sizeof(text));
    limit_told = frames.limit;
    guest_setup(text, frames.limit, frames.limit + FRAME_SPARE, memory_argument_number("seed"));
}

#ifdef OCTAVO_DEBUG
void reclaim_audit(void)
{
    for (uint32_t number = 0; number < frames.count; number++) {
        const struct frame *frame = frame_number(number);
        bool owned = frame->kind == FRAME_ANON || frame->kind == FRAME_CACHE;
        bool known = frame->policy & POLICY_ENTERED, fresh = frame->policy & POLICY_FRESH;
        PAGER_CHECK(owned ? known != fresh : !known && !fresh);
        if (!known)
            continue;
        const struct policy_frame *seen = &guest_of(frame)->policy;
        struct policy_key key = reclaim_key(frame);
        PAGER_CHECK(seen->number == number && seen->key.object == key.object &&
                    seen->key.index == key.index);
    }
}
#endif
