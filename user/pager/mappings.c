/* SPDX-License-Identifier: MIT
 *
 * Changes through the reverse map. See mappings.h. */
#include "user/pager/mappings.h"
#include <errno.h>
#include <octavo/syscall.h>
#include "user/pager/space.h"

/* One page of a space; a space that nobody runs in (ENOENT) has no mappings. */
static void change(const struct space *space, struct vm_op op)
{
    long done = sys_vm(space_port, space->badge, (unsigned long)(uintptr_t)&op, 1, 0);

    PAGER_CHECK(done == 1 || done == -ENOENT);
}

static void visit_unmap(void *space, uint64_t page, uint64_t *slot)
{
    space_unmap(space, page, slot);
}

static void remove_one(struct space *space, uint64_t page)
{
    change(space, (struct vm_op){.dst = page << PAGE_SHIFT, .count = 1, .op = VM_UNMAP});
    pages_each(&space->pages, page, page + 1, visit_unmap, space);
}

void mappings_remove(struct frame *frame)
{
    while (frame->first.next) /* records first: each is gone after its visit */
        remove_one(frame->first.next->space, frame->first.next->page);
    if (frame->first.space)
        remove_one(frame->first.space, frame->first.page);
    PAGER_ASSERT(frame->mapped == 0);
}

static void visit_protect(void *context, uint64_t page, uint64_t *slot)
{
    const struct space *space = context;

    if (!(*slot & VM_W))
        return;
    *slot &= ~(uint64_t)VM_W;
    change(space, (struct vm_op){.dst = page << PAGE_SHIFT,
                                 .count = 1,
                                 .op = VM_PROTECT,
                                 .prot = (uint8_t)(*slot & SLOT_PROT)});
}

void mappings_write_protect(struct frame *frame)
{
    for (struct mapping *at = &frame->first; at; at = at->next)
        if (at->space)
            pages_each(&at->space->pages, at->page, at->page + 1, visit_protect, at->space);
}
