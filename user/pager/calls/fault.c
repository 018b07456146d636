/* SPDX-License-Identifier: MIT
 *
 * A page fault, from the message to the answer. The program is stopped at an address; the kernel has
 * told which, and will map what the answer says and let it go on.
 *
 *   fault_handle    the first access to an anonymous page, where nothing is in the way: all at once
 *   fault_any       everything else, in stages:
 *   fault_look_up   is there a region, does it allow the access, what does the pager know of the page?
 *   fault_make_room when frames are short: evicts what must go for this page (reclaim.h)
 *   fault_resolve   find or make the frame:
 *       an own page, not shared        map it                          (fault_private)
 *       an own page shared by fork     write: copy it                  (fault_private)
 *       an own page that is in swap    bring it back first             (anon_bring)
 *       nothing yet, anonymous region  write: a zeroed frame of its own (fault_first_write)
 *                                      read: the frame of zeros that all share (fault_first_read)
 *       nothing yet, object behind     the cache's frame, read into it first (fault_object)
 *       a frame of the object, write   a private copy of it            (fault_copy)
 *   fault_around    plan: which neighbours come along (fault_plan is a policy's to decide)
 *
 * A stage returns 0, or says why not (VM_FAULT_*), and then nothing was changed but by-products that
 * do no harm (an empty slot, a page in the cache). Or it returns FAULT_WAIT, for a page to be read or
 * for frames, and the whole fault is handled again from the start.
 *
 * What is to be mapped goes with the answer, and takes no system call. System calls are made by what
 * the stages call: to get memory from the kernel (base/memory.c), to wake a thread that zeroes or reads
 * (base/zero.c, wait/io.c), to unmap what is evicted (evict/reclaim.c). The way of an anonymous page's first
 * write makes none and is the shortest: some 130 instructions when a zeroed frame is ready. Must not evict but
 * in fault_make_room, which is done before anything is held that an eviction could change. */
#include "user/pager/calls/fault.h"
#include <errno.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/page.h"
#include "user/pager/base/watcher.h"
#include "user/pager/base/zero.h"
#include "user/pager/cache/cache.h"
#include "user/pager/evict/call.h"
#include "user/pager/evict/hold.h"
#include "user/pager/evict/policy.h"
#include "user/pager/evict/reclaim.h"

static unsigned fault_look_up(struct fault *f)
{
    f->region = region_find(&f->space->regions, f->address);
    if (!f->region)
        return VM_FAULT_MAPERR;
    if (unlikely(f->space->doomed))
        return VM_FAULT_NOMEM;
    if (f->access & ~f->region->kind.prot)
        return VM_FAULT_ACCERR;
    f->slot = pages_slot(&f->space->pages, f->page);
    return f->slot ? 0 : VM_FAULT_NOMEM;
}

static inline uint64_t fault_index(const struct fault *f, uint64_t page)
{
    return region_index(f->region, page);
}

/* How many frames will be taken, and the key of the page that the first one is for. */
static unsigned fault_needs(const struct fault *f, struct policy_key *key)
{
    const struct anon *anon = (const struct anon *)(uintptr_t)(*f->slot & SLOT_POINTER);
    struct object *object = f->region->kind.object;
    unsigned copy = f->access == ACCESS_WRITE && !(f->region->kind.flags & REGION_SHARED);

    *key = (struct policy_key){0, anon_serial + 1};
    if (*f->slot & SLOT_ANON) {
        copy = copy && anon->refs > 1;
        if (anon->frame || /* it is there, or has to be waited for */
            (anon_swap->is_here && !anon_swap->is_here(anon->slot)))
            return anon->frame ? copy : 0;
        key->index = anon->serial;
        return 1 + copy;
    }
    if (!object)
        return copy;
    if (object->ops->find(object, fault_index(f, f->page)))
        return copy;
    *key = (struct policy_key){object->id, fault_index(f, f->page)};
    return 1 + copy;
}

