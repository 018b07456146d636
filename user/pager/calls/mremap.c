/* SPDX-License-Identifier: MIT
 *
 * mremap: a mapping gets another size, in place or elsewhere. Regions are moved as what they mean,
 * private pages with their slots; nothing is copied, and what has moved is faulted in again. Errors are
 * Linux's, whose call it is. Must not know what a page holds. */
#define _GNU_SOURCE
#include <abi/msg.h>
#include <errno.h>
#include <sys/mman.h>
#include "user/pager/calls/calls.h"
#include "user/pager/vm/answer.h"
#include "user/pager/vm/object.h"
#include "user/pager/vm/space.h"

struct remap {
    uint64_t old, old_end; /* what is there now, pages wholly */
    uint64_t new, new_end;
    unsigned flags;
    struct region_kind kind; /* what `old` means */
};

/* a2 old address, a3 old length, a4 new length, a5 new address | flags */
static int remap_check(const struct request *r, struct remap *m)
{
    uint64_t old_length = (r->m.w[1] + PAGE_MASK) & ~PAGE_MASK;
    uint64_t new_length = (r->m.w[2] + PAGE_MASK) & ~PAGE_MASK;
    struct region *region;

    m->flags = (unsigned)(r->m.w[3] & PAGE_MASK);
    m->new = r->m.w[3] & ~PAGE_MASK;
    m->old = r->m.w[0];
    if (m->flags & ~(unsigned)(MREMAP_MAYMOVE | MREMAP_FIXED) ||
        (m->flags & (MREMAP_MAYMOVE | MREMAP_FIXED)) == MREMAP_FIXED || m->old & PAGE_MASK ||
        r->m.w[2] == 0 || old_length == 0 || mmap_range(m->old, old_length, &m->old_end) < 0)
        return -EINVAL;
    if (new_length < r->m.w[2] || new_length > USER_MAX)
        return m->flags & MREMAP_FIXED ? -EINVAL : -ENOMEM;
    if (m->flags & MREMAP_FIXED) {
        if (m->new < USER_MIN || mmap_range(m->new, new_length, &m->new_end) < 0 ||
            (m->new < m->old_end && m->old < m->new_end))
            return -EINVAL;
    } else {
        m->new = m->old;
        m->new_end = m->old + new_length;
    }
    region = region_find(&r->space->regions, m->old);
    if (!region || region->end < m->old_end)
        return -EFAULT;
    m->kind = region->kind;
    m->kind.offset += m->old - region->start;
    m->kind.flags &= (uint16_t) ~(REGION_HEAP | REGION_GROWS);
    if (new_length <= m->old_end - m->old)
        return 0;
    if (!mmap_may_promise(&m->kind, new_length))
        return -ENOMEM;
    return mmap_may_lock(r->space, &m->kind, new_length - (m->old_end - m->old)) ? 0 : -EAGAIN;
}

/* Where to, when it cannot grow where it is: 0 or -ENOMEM. */
static int remap_place(struct space *space, struct remap *m)
{
    uint64_t length = m->new_end - m->old;

    if (!(m->flags & MREMAP_MAYMOVE))
        return -ENOMEM;
    m->new = region_gap(&space->regions, length, USER_MIN, MMAP_TOP);
    m->new_end = m->new + length;
    return m->new ? 0 : -ENOMEM;
}

/* The range right behind, with the meaning that goes on there. */
static void remap_grow(struct space *space, struct remap *m)
{
    m->kind.offset += m->old_end - m->old;
    region_insert(&space->regions, m->old_end, m->new_end, m->kind);
}

struct move {
    struct request *r;
    int64_t distance;    /* pages */
    uint64_t first, end; /* pages that were mapped lie in here */
};

static void visit_move(void *context, uint64_t page, uint64_t *slot)
{
    struct move *move = context;
    struct space *space = move->r->space;
    uint64_t *to;

    if (*slot & SLOT_PROT) {
        if (move->end == 0)
            move->first = page;
        move->end = page + 1;
        space_unmap(space, page, slot);
    }
    if (*slot) {
        to = pages_slot(&space->pages, page + (uint64_t)move->distance);
        PAGER_CHECK(to != NULL); /* pages_reserve */
        pages_fill(&space->pages, to, *slot);
        *slot = 0;
    }
}

static int remap_move(struct request *r, struct remap *m)
{
    struct space *space = r->space;
    struct move move = {.r = r, .distance = (int64_t)(m->new - m->old) >> PAGE_SHIFT};
    uint64_t stays = m->old + (m->new_end - m->new); /* beyond it, it is cut off */

    if (stays > m->old_end)
        stays = m->old_end;
    if (pages_reserve(&space->pages, m->old >> PAGE_SHIFT, stays >> PAGE_SHIFT) < 0)
        return -ENOMEM;
    if (region_reserve(&space->regions, 2 * REGION_REMOVE_NEEDS + REGION_INSERT_NEEDS) < 0) {
        pages_unreserve(&space->pages);
        return -ENOMEM;
    }
    if (m->flags & MREMAP_FIXED)
        mmap_unmap(r, m->new, m->new_end);
    if (stays < m->old_end)
        mmap_discard(r, stays, m->old_end);
    pages_each(&space->pages, m->old >> PAGE_SHIFT, stays >> PAGE_SHIFT, visit_move, &move);
    pages_unreserve(&space->pages);
    if (move.end) {
        answer_apart(r);
        answer_change(r, VM_UNMAP, move.first, move.end - move.first, 0);
    }
    if (m->kind.object)
        object_ref(m->kind.object); /* else it might go with the old region */
    region_remove(&space->regions, m->old, m->old_end);
    region_insert(&space->regions, m->new, m->new_end, m->kind);
    if (m->kind.object)
        object_unref(m->kind.object);
    return 0;
}

enum outcome calls_mremap(struct request *r)
{
    struct space *space = r->space;
    struct remap m;
    int error = remap_check(r, &m);

    r->answer.tag = 0;
    if (error)
        return answer_errno(r, error);
    if (m.flags & MREMAP_FIXED) {
        error = remap_move(r, &m);
    } else if (m.new_end < m.old_end) {
        error = region_reserve(&space->regions,
                               region_remove_needs(&space->regions, m.new_end, m.old_end));
        if (!error)
            mmap_unmap(r, m.new_end, m.old_end);
    } else if (m.new_end > m.old_end) {
        if (m.new_end <= USER_MAX && region_is_free(&space->regions, m.old_end, m.new_end)) {
            error = region_reserve(&space->regions, REGION_INSERT_NEEDS);
            if (!error)
                remap_grow(space, &m);
        } else {
            error = remap_place(space, &m);
            if (!error)
                error = remap_move(r, &m);
        }
    }
    if (error)
        return answer_errno(r, error);
    r->answer.w[0] = m.new;
    r->answer.w[1] = (m.kind.flags & REGION_LOCKED) != 0;
    return DONE;
}
