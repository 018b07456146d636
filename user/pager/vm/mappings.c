/* SPDX-License-Identifier: MIT
 *
 * Changes through the reverse map. See mappings.h. */
#include "user/pager/vm/mappings.h"
#include <octavo/syscall.h>
#include "user/pager/vm/space.h"

static struct vm_op ops[MSG_MAX_ITEMS];
static uint8_t was[MSG_MAX_ITEMS];

/* The first n ops, all of one space. Returns VM_WAS_* of all. */
static unsigned change_space(const struct space *space, unsigned n)
{
    unsigned all = 0;

    if (n == 0)
        return 0;
    unsigned long done = space_vm(space->badge, ops, n);
    for (unsigned i = 0; i < done; i++)
        all |= was[i];
    return all;
}

/* UNMAP of every mapping, or PROTECT of those that are writable. */
static unsigned change_all(const struct frame *frame, unsigned op)
{
    const struct space *space = NULL;
    unsigned n = 0, all = 0;

    for (const struct mapping *m = &frame->first; m; m = m->next) {
        uint64_t prot = m->space ? *pages_at(&m->space->pages, m->page) & SLOT_PROT : 0;
        if (!m->space || (op == VM_PROTECT && !(prot & VM_W)))
            continue;
        if (n == MSG_MAX_ITEMS || (n > 0 && m->space != space)) {
            all |= change_space(space, n);
            n = 0;
        }
        space = m->space;
        was[n] = 0;
        ops[n] = (struct vm_op){.dst = m->page << PAGE_SHIFT,
                                .count = 1,
                                .op = (uint8_t)op,
                                .prot = op == VM_PROTECT ? (uint8_t)(prot & ~VM_W) : 0,
                                .out = (uint64_t)(uintptr_t)&was[n]};
        n++;
    }
    return all | change_space(space, n);
}

unsigned mappings_remove(struct frame *frame)
{
    unsigned all = frame->mapped ? change_all(frame, VM_UNMAP) : 0;

    while (frame->mapped) { /* records first: each is gone after its visit */
        const struct mapping *m = frame->first.next ? frame->first.next : &frame->first;
        uint64_t page = m->page;
        pages_each(&m->space->pages, page, page + 1, space_visit_unmap, m->space);
    }
    return all;
}

void mappings_write_protect(struct frame *frame)
{
    change_all(frame, VM_PROTECT);
    for (const struct mapping *m = &frame->first; m; m = m->next)
        if (m->space)
            *pages_at(&m->space->pages, m->page) &= ~(uint64_t)VM_W;
}
