/* SPDX-License-Identifier: MIT
 *
 * The mmap family and brk. Errors are POSIX's where it names one, else Linux's. A change of mapped
 * pages goes with the answer; frames that become free stay in limbo until it is taken.
 *
 * Overcommit: mappings are promises. What is refused, with ENOMEM, is a single private writable
 * mapping of more pages than there are frames and places in swap (MAP_NORESERVE and MAP_STACK lift it), a heap of more,
 * and metadata beyond the space's limit. When no frame can be had for a page that was
 * promised, the program that holds most ends, whoever touches the page (reclaim_kill_largest, in
 * user/pager/evict/reclaim.c). Only where the metadata for the page has no room it is the one that
 * touches it (VM_FAULT_NOMEM). */
#include <errno.h>
#include <proto/pager.h>
#include <sys/mman.h>
#include "user/pager/base/counters.h"
#include "user/pager/calls/calls.h"
#include "user/pager/names/description.h"
#include "user/pager/names/name.h"
#include "user/pager/vm/answer.h"
#include "user/pager/vm/shared.h"
#include "user/pager/vm/space.h"

int mmap_range(uint64_t address, uint64_t length, uint64_t *end)
{
    if (address & PAGE_MASK || length > USER_MAX || address > USER_MAX - length)
        return -EINVAL;
    *end = address + ((length + PAGE_MASK) & ~PAGE_MASK);
    return *end > USER_MAX ? -EINVAL : 0;
}

static uint8_t normal_prot(uint64_t prot)
{
    return (uint8_t)(prot & VM_W ? prot | VM_R : prot); /* write without read does not exist */
}

/* --- taking pages away and changing them --- */

struct change {
    struct request *r;
    struct space *space;
    uint8_t prot;
    uint64_t first, end; /* unmap: pages that were mapped lie in here */
};

#define UNMAP_GAP 512u /* pages: the kernel looks at each page table in a range, present or not */

static void unmap_range(struct change *change)
{
    if (change->end == 0)
        return;
    answer_apart(change->r);
    answer_change(change->r, VM_UNMAP, change->first, change->end - change->first, 0);
}

static void visit_unmap(void *context, uint64_t page, uint64_t *slot)
{
    struct change *change = context;

    if (*slot & SLOT_PROT) {
        if (page > change->end + UNMAP_GAP) {
            unmap_range(change);
            change->end = 0;
        }
        if (change->end == 0)
            change->first = page;
        change->end = page + 1;
    }
    space_release(change->space, page, slot);
}

void mmap_discard(struct request *r, uint64_t start, uint64_t end)
{
    struct change change = {.r = r, .space = r->space};

    space_note_peak(r->space);
    pages_each(&r->space->pages, start >> PAGE_SHIFT, end >> PAGE_SHIFT, visit_unmap, &change);
    unmap_range(&change);
}

void mmap_unmap(struct request *r, uint64_t start, uint64_t end)
{
    mmap_discard(r, start, end); /* first: an object may go with its last region */
    region_remove(&r->space->regions, start, end);
}

/* Pages that one mapping may promise: what can be kept, if nobody else had anything. */
static uint64_t promise_limit(void)
{
    return frames.limit + (uint64_t)counters.swap_slots;
}

bool mmap_may_promise(const struct region_kind *kind, uint64_t bytes)
{
    bool object = kind->flags & REGION_SHARED && kind->object;

    return !(kind->prot & VM_W) || kind->flags & REGION_OVERCOMMIT || object ||
           bytes >> PAGE_SHIFT <= promise_limit();
}

bool mmap_may_lock(const struct space *space, const struct region_kind *kind, uint64_t bytes)
{
    uint64_t pages = bytes >> PAGE_SHIFT;

    return !(kind->flags & REGION_LOCKED) ||
           ((space->regions.locked >> PAGE_SHIFT) + pages <= frames.limit / LOCK_SPACE &&
            (region_locked_all() >> PAGE_SHIFT) + pages <= frames.limit / LOCK_ALL);
}

/* A mapped page gets the new protection at once, as far as it may: what is shared, or the
 * same as in swap, stays read-only. */
static void visit_protect(void *context, uint64_t page, uint64_t *slot)
{
    struct change *change = context;
    uint64_t prot = change->prot, old = *slot & SLOT_PROT;

    if (old == 0)
        return;
    if (!(*slot & SLOT_ANON) || !anon_is_writable((struct anon *)(uintptr_t)(*slot & SLOT_POINTER)))
        prot &= ~(uint64_t)VM_W;
    if (prot == 0) {
        answer_change(change->r, VM_UNMAP, page, 1, 0);
        space_unmap(change->space, page, slot);
        return;
    }
    answer_change(change->r, VM_PROTECT, page, 1, (unsigned)prot);
    *slot = (*slot & ~SLOT_PROT) | prot;
}

