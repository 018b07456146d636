/* SPDX-License-Identifier: MIT
 *
 * The mmap family and brk. Errors are POSIX's where it names one, else Linux's. A change of mapped
 * pages goes with the answer; frames that become free stay in limbo until it is taken.
 *
 * Overcommit: mappings are promises. What is refused, with ENOMEM, is a single private writable
 * mapping of more pages than there are frames (MAP_NORESERVE and MAP_STACK lift it), a heap of more,
 * and metadata beyond the space's limit. A promise that cannot be kept ends the program that
 * touches the page (VM_FAULT_NOMEM), nobody else. */
#include "user/pager/calls.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "user/pager/space.h"

/* Linux's values, until <sys/mman.h> has them. */
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0x4000
#endif
#ifndef MAP_STACK
#define MAP_STACK 0x20000
#endif
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/* A range given by a program: 0, and *end, or -EINVAL; length 0 is left to the caller. */
static int range_check(uint64_t address, uint64_t length, uint64_t *end)
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

static void visit_unmap(void *context, uint64_t page, uint64_t *slot)
{
    struct change *change = context;

    if (*slot & SLOT_PROT) {
        if (change->end == 0)
            change->first = page;
        change->end = page + 1;
    }
    space_release(change->space, page, slot);
}

/* Empties a range; what region_remove_needs says is reserved. */
static void unmap(struct request *r, uint64_t start, uint64_t end)
{
    struct change change = {.r = r, .space = r->space};

    region_remove(&r->space->regions, start, end);
    pages_each(&r->space->pages, start >> PAGE_SHIFT, end >> PAGE_SHIFT, visit_unmap, &change);
    if (change.end)
        answer_change(r, VM_UNMAP, change.first, change.end - change.first, 0);
}

/* A mapped page gets the new protection at once, as far as it may: what is shared stays read-only. */
static void visit_protect(void *context, uint64_t page, uint64_t *slot)
{
    struct change *change = context;
    uint64_t prot = change->prot, old = *slot & SLOT_PROT;

    if (old == 0)
        return;
    bool shared =
        !(*slot & SLOT_ANON) || ((struct anon *)(uintptr_t)(*slot & SLOT_POINTER))->refs > 1;
    if (shared)
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
    uint8_t prot;
};

static int mmap_check(const struct request *r, struct mmap_arguments *a)
{
    uint64_t flags = r->m.w[2] >> 8, prot = r->m.w[2] & 0xff, end;

    a->address = r->m.w[0];
    a->length = (r->m.w[1] + PAGE_MASK) & ~PAGE_MASK;
    a->flags = (unsigned)flags;
    a->prot = normal_prot(prot);
    if (r->m.w[1] == 0 || prot & ~SLOT_PROT || r->m.w[3] & PAGE_MASK ||
        !(flags & MAP_SHARED) == !(flags & MAP_PRIVATE))
        return -EINVAL;
    if (!(flags & MAP_ANONYMOUS))
        return -ENODEV; /* no files yet */
    if (a->length < r->m.w[1] || a->length > USER_MAX)
        return -ENOMEM;
    if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
        if (a->address & PAGE_MASK)
            return -EINVAL;
        if (a->address < USER_MIN || range_check(a->address, a->length, &end) < 0)
            return -ENOMEM;
    }
    if (a->prot & VM_W && !(flags & (MAP_NORESERVE | MAP_STACK)) &&
        a->length >> PAGE_SHIFT > frames.limit)
        return -ENOMEM;
    return 0;
}

/* Where to: the address asked for if it is a hint and free, else the highest place. 0: nowhere. */
static uint64_t mmap_place(struct space *space, const struct mmap_arguments *a)
{
    uint64_t hint = a->address & ~PAGE_MASK, end;

    if (hint >= USER_MIN && range_check(hint, a->length, &end) == 0 &&
        region_is_free(&space->regions, hint, end))
        return hint;
    return region_gap(&space->regions, a->length, USER_MIN, MMAP_TOP);
}

