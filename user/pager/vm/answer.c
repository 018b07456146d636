/* SPDX-License-Identifier: MIT
 *
 * Changes of address spaces that go with answers. See answer.h. */
#include "user/pager/vm/answer.h"
#include <errno.h>
#include "user/pager/base/port.h"
#include "user/pager/vm/space.h"

/* Absent pages between two changes that one item may span: the kernel looks at each. */
#define JOIN_ACROSS 8u
#define MAP_MOST 64u /* pages that one item of an answer may map (kernel/run/vm.c) */

/* Room for one more item; its place. */
static struct vm_op *answer_item(struct request *r)
{
    if (answer_items(r) == MSG_MAX_ITEMS)
        answer_flush(r);
    struct vm_op *item = &msg_page()->item[answer_items(r)];
    r->answer.tag += 1ul << MSG_ITEMS_SHIFT;
    return item;
}

void answer_change(struct request *r, unsigned op, uint64_t page, uint64_t count, unsigned prot)
{
    struct vm_op *item = msg_page()->item;
    unsigned long n = answer_items(r);
    bool apart = r->apart;

    r->apart = false;
    if (n > 0 && !apart && item[n - 1].op == op && item[n - 1].prot == prot &&
        page - (item[n - 1].dst >> PAGE_SHIFT) - item[n - 1].count <= JOIN_ACROSS) {
        item[n - 1].count = (uint32_t)(page + count - (item[n - 1].dst >> PAGE_SHIFT));
        return;
    }
    *answer_item(r) = (struct vm_op){.dst = page << PAGE_SHIFT,
                                     .count = (uint32_t)count,
                                     .op = (uint8_t)op,
                                     .prot = (uint8_t)prot};
}

void answer_map(struct request *r, const struct frame *frame, uint64_t page, unsigned prot)
{
    uint64_t src = (uint64_t)(uintptr_t)frame_memory(frame), dst = page << PAGE_SHIFT;
    struct vm_op *last = msg_page()->item + answer_items(r) - 1;

    if (answer_items(r) > 0 && last->op == VM_MAP && last->prot == prot && last->count < MAP_MOST &&
        src == last->src + ((uint64_t)last->count << PAGE_SHIFT) &&
        dst == last->dst + ((uint64_t)last->count << PAGE_SHIFT)) {
        last->count++;
        return;
    }
    *answer_item(r) =
        (struct vm_op){.src = src, .dst = dst, .count = 1, .op = VM_MAP, .prot = (uint8_t)prot};
}

void answer_undelivered(struct request *r, unsigned long done)
{
    struct vm_op *item = msg_page()->item;
    unsigned long n = answer_items(r);
    struct space *space = space_find(r->answer.badge);

    if (r->answer.tag & MSG_MAP) { /* the item was in the words */
        item[0] =
            (struct vm_op){.dst = r->answer.w[1], .count = (uint32_t)r->answer.w[2], .op = VM_MAP};
        n = 1;
    }
    for (unsigned long i = done; i < n; i++) {
        if (item[i].op != VM_MAP)
            continue;
        item[i].op = VM_UNMAP;
        uint64_t page = item[i].dst >> PAGE_SHIFT;
        if (space)
            pages_each(&space->pages, page, page + item[i].count, space_visit_unmap, space);
    }
    if (done < n)
        space_vm(r->answer.badge, item + done, n - done);
}

void answer_flush(struct request *r)
{
    unsigned long n = answer_items(r);
    long done =
        n ? sys_vm(port_handle, r->answer.badge, (unsigned long)(uintptr_t)msg_page()->item, n, 0)
          : 0;

    if (done != -ENOENT && done < (long)n)
        answer_undelivered(r, done < 0 ? 0 : (unsigned long)done);
    r->answer.tag -= n << MSG_ITEMS_SHIFT;
}
