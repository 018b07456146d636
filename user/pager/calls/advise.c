/* SPDX-License-Identifier: MIT
 *
 * What programs say about memory they have: madvise, mlock, msync, and what of it is there. Errors are
 * POSIX's where it names one, else Linux's. A hole in a range is ENOMEM; madvise deals with what is
 * around it first, as Linux does. Must not know how a page comes to be: calls_populate asks fault.c. */
#define _GNU_SOURCE
#include <abi/msg.h>
#include <errno.h>
#include <sys/mman.h>
#include "user/pager/base/watcher.h"
#include "user/pager/calls/calls.h"
#include "user/pager/calls/fault.h"
#include "user/pager/evict/reclaim.h"
#include "user/pager/vm/answer.h"
#include "user/pager/vm/object.h"
#include "user/pager/vm/space.h"

/* a2 address, a3 length: 0 and *end, or an errno: the address is aligned, the range no longer than
 * a space. */
static int advise_range(const struct request *r, uint64_t *end)
{
    return r->m.w[0] & PAGE_MASK                       ? -EINVAL
           : mmap_range(r->m.w[0], r->m.w[1], end) < 0 ? -ENOMEM
                                                       : 0;
}

/* The same, and a hole in the range is -ENOMEM. */
static int advise_covered(const struct request *r, uint64_t *end)
{
    int error = advise_range(r, end);

    if (error || *end == r->m.w[0])
        return error;
    return region_covers(&r->space->regions, r->m.w[0], *end) ? 0 : -ENOMEM;
}

/* The part of [*start, end) that lies in the first region there, or NULL; *start moves to it. */
static struct region *next_part(struct request *r, uint64_t *start, uint64_t end,
                                uint64_t *part_end)
{
    struct region *region = region_from(&r->space->regions, *start);

    if (*start >= end || !region || region->start >= end)
        return NULL;
    if (*start < region->start)
        *start = region->start;
    *part_end = region->end < end ? region->end : end;
    return region;
}

/* --- mincore --- */

static bool is_resident(struct request *r, uint64_t page)
{
    uint64_t slot = pages_get(&r->space->pages, page);

    if (slot & SLOT_ANON)
        return slot_frame(slot) != NULL;
    if (slot)
        return true;
    struct region *region = region_find(&r->space->regions, page << PAGE_SHIFT);
    const struct object *object = region ? region->kind.object : NULL;
    if (!object)
        return false;
    const struct frame *frame = object->ops->find(object, region_index(region, page));
    return frame && frame->state != FRAME_READING;
}

/* A byte a page into `out`, a5 bytes of it. */
enum outcome calls_mincore(struct request *r)
{
    uint64_t start = r->m.w[0], end;
    uint8_t resident[512];
    int error = advise_covered(r, &end);

    if (error)
        return answer_errno(r, error);
    uint64_t page = start >> PAGE_SHIFT, left = (end - start) >> PAGE_SHIFT, done = 0;
    if (left > r->m.w[3])
        return answer_errno(r, -EINVAL);
    while (left > 0) {
        uint64_t n = left < sizeof(resident) ? left : sizeof(resident);
        for (uint64_t i = 0; i < n; i++)
            resident[i] = is_resident(r, page + i);
        error = request_copy(r, COPY_OUT, done, resident, n);
        if (error)
            return error < 0 ? answer_errno(r, error) : DONE;
        done += n;
        page += n;
        left -= n;
    }
    return answer_errno(r, 0);
}

/* --- madvise --- */

static int advice_check(struct request *r, uint64_t start, uint64_t end)
{
    uint64_t advice = r->m.w[2], part_end;
    struct region *region;

    switch (advice) {
    case MADV_NORMAL:
    case MADV_RANDOM:
    case MADV_SEQUENTIAL: /* may split a region at either end */
        return region_reserve(&r->space->regions, REGION_PROTECT_NEEDS);
    case MADV_WILLNEED:
        return 0;
    case MADV_DONTNEED:
    case MADV_FREE:
        for (; (region = next_part(r, &start, end, &part_end)) != NULL; start = part_end)
            if (region->kind.flags & REGION_LOCKED ||
                (advice == MADV_FREE &&
                 (region->kind.object || region->kind.flags & REGION_SHARED)))
                return -EINVAL;
        return 0;
    default:
        return -EINVAL;
    }
}