/* Frames are short. What an eviction changes may be what this fault has found: it looks again. */
static SLOW unsigned fault_make_room(struct fault *f)
{
    struct policy_key key;
    unsigned need, code = 0;

    while (!code && (need = fault_needs(f, &key)) > reclaim_free()) {
        enum room room = reclaim_make_room(f->request, need, &key);
        if (room == ROOM_NONE) {
            bool soon = reclaim_kill_largest();
            if (f->space->doomed)
                return VM_FAULT_NOMEM;
            request_wait(f->request, soon ? NULL : &frames);
            return FAULT_WAIT;
        }
        if (room == ROOM_WAIT) {
            request_wait(f->request, &frames);
            return FAULT_WAIT;
        }
        code = fault_look_up(f);
    }
    return code;
}

/* The faulting page shows f->frame from now on: its slot is `value`, mapped with f->prot. */
static inline unsigned fault_enter(struct fault *f, uint64_t value)
{
    return space_map(f->space, f->page, f->slot, value, f->prot) < 0 ? VM_FAULT_NOMEM : 0;
}

/* The page is a new one of its own, where nothing is mapped, or what the answer replaces. */
static inline unsigned fault_enter_new(struct fault *f, struct anon *anon, enum pager_action action)
{
    f->frame = anon->frame;
    f->prot = f->region->kind.prot;
    f->action = action;
    space_map_new(f->space, f->page, f->slot, anon, f->frame, f->prot);
    return 0;
}

/* The page had no contents: a new frame full of zeros. It may be mapped already, showing the shared
 * zero frame, which is then replaced. */
static SLOW unsigned fault_first_write(struct fault *f)
{
    struct anon *anon = anon_create(frame_take_zeroed());

    if (unlikely(!anon))
        return VM_FAULT_NOMEM;
    if (*f->slot) { /* it shows the zero frame, which keeps no record of its mappings */
        f->space->resident--;
        f->space->resident_object--;
    }
    counters.zero_fills++;
    return fault_enter_new(f, anon,
                           f->region->kind.flags & REGION_GROWS ? PAGER_DID_GROW : PAGER_DID_ZERO);
}

/* The page had no contents, and needs none yet: the frame of zeros that all share. */
static SLOW unsigned fault_first_read(struct fault *f)
{
    f->frame = frames.zero;
    f->prot = f->region->kind.prot & ~VM_W;
    f->action = PAGER_DID_SHARE_ZERO;
    return fault_enter(f, slot_of_frame(frames.zero));
}

/* A private copy of a frame that others see, too. `shared`: the anon whose frame it is, or NULL. */
static SLOW unsigned fault_copy(struct fault *f, struct frame *from, struct anon *shared)
{
    struct anon *anon = anon_create(frame_take_any());

    if (!anon)
        return VM_FAULT_NOMEM;
    page_copy(frame_memory(anon->frame), frame_memory(from));
    if (*f->slot & SLOT_PROT) { /* the answer replaces what is mapped now */
        frame_unmap(from, f->space, f->page, &f->space->charge);
        f->space->resident--;
        f->space->resident_object -= shared == NULL;
    }
    if (shared)
        anon_unref(shared);
    counters.cow_breaks++;
    return fault_enter_new(f, anon, PAGER_DID_COPY);
}

/* How a fault ends for which a page could not be had. */
static unsigned fault_code(int error)
{
    return error == 0         ? 0
           : error > 0        ? FAULT_WAIT
           : error == -ENOMEM ? VM_FAULT_NOMEM
           : error == -ENXIO  ? VM_FAULT_ADRERR
                              : VM_FAULT_OBJERR;
}

/* The page has contents of its own. */
static SLOW unsigned fault_private(struct fault *f)
{
    struct anon *anon = (struct anon *)(uintptr_t)(*f->slot & SLOT_POINTER);

    f->action = PAGER_DID_MAP;
    if (unlikely(!anon->frame)) {
        unsigned code = fault_code(anon_bring(f->request, anon));
        if (code)
            return code;
        f->space->major += f->request->waited;
        f->action = PAGER_DID_SWAP_IN;
    }
    if (anon->refs > 1 && f->access == ACCESS_WRITE)
        return fault_copy(f, anon->frame, anon);
    if (anon->slot && f->access == ACCESS_WRITE)
        anon_leave_swap(anon);
    f->frame = anon->frame;
    f->prot = f->region->kind.prot & (anon_is_writable(anon) ? ~0u : ~VM_W);
    return fault_enter(f, slot_of_anon(anon));
}

