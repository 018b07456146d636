/* SPDX-License-Identifier: MIT
 *
 * Changes to user address spaces: own frames, and what a pager does to the spaces it pages. */
#ifndef OCTAVO_KERNEL_VM_H
#define OCTAVO_KERNEL_VM_H

#include "kernel/base/csr.h"
#include "kernel/run/task.h"
#include "kernel/run/thread.h"
#include "mm/sv39.h"

#include <abi/layout.h>
#include <abi/msg.h>

/* Charges the task for the page tables that mapping 4 KiB pages from va on needs, and makes them: aspace_map with
 * this pool does not fail for want of memory then. 0 or -ENOMEM. Finish gives back what was not needed. */
int vm_tables_prepare(struct task *task, uintptr_t va, size_t pages, struct sv39_pool *pool);
void vm_tables_finish(struct task *task, struct sv39_pool *pool);

/* The PTE behind an address of the pager's own space, and its frame; or 0 if that may not be mapped on. */
static inline pte_t vm_source(struct task *owner, uintptr_t va, struct page **page)
{
    pte_t pte = va < USER_MAX ? sv39_page(owner->aspace.root, va) : 0;

    if ((pte & (PTE_V | PTE_U | PTE_IO)) != (PTE_V | PTE_U))
        return 0;
    *page = pa_to_page(pte_pa(pte));
    return (*page)->owner == owner ? pte : 0;
}

/* PTE bits for VM_R, VM_W, VM_X. */
static inline pte_t vm_leaf(unsigned prot)
{
    _Static_assert(
        VM_R << 1 == PTE_R && VM_W << 1 == PTE_W && VM_X << 1 == PTE_X,
        "vm_leaf must translate one by one: VM_R, VM_W, VM_X are no longer PTE_R, PTE_W, PTE_X "
        "shifted by one");
    return PTE_V | PTE_U | (pte_t)prot << 1 | (prot & VM_W ? PTE_R : 0); /* W alone is reserved */
}

/* Drops the frames of a leaf that was taken out of a page table, and of all TLBs. */
static inline void vm_leaf_put(pte_t pte, unsigned level)
{
    struct page *page = pa_to_page(pte_pa(pte));

    if (pte & PTE_IO)
        return;
    for (size_t i = 0; i < sv39_size(level) >> PAGE_SHIFT; i++)
        if (--page[i].count == 0)
            task_frame_free(&page[i]);
}

/* Puts a leaf for this page into a slot that holds one. */
void vm_replace(struct task *task, pte_t *slot, uintptr_t va, pte_t leaf, struct page *page);

#define COPY_MAX 65536ul /* bytes that one system call copies at most */

/* Applies what comes with the answer to `caller` through its pager right: one MAP in the words, or
 * the items of the server's message page. 0 or a negative errno, with nothing done; writes `done`. VM_AGAIN:
 * only a part is done; the server executes its call again. */
#define VM_AGAIN 1
long vm_answer(struct thread *server, struct thread *caller, uint64_t tag);

#endif