static void will_need(const struct region *region, uint64_t start, uint64_t end)
{
    struct object *object = region->kind.object;

    if (object && object->ops->advise)
        object->ops->advise(object, region_index(region, start >> PAGE_SHIFT),
                            (end - start) >> PAGE_SHIFT, OBJECT_WILL_NEED);
}

static void advise_part(struct request *r, uint64_t start, uint64_t end)
{
    const uint16_t both = REGION_SEQUENTIAL | REGION_RANDOM;

    switch (r->m.w[2]) {
    case MADV_NORMAL:
        region_flag(&r->space->regions, start, end, both, 0);
        break;
    case MADV_RANDOM:
        region_flag(&r->space->regions, start, end, both, REGION_RANDOM);
        break;
    case MADV_SEQUENTIAL:
        region_flag(&r->space->regions, start, end, both, REGION_SEQUENTIAL);
        break;
    case MADV_DONTNEED: /* private pages are lost, an object's are only not shown any more */
    case MADV_FREE:     /* at once: nothing is gained by waiting until frames are short */
        mmap_discard(r, start, end);
        break;
    default: /* WILLNEED; what is in no file is brought when it is touched */
        will_need(region_find(&r->space->regions, start), start, end);
        break;
    }
}

/* a4 MADV_* */
enum outcome calls_madvise(struct request *r)
{
    uint64_t start = r->m.w[0], end, part_end;
    bool hole = false;
    int error = advise_range(r, &end);

    if (error)
        return answer_errno(r, error == -ENOMEM ? -EINVAL : error);
    error = advice_check(r, start, end);
    if (error)
        return answer_errno(r, error);
    RECORD(PAGER_RECORD_EVENTS, TRACE_HINT, r->space->badge, start, end - start, r->m.w[2]);
    r->answer.tag = 0;
    for (uint64_t at = start; at < end; at = part_end) {
        if (!next_part(r, &at, end, &part_end)) {
            hole = true;
            break;
        }
        hole |= at != start;
        advise_part(r, at, part_end);
        start = part_end;
    }
    r->answer.tag |= hole ? ENOMEM : 0;
    return DONE;
}

/* a4 MS_*. What is mapped is what read() sees, so there is nothing to invalidate; what a mapping has
 * changed is written to the file with all else that is dirty there. */
enum outcome calls_msync(struct request *r)
{
    uint64_t start = r->m.w[0], at = start, flags = r->m.w[2], end, part_end;
    struct region *region;
    int error = advise_covered(r, &end);