/* The page is as in the region's object. */
static SLOW unsigned fault_object(struct fault *f)
{
    struct object *object = f->region->kind.object;
    uint64_t index = fault_index(f, f->page);
    bool shared = f->region->kind.flags & REGION_SHARED;
    uint16_t advice = f->region->kind.flags & (REGION_RANDOM | REGION_SEQUENTIAL);
    enum pager_action how;
    struct frame *frame;

    if (unlikely(advice) && object->ops->advise && !object->ops->find(object, index))
        object->ops->advise(object, index, 1,
                            advice & REGION_RANDOM ? OBJECT_RANDOM : OBJECT_SEQUENTIAL);
    int error = object->ops->get(f->request, object, index, &frame, &how);
    if (error)
        return fault_code(error);
    f->space->major += how == PAGER_DID_READ;
    if (f->access == ACCESS_WRITE && !shared)
        return fault_copy(f, frame, NULL);
    f->frame = frame;
    f->prot = f->region->kind.prot & ~VM_W;
    f->action = how;
    if (shared)
        f->prot =
            object->ops->share(object, frame, f->region->kind.prot, f->access == ACCESS_WRITE);
    unsigned code = fault_enter(f, slot_of_frame(frame));
    if (unlikely(frame->flags & FRAME_AHEAD) && !code &&
        !(advice & REGION_RANDOM)) /* it is mapped, and so cannot be evicted */
        object->ops->ahead(object, frame);
    return code;
}

static inline unsigned fault_resolve(struct fault *f)
{
    if (*f->slot & SLOT_ANON)
        return fault_private(f);
    if (f->region->kind.object)
        return fault_object(f);
    if (f->access == ACCESS_WRITE)
        return fault_first_write(f);
    return fault_first_read(f);
}

/* How many neighbours should come along? Where a replacement policy has a `plan`, it will be asked
 * here; this is what the mechanism likes:
 *   pages of an object   the aligned block of `around` (of the space) in which the fault lies;
 *                        fault_bring_cached takes only those that are in the cache
 *   anonymous memory     nothing at first. First writes that go on where the last ones ended bring 1,
 *                        2, 4 ... pages, up to `around`: a program that fills memory in order soon
 *                        pays one fault for 16 pages, one that touches here and there takes no frame
 *                        too many */
static struct policy_plan fault_plan(const struct fault *f, const struct policy_view *view)
{
    struct space *space = f->space;
    struct policy_plan plan = {0};

    if (f->region->kind.flags & REGION_RANDOM || call_plan(view, &plan))
        return plan;
    if (!view->write) {
        plan.before = (uint32_t)(f->page % space->around);
        plan.after = space->around - 1 - plan.before;
        return plan;
    }
    if (f->page != space->stream)
        space->stream_length = 0;
    plan.after = space->stream_length ? space->stream_length - 1 : 0;
    space->stream_length = space->stream_length ? space->stream_length * 2 : 1;
    if (space->stream_length > space->around)
        space->stream_length = space->around;
    return plan;
}

/* Adds one mapped page to the answer: to the last item where both addresses go on from it. */
static inline void fault_add_item(struct fault *f, struct vm_op *item, unsigned *items,
                                  const struct frame *frame, uint64_t page)
{
    struct vm_op *last = &item[*items - 1];
    uint64_t src = (uint64_t)(uintptr_t)frame_memory(frame), dst = page << PAGE_SHIFT;

    f->pages++;
    if (src == last->src + ((uint64_t)last->count << PAGE_SHIFT) &&
        dst == last->dst + ((uint64_t)last->count << PAGE_SHIFT)) {
        last->count++;
        return;
    }
    item[(*items)++] =
        (struct vm_op){.src = src, .dst = dst, .count = 1, .op = VM_MAP, .prot = (uint8_t)f->prot};
}