/* --- the calls --- */

/* a2 address, a3 length, a4 prot | flags << 8, a5 offset */
struct mmap_arguments {
    uint64_t address, length;
    unsigned flags;
};

/* The open file that came as handle 0 becomes what is mapped. */
static int mmap_file(struct request *r, const struct mmap_arguments *a, struct region_kind *kind)
{
    bool above = r->work || r->handle[0] != HANDLE_NONE; /* not a right of this pager */
    const struct description *d = description_find(r->badge[0]);
    uint32_t flags = d ? d->flags : 0;

    if (MSG_HANDLES(r->m.tag) == 0)
        return -EBADF;
    if (above && !name_files->given)
        return -ENODEV;
    int error = above ? name_files->given(r, &flags) : d ? 0 : -EBADF;
    if (error)
        return error;
    if (!flags_can_read(flags))
        return -EACCES;
    if (a->flags & MAP_SHARED && !flags_can_write(flags) && kind->prot & VM_W)
        return -EACCES;
    if (a->flags & MAP_SHARED && above && kind->prot & VM_W)
        return -ENODEV;
    if (a->flags & MAP_SHARED && (above || !flags_can_write(flags)))
        kind->flags |= REGION_READ_ONLY;
    if (r->m.w[3] > FILE_SIZE_MAX || a->length > FILE_SIZE_MAX - r->m.w[3])
        return -EOVERFLOW;
    kind->object = above ? r->object : d->object;
    kind->offset = r->m.w[3];
    return 0;
}

/* 0, a negative errno, or 1: the request waits. */
static int mmap_check(struct request *r, struct mmap_arguments *a, struct region_kind *kind)
{
    uint64_t flags = r->m.w[2] >> 8, prot = r->m.w[2] & 0xff, end;

    a->address = r->m.w[0];
    a->length = (r->m.w[1] + PAGE_MASK) & ~PAGE_MASK;
    a->flags = (unsigned)flags;
    *kind = (struct region_kind){.prot = normal_prot(prot)};
    if (flags & MAP_SHARED)
        kind->flags |= REGION_SHARED;
    if (flags & (MAP_NORESERVE | MAP_STACK))
        kind->flags |= REGION_OVERCOMMIT;
    if (flags & MAP_LOCKED || r->space->lock_future)
        kind->flags |= REGION_LOCKED;
    if (r->m.w[1] == 0 || prot & ~SLOT_PROT || r->m.w[3] & PAGE_MASK ||
        !(flags & MAP_SHARED) == !(flags & MAP_PRIVATE))
        return -EINVAL;
    if (a->length < r->m.w[1] || a->length > USER_MAX)
        return -ENOMEM;
    int error = flags & MAP_ANONYMOUS ? 0 : mmap_file(r, a, kind);
    if (error)
        return error;
    if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
        if (a->address & PAGE_MASK)
            return -EINVAL;
        if (a->address < USER_MIN || mmap_range(a->address, a->length, &end) < 0)
            return -ENOMEM;
    }
    if (!mmap_may_promise(kind, a->length))
        return -ENOMEM;
    return mmap_may_lock(r->space, kind, a->length) ? 0 : -EAGAIN;
}

/* Where to: the address asked for if it is a hint and free, else the highest place. 0: nowhere. */
static uint64_t mmap_place(struct space *space, const struct mmap_arguments *a)
{
    uint64_t hint = a->address & ~PAGE_MASK, end;

    if (hint >= USER_MIN && mmap_range(hint, a->length, &end) == 0 &&
        region_is_free(&space->regions, hint, end))
        return hint;
    return region_gap(&space->regions, a->length, USER_MIN, MMAP_TOP);
}

enum outcome calls_mmap(struct request *r)
{
    struct space *space = r->space;
    struct mmap_arguments a;
    struct region_kind kind;
    int error = mmap_check(r, &a, &kind);