enum outcome calls_mmap(struct request *r)
{
    struct space *space = r->space;
    struct mmap_arguments a;
    int error = mmap_check(r, &a);

    if (error)
        return answer_errno(r, error);
    if (region_reserve(&space->regions, REGION_REMOVE_NEEDS + REGION_INSERT_NEEDS) < 0)
        return answer_errno(r, -ENOMEM);
    uint64_t start = a.address;
    if (!(a.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))) {
        start = mmap_place(space, &a);
        if (!start)
            return answer_errno(r, -ENOMEM);
    }
    r->answer.tag = 0;
    if (!region_is_free(&space->regions, start, start + a.length)) {
        if (a.flags & MAP_FIXED_NOREPLACE)
            return answer_errno(r, -EEXIST);
        unmap(r, start, start + a.length);
    }
    region_insert(
        &space->regions, start, start + a.length,
        (struct region_kind){.prot = a.prot, .flags = a.flags & MAP_SHARED ? REGION_SHARED : 0});
    r->answer.w[0] = start;
    return DONE;
}

enum outcome calls_munmap(struct request *r)
{
    uint64_t start = r->m.w[0], end;

    if (r->m.w[1] == 0 || range_check(start, r->m.w[1], &end) < 0)
        return answer_errno(r, -EINVAL);
    if (region_reserve(&r->space->regions, region_remove_needs(&r->space->regions, start, end)) < 0)
        return answer_errno(r, -ENOMEM);
    r->answer.tag = 0;
    unmap(r, start, end);
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
    if (range_check(start, r->m.w[1], &end) < 0 || !region_covers(regions, start, end))
        return answer_errno(r, -ENOMEM);
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

    if (wish == 0)
        return answer_word(r, space->brk);
    if (space->brk_start == 0 || wish < space->brk_start || wish > USER_MAX ||
        (new - space->brk_start) >> PAGE_SHIFT > frames.limit)
        return answer_errno(r, -ENOMEM);
    if (new > old && !region_is_free(&space->regions, old, new))
        return answer_errno(r, -ENOMEM);
    unsigned needs = new > old   ? REGION_INSERT_NEEDS
                     : new < old ? region_remove_needs(&space->regions, new, old)
                                 : 0;
    if (region_reserve(&space->regions, needs) < 0)
        return answer_errno(r, -ENOMEM);
    r->answer.tag = 0;
    if (new < old)
        unmap(r, new, old);
    else if (new > old)
        region_insert(&space->regions, old, new,
                      (struct region_kind){.prot = VM_R | VM_W, .flags = REGION_HEAP});
    space->brk = wish;
    r->answer.w[0] = wish;
    return DONE;
}

/* a2 address, a3 length; a byte a page into `out`, a5 bytes of it */
enum outcome calls_mincore(struct request *r)
{
    uint64_t start = r->m.w[0], end;
    uint8_t resident[512];

    if (start & PAGE_MASK)
        return answer_errno(r, -EINVAL);
    if (range_check(start, r->m.w[1], &end) < 0 ||
        (end > start && !region_covers(&r->space->regions, start, end)))
        return answer_errno(r, -ENOMEM);
    uint64_t page = start >> PAGE_SHIFT, left = (end - start) >> PAGE_SHIFT, done = 0;
    if (left > r->m.w[3])
        return answer_errno(r, -EINVAL);
    while (left > 0) {
        uint64_t n = left < sizeof(resident) ? left : sizeof(resident);
        for (uint64_t i = 0; i < n; i++)
            resident[i] = pages_get(&r->space->pages, page + i) != 0;
        int error = request_copy(r, COPY_OUT, done, resident, n);
        if (error)
            return error < 0 ? answer_errno(r, error) : DONE;
        done += n;
        page += n;
        left -= n;
    }
    return answer_errno(r, 0);
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