/* Neighbours that follow a first write: new pages, as many as `end` - 1. */
static void fault_bring_new(struct fault *f, struct vm_op *item, unsigned *items, int64_t end)
{
    for (int64_t at = 1; at < end && f->slot[at] == 0; at++) {
        struct anon *anon = frames.used < frames.plenty /* none is evicted for it */
                                ? anon_create(frame_take_zeroed())
                                : NULL;
        if (!anon)
            return;
        counters.zero_fills++;
        anon->frame->policy |= POLICY_BROUGHT;
        space_map_new(f->space, f->page + (uint64_t)at, f->slot + at, anon, anon->frame, f->prot);
        fault_add_item(f, item, items, anon->frame, f->page + (uint64_t)at);
    }
}

/* Neighbours at these distances from a page of an object: those that are in the cache. */
static void fault_bring_cached(struct fault *f, struct vm_op *item, unsigned *items, int64_t at,
                               int64_t end)
{
    struct object *object = f->region->kind.object;
    uint64_t index = fault_index(f, f->page);
    unsigned prot = f->prot;

    for (; at < end; at++) {
        uint64_t page = f->page + (uint64_t)at, *slot = f->slot + at;
        struct frame *frame = *slot ? NULL : cache_find_ready(object, index + (uint64_t)at);
        if (!frame || (prot & VM_W && frame->state != FRAME_DIRTY)) /* its first write comes here */
            continue;
        if (space_map(f->space, page, slot, slot_of_frame(frame), prot) < 0)
            continue;
        fault_add_item(f, item, items, frame, page);
        if (unlikely(frame->flags & FRAME_AHEAD))
            object->ops->ahead(object, frame);
    }
}

/* Brings neighbours along: the faulting page is the first item of the answer, for only it must
 * succeed. Neighbours are sought in the region, and in the one leaf of slots that is at hand. */
static SLOW void fault_around(struct request *r, struct fault *f)
{
    const struct region *region = f->region;
    bool write = f->action == PAGER_DID_ZERO;

    if (!write && f->action != PAGER_DID_CACHE && f->action != PAGER_DID_READ)
        return; /* nothing is known of its neighbours */
    uint64_t below = f->page - (region->start >> PAGE_SHIFT), in_leaf = f->page % PAGES_FAN;
    uint64_t above = (region->end >> PAGE_SHIFT) - 1 - f->page;
    struct policy_view view = {
        .key = {region->kind.object ? region->kind.object->id : 0, fault_index(f, f->page)},
        .write = write,
        .before = (uint32_t)(below < in_leaf ? below : in_leaf),
        .after = (uint32_t)(above < PAGES_FAN - 1 - in_leaf ? above : PAGES_FAN - 1 - in_leaf),
        .free = frames.used < frames.plenty ? frames.plenty - frames.used : 0,
    };
    struct policy_plan plan = fault_plan(f, &view);
    struct vm_op *item = msg_page()->item;
    unsigned items = 1;

    item[0] = (struct vm_op){.src = r->answer.w[0],
                             .dst = r->answer.w[1],
                             .count = 1,
                             .op = VM_MAP,
                             .prot = (uint8_t)f->prot};
    int64_t after = plan.after < view.after ? plan.after : view.after;
    int64_t before = plan.before < view.before ? plan.before : view.before;
    if (write) {
        fault_bring_new(f, item, &items, after + 1);
        f->space->stream = f->page + f->pages;
    } else {
        fault_bring_cached(f, item, &items, 1, after + 1);
        fault_bring_cached(f, item, &items, -before, 0);
    }
    if (items == 1)
        r->answer.w[2] = item[0].count;
    else
        r->answer.tag = (unsigned long)items << MSG_ITEMS_SHIFT;
}

/* It is looked at again, from the start, when the page is there. */
static SLOW enum outcome fault_wait(struct fault *f)
{
    counters.faults--;
    f->space->faults--;
    return WAIT;
}

static SLOW enum outcome fault_refuse(struct request *r, struct fault *f)
{
    f->action = PAGER_DID_REFUSE;
    f->pages = 0;
    counters.refused++;
    r->answer.tag = MSG_NO | f->code;
    if (f->space)
        watcher.answer(f);
    return DONE;
}