    if (flags & ~(uint64_t)(MS_ASYNC | MS_SYNC | MS_INVALIDATE) ||
        (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        return answer_errno(r, -EINVAL);
    if (error)
        return answer_errno(r, error);
    for (; flags & MS_INVALIDATE && (region = next_part(r, &at, end, &part_end)); at = part_end)
        if (region->kind.flags & REGION_LOCKED)
            return answer_errno(r, -EBUSY);
    for (at = start; (region = next_part(r, &at, end, &part_end)); at = part_end) {
        struct object *object = region->kind.object;
        if (!(region->kind.flags & REGION_SHARED) || !object || !object->ops->sync)
            continue;
        if (flags & MS_SYNC) {
            int wrong = object->ops->sync(r, object);
            if (wrong > 0)
                return WAIT;
            error = wrong ? wrong : error;
        } else {
            object->ops->flush(object);
        }
    }
    return answer_errno(r, error);
}

/* --- mlock --- */

/* a4 1 = lock, 0 = unlock. What is locked is brought in by calls_populate, called by the library. */
enum outcome calls_mlock(struct request *r)
{
    struct region_tree *regions = &r->space->regions;
    struct region_kind locked = {.flags = REGION_LOCKED};
    uint64_t start = r->m.w[0], end, more = 0, part_end;
    struct region *region;
    int error = advise_covered(r, &end);

    if (error)
        return answer_errno(r, error);
    if (end == start)
        return answer_errno(r, 0);
    for (uint64_t at = start; (region = next_part(r, &at, end, &part_end)); at = part_end)
        more += region->kind.flags & (REGION_LOCKED | REGION_GROWS) ? 0 : part_end - at;
    if ((r->m.w[2] && !mmap_may_lock(r->space, &locked, more)) ||
        region_reserve(regions, REGION_PROTECT_NEEDS) < 0)
        return answer_errno(r, -ENOMEM);
    region_flag(regions, start, end, REGION_LOCKED, r->m.w[2] ? REGION_LOCKED : 0);
    return answer_errno(r, 0);
}

/* a2 MCL_*; 0 = unlock all. */
enum outcome calls_mlockall(struct request *r)
{
    struct region_tree *regions = &r->space->regions;
    struct region_kind locked = {.flags = REGION_LOCKED};
    uint64_t flags = r->m.w[0];

    if (flags & ~(uint64_t)(MCL_CURRENT | MCL_FUTURE))
        return answer_errno(r, -EINVAL);
    if (flags & MCL_CURRENT &&
        !mmap_may_lock(r->space, &locked, regions->bytes - STACK_BYTES - regions->locked))
        return answer_errno(r, -ENOMEM);
    r->space->lock_future = flags & MCL_FUTURE;
    if (flags & MCL_CURRENT || flags == 0)
        region_flag_all(regions, REGION_LOCKED, flags ? REGION_LOCKED : 0);
    return answer_errno(r, 0);
}

/* --- populate --- */

#define POPULATE_PAGES 512u /* looked at in one request: others have their turn then */
#define POPULATE_ITEMS 32u  /* mapped in one answer */

/* The access that makes the page what the program will want: private memory is made its own. */
static unsigned populate_access(const struct region_kind *kind)
{
    if (kind->prot & VM_W && !(kind->flags & REGION_SHARED))
        return ACCESS_WRITE;
    return kind->prot & VM_R ? ACCESS_READ : kind->prot & VM_X ? ACCESS_EXECUTE : 0;
}

/* One page, unless it is mapped already or nobody may touch it: 0 or VM_FAULT_*. */
static unsigned populate_page(struct request *r, const struct region *region, uint64_t page)
{
    unsigned access = populate_access(&region->kind), prot, code;
    struct frame *frame = NULL;

    if (!(region->kind.flags & (REGION_SHARED | REGION_GROWS)))
        frame = fault_bring_first(r->space, region, page);
    if (frame) {
        answer_map(r, frame, page, region->kind.prot);
        return 0;
    }
    uint64_t slot = pages_get(&r->space->pages, page);
    if (access == 0 || slot & access || r->space->refs ||
        (region->kind.flags & REGION_GROWS && !slot))
        return 0;
    code = fault_bring(r, page, access, &frame, &prot);
    if (code == 0)
        answer_map(r, frame, page, prot);
    return code;
}

/* As many pages from the start of the range on as are good for one request. a2: bytes dealt with. Holes
 * are passed over. */
enum outcome calls_populate(struct request *r)
{
    uint64_t start = r->m.w[0], at = start, end, part_end;
    unsigned left = POPULATE_PAGES, code = 0;
    struct region *region;
    int error = advise_range(r, &end);

    if (error)
        return answer_errno(r, error);
    r->answer.tag = 0;
    while (at < end && left > 0 && (region = next_part(r, &at, end, &part_end)) != NULL) {
        for (; at < part_end && left > 0; at += PAGE_SIZE, left--) {
            if (answer_items(r) >= POPULATE_ITEMS)
                left = 1;
            if (reclaim_free() < FRAME_NEEDS && answer_items(r) > 0) {
                left = 0; /* what the answer maps must not be evicted before it is out */
                break;
            }
            code = populate_page(r, region, at >> PAGE_SHIFT);
            if (code)
                break;
        }
        if (code)
            break;
    }
    if (code == FAULT_WAIT && at == start)
        return WAIT;
    if (code && at == start)
        return answer_errno(r, code == VM_FAULT_NOMEM ? -ENOMEM : -EFAULT);
    r->answer.w[0] = (code || left == 0 ? at : end) - start;
    return DONE;
}
