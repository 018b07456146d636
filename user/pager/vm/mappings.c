/* SPDX-License-Identifier: MIT
 *
 * Changes through the reverse map. See mappings.h. */
#include "user/pager/vm/mappings.h"
#include "user/pager/vm/space.h"

/* UNMAP of every mapping, or PROTECT of those that are writable. */
static void change_all(const struct frame *frame, unsigned op)
{
    static struct vm_op ops[MSG_MAX_ITEMS]; /* all of one space */
    const struct space *space = NULL;
    unsigned n = 0;

    for (const struct mapping *m = &frame->first; m; m = m->next) {
        uint64_t prot = m->space ? *pages_at(&m->space->pages, m->page) & SLOT_PROT : 0;
        if (!m->space || (op == VM_PROTECT && !(prot & VM_W)))
            continue;
        if (n == MSG_MAX_ITEMS || (n > 0 && m->space != space)) {
            space_vm(space->badge, ops, n);
            n = 0;
        }
        space = m->space;
        ops[n++] = (struct vm_op){.dst = m->page << PAGE_SHIFT,
                                  .count = 1,
                                  .op = (uint8_t)op,
                                  .prot = op == VM_PROTECT ? (uint8_t)(prot & ~VM_W) : 0};
    }
    if (n > 0)
        space_vm(space->badge, ops, n);
}

void mappings_remove(struct frame *frame)
{
    if (frame->mapped)
        change_all(frame, VM_UNMAP);
    while (frame->mapped) { /* records first: each is gone after its visit */
        const struct mapping *m = frame->first.next ? frame->first.next : &frame->first;
        uint64_t page = m->page;
        pages_each(&m->space->pages, page, page + 1, space_visit_unmap, m->space);
    }
}

void mappings_write_protect(struct frame *frame)
{
    change_all(frame, VM_PROTECT);
    for (const struct mapping *m = &frame->first; m; m = m->next)
        if (m->space)
            *pages_at(&m->space->pages, m->page) &= ~(uint64_t)VM_W;
}