unsigned fault_bring(struct request *r, uint64_t page, unsigned access, struct frame **frame,
                     unsigned *prot)
{
    struct fault f = {.request = r,
                      .space = r->space,
                      .address = page << PAGE_SHIFT,
                      .page = page,
                      .access = access};
    unsigned code = fault_look_up(&f);
    bool tight = frames.used > frames.tight;

    if (unlikely(tight) && !code)
        code = fault_make_room(&f);
    if (!code)
        code = fault_resolve(&f);
    if (unlikely(tight) && !code)
        hold_frame(r, f.frame);
    *frame = f.frame;
    *prot = f.prot;
    return code;
}

struct frame *fault_bring_first(struct space *space, const struct region *region, uint64_t page)
{
    uint64_t *slot = pages_slot(&space->pages, page);
    struct frame *frame;

    if (!slot || *slot || region->kind.object || !(region->kind.prot & VM_W) || space->watch ||
        frames.used > frames.tight || !anon_at_hand() || !(frame = frame_take_zeroed()))
        return NULL;
    counters.zero_fills++;
    space_map_new(space, page, slot, anon_create_at_hand(frame), frame, region->kind.prot);
    return frame;
}

static inline void fault_answer(struct request *r, const struct frame *frame, unsigned prot)
{
    r->answer.tag = MSG_MAP;
    r->answer.w[0] = (unsigned long)(uintptr_t)frame_memory(frame);
    r->answer.w[1] = r->m.w[0] & ~PAGE_MASK;
    r->answer.w[2] = 1;
    r->answer.w[3] = prot;
}

static inline void fault_begin(struct fault *f, struct request *r)
{
    f->request = r;
    f->space = r->space;
    f->address = r->m.w[0];
    f->page = r->m.w[0] >> PAGE_SHIFT;
    f->pc = r->m.w[1];
    f->access = (unsigned)MSG_LABEL(r->m.tag);
    f->pages = 1;
    f->code = 0;
}

/* The frames that the instruction needs: this one, and the one that it lies in. */
static SLOW void fault_hold(const struct fault *f)
{
    uint64_t slot = pages_get(&f->space->pages, f->pc >> PAGE_SHIFT);

    if (slot & SLOT_PROT)
        hold_frame(f->request, slot_frame(slot));
    if (f->frame->kind != FRAME_ZERO)
        hold_frame(f->request, f->frame);
}

/* Any fault. `region` and `slot` if they are known, else NULL. */
static SLOW enum outcome fault_any(struct request *r, struct region *region, uint64_t *slot)
{
    struct fault f;

    fault_begin(&f, r);
    f.region = region;
    f.slot = slot;
    counters.faults++;
    if (unlikely(!f.space)) { /* a task was given a right of ours as its pager that is no space */
        f.code = VM_FAULT_MAPERR;
        return fault_refuse(r, &f);
    }
    f.space->faults++;
    if (unlikely(f.space->watch && f.page == f.space->refuse))
        f.code = VM_FAULT_MAPERR;
    else if (!slot)
        f.code = fault_look_up(&f);
    bool tight = frames.used > frames.tight;
    if (unlikely(tight) && !f.code)
        f.code = fault_make_room(&f);
    if (!f.code)
        f.code = fault_resolve(&f);
    if (unlikely(f.code == VM_FAULT_NOMEM) && !f.space->doomed && reclaim_free() == 0)
        f.code =
            FAULT_WAIT; /* the kernel gave less than it promised: next time something will go */
    if (unlikely(f.code))
        return f.code == FAULT_WAIT ? fault_wait(&f) : fault_refuse(r, &f);
    if (unlikely(tight))
        fault_hold(&f);
    fault_answer(r, f.frame, f.prot);
    if (f.space->around > 1 && !f.space->refs)
        fault_around(r, &f);
    counters.mapped += f.pages;
    if (unlikely(f.space->watch))
        watcher.answer(&f);
    return DONE;
}