    if (error)
        return error > 0 ? WAIT : answer_errno(r, error);
    if (region_reserve(&space->regions, REGION_REMOVE_NEEDS + REGION_INSERT_NEEDS) < 0)
        return answer_errno(r, -ENOMEM);
    bool fixed = a.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE);
    uint64_t start = fixed ? a.address : mmap_place(space, &a);
    if (!start)
        return answer_errno(r, -ENOMEM);
    bool replaces = fixed && !region_is_free(&space->regions, start, start + a.length);
    if (replaces && a.flags & MAP_FIXED_NOREPLACE)
        return answer_errno(r, -EEXIST);
    if (kind.flags & REGION_SHARED && !kind.object) {
        kind.object = shared_create(space, a.length >> PAGE_SHIFT);
        if (!kind.object)
            return answer_errno(r, -ENOMEM);
    } else if (kind.object) {
        object_ref(kind.object);
    }
    r->answer.tag = 0;
    if (replaces)
        mmap_unmap(r, start, start + a.length);
    region_insert(&space->regions, start, start + a.length, kind);
    if (kind.object)
        object_unref(kind.object); /* the region has its own */
    r->answer.w[0] = start;
    r->answer.w[1] = (kind.flags & REGION_LOCKED) != 0;
    return DONE;
}

enum outcome calls_munmap(struct request *r)
{
    uint64_t start = r->m.w[0], end;

    if (r->m.w[1] == 0 || mmap_range(start, r->m.w[1], &end) < 0)
        return answer_errno(r, -EINVAL);
    if (region_reserve(&r->space->regions, region_remove_needs(&r->space->regions, start, end)) < 0)
        return answer_errno(r, -ENOMEM);
    r->answer.tag = 0;
    mmap_unmap(r, start, end);
    return DONE;
}

enum outcome calls_mprotect(struct request *r)
{
    struct region_tree *regions = &r->space->regions;
    struct change change = {.r = r, .space = r->space, .prot = normal_prot(r->m.w[2])};
    uint64_t start = r->m.w[0], end;

    if (r->m.w[2] & ~SLOT_PROT || start & PAGE_MASK)
        return answer_errno(r, -EINVAL);
    if (r->m.w[1] == 0)
        return answer_errno(r, 0);
    if (mmap_range(start, r->m.w[1], &end) < 0 || !region_covers(regions, start, end))
        return answer_errno(r, -ENOMEM);
    if (change.prot & VM_W)
        for (struct region *at = region_from(regions, start); at && at->start < end;
             at = region_next(at))
            if (at->kind.flags & REGION_READ_ONLY)
                return answer_errno(r, -EACCES);
    if (region_reserve(regions, region_protect_needs(regions, start, end)) < 0)
        return answer_errno(r, -ENOMEM);
    r->answer.tag = 0;
    region_protect(regions, start, end, change.prot);
    pages_each(&r->space->pages, start >> PAGE_SHIFT, end >> PAGE_SHIFT, visit_protect, &change);
    return DONE;
}

enum outcome calls_brk(struct request *r)
{
    struct space *space = r->space;
    uint64_t wish = r->m.w[0];
    uint64_t old = (space->brk + PAGE_MASK) & ~PAGE_MASK, new = (wish + PAGE_MASK) & ~PAGE_MASK;
    struct region_kind kind = {.prot = VM_R | VM_W, .flags = REGION_HEAP};

    if (space->lock_future)
        kind.flags |= REGION_LOCKED;
    if (wish == 0)
        return answer_word(r, space->brk);
    if (space->brk_start == 0 || wish < space->brk_start || wish > USER_MAX ||
        (new - space->brk_start) >> PAGE_SHIFT > promise_limit())
        return answer_errno(r, -ENOMEM);
    if (new > old &&
        (!region_is_free(&space->regions, old, new) || !mmap_may_lock(space, &kind, new - old)))
        return answer_errno(r, -ENOMEM);
    unsigned needs = new > old   ? REGION_INSERT_NEEDS
                     : new < old ? region_remove_needs(&space->regions, new, old)
                                 : 0;
    if (region_reserve(&space->regions, needs) < 0)
        return answer_errno(r, -ENOMEM);
    r->answer.tag = 0;
    if (new < old)
        mmap_unmap(r, new, old);
    else if (new > old)
        region_insert(&space->regions, old, new, kind);
    space->brk = wish;
    r->answer.w[0] = wish;
    r->answer.w[1] = new > old &&kind.flags &REGION_LOCKED;
    return DONE;
}

/* A new, empty space; its right goes to the caller alone. */
enum outcome calls_create(struct request *r)
{
    struct space *space;
    int error = space_create(r->space, &space, &r->give);

    if (error)
        return answer_errno(r, error);
    return answer_word(r, space->badge);
}
