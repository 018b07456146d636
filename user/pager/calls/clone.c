/* SPDX-License-Identifier: MIT
 *
 * CLONE: a second space that means the same as the first, for fork. Regions are copied, objects are
 * shared, private pages are shared by reference and from now on read-only in both: whoever writes one
 * first gets a copy (fault_private in fault.c), whoever is left alone with one writes it as it is.
 * Nothing is mapped in the new space; it faults in what it touches. Must not know how pages are
 * found or copied. */
#include <abi/msg.h>
#include <errno.h>
#include <string.h>
#include "user/pager/base/watcher.h"
#include "user/pager/calls/calls.h"
#include "user/pager/vm/answer.h"
#include "user/pager/vm/space.h"

struct clone {
    struct request *r;
    struct space *to;
    bool failed;
};

/* One page of the old space. What is mapped but stays as it is must not fall into an item that
 * protects its neighbours. */
static void visit_clone(void *context, uint64_t page, uint64_t *slot)
{
    struct clone *clone = context;
    uint64_t value = *slot, *copy;

    if (clone->failed)
        return;
    if (!(value & SLOT_ANON)) {
        answer_apart(clone->r);
        return;
    }
    copy = pages_slot(&clone->to->pages, page);
    if (!copy) {
        clone->failed = true;
        return;
    }
    pages_fill(&clone->to->pages, copy, value & ~SLOT_PROT);
    ((struct anon *)(uintptr_t)(value & SLOT_POINTER))->refs++;
    if (value & VM_W) {
        *slot = value & ~(uint64_t)VM_W;
        answer_change(clone->r, VM_PROTECT, page, 1, (unsigned)(value & SLOT_PROT & ~VM_W));
    } else if (value & SLOT_PROT) {
        answer_apart(clone->r);
    }
}

enum outcome calls_clone(struct request *r)
{
    struct clone clone = {.r = r};
    struct space *from = r->space;
    int error = space_create(from, &clone.to, &r->give);

    if (error)
        return answer_errno(r, error);
    struct space *to = clone.to;
    r->answer.tag = 0;
    clone.failed = region_copy(&to->regions, &from->regions) < 0;
    if (!clone.failed)
        pages_each(&from->pages, 0, USER_TOP >> PAGE_SHIFT, visit_clone, &clone);
    if (clone.failed) { /* its right goes with the answer's end, and then it is emptied, too */
        answer_flush(r);
        space_clear(to);
        sys_close(r->give);
        r->give = HANDLE_NONE;
        return answer_errno(r, -ENOMEM);
    }
    region_flag_all(&to->regions, REGION_LOCKED, 0); /* POSIX: locks are not inherited */
    to->brk_start = from->brk_start;
    to->brk = from->brk;
    to->around = from->around;
    memcpy(to->name, from->name, sizeof(to->name));
    RECORD(~0u, TRACE_SPACE, to->badge);
    r->answer.w[0] = to->badge;
    return DONE;
}