/* A fault that went the shortest way: neighbours. */
static SLOW enum outcome fault_go_on(struct request *r, struct region *region, uint64_t *slot,
                                     struct frame *frame, unsigned action)
{
    struct fault f;

    fault_begin(&f, r);
    f.region = region;
    f.slot = slot;
    f.frame = frame;
    f.prot = (unsigned)r->answer.w[3];
    f.action = (uint8_t)action;
    fault_around(r, &f);
    counters.mapped += f.pages - 1;
    return DONE;
}

/* The shortest way's end: the slot is empty, and will show this frame. */
static inline void fault_new(struct request *r, struct frame *frame, unsigned prot)
{
    counters.faults++;
    counters.mapped++;
    r->space->faults++;
    fault_answer(r, frame, prot);
}

/* A first write, everything at hand. */
static inline __attribute__((always_inline)) enum outcome
fault_new_write(struct request *r, struct region *region, uint64_t *slot, struct frame *frame)
{
    struct space *space = r->space;

    space_map_new(space, r->m.w[0] >> PAGE_SHIFT, slot, anon_create_at_hand(frame), frame,
                  region->kind.prot);
    counters.zero_fills++;
    fault_new(r, frame, region->kind.prot);
    return space->around > 1 ? fault_go_on(r, region, slot, frame, PAGER_DID_ZERO) : DONE;
}

/* Not everything is, or not yet. */
static SLOW enum outcome fault_not_at_hand(struct request *r, struct region *region, uint64_t *slot)
{
    struct frame *frame = anon_at_hand() ? zero_take_slow(true) : NULL;

    return frame ? fault_new_write(r, region, slot, frame) : fault_any(r, region, slot);
}

/* The first read of a page of an object that is in the cache, and will not be written through this map. */
static SLOW enum outcome fault_cached(struct request *r, struct region *region, uint64_t *slot)
{
    const struct object *object = region->kind.object;
    uint64_t page = r->m.w[0] >> PAGE_SHIFT;
    unsigned prot = region->kind.prot & ~VM_W;
    bool shared = region->kind.flags & REGION_SHARED && region->kind.prot & VM_W;
    struct frame *frame = shared || MSG_LABEL(r->m.tag) == ACCESS_WRITE
                              ? NULL
                              : cache_find_ready(object, region_index(region, page));

    if (!frame || frame->flags & FRAME_AHEAD || r->waited ||
        space_map(r->space, page, slot, slot_of_frame(frame), prot) < 0)
        return fault_any(r, region, slot);
    fault_new(r, frame, prot);
    return r->space->around > 1 ? fault_go_on(r, region, slot, frame, PAGER_DID_CACHE) : DONE;
}

/* The shortest way: the first access to an anonymous page, near the last fault, with everything at hand.
 * It does what the stages would, and calls nobody, so it saves no registers. All else is fault_any's. */
enum outcome fault_handle(struct request *r)
{
    struct space *space = r->space;
    struct region *region = space ? space->regions.last : NULL;
    uint64_t address = r->m.w[0], page = address >> PAGE_SHIFT;
    unsigned access = (unsigned)MSG_LABEL(r->m.tag);

    if (unlikely(!region || address - region->start >= region->end - region->start ||
                 page >> PAGES_BITS != space->pages.leaf_page || space->watch ||
                 access & ~region->kind.prot || frames.used > frames.tight))
        return fault_any(r, NULL, NULL);
    uint64_t *slot = pages_slot(&space->pages, page);
    if (*slot)
        return fault_any(r, region, slot);
    if (region->kind.object)
        return fault_cached(r, region, slot);
    if (access == ACCESS_WRITE) {
        struct frame *frame = frames.zeroed;
        if (unlikely(!frame || !anon_at_hand()))
            return fault_not_at_hand(r, region, slot);
        frames.zeroed = frame->next;
        frames.zeroed_count--;
        return fault_new_write(r, region, slot, frame);
    }
    unsigned prot = region->kind.prot & ~VM_W;
    space_map_zero(space, slot, prot);
    fault_new(r, frames.zero, prot);
    return DONE;
}
