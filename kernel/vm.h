/* SPDX-License-Identifier: MIT
 *
 * Changes to user address spaces: own frames, and what a pager does to the spaces it pages. */
#ifndef OCTAVO_KERNEL_VM_H
#define OCTAVO_KERNEL_VM_H

#include "kernel/csr.h"
#include "kernel/task.h"
#include "kernel/thread.h"
#include "mm/sv39.h"

#include <abi/layout.h>
#include <abi/msg.h>

/* The frame behind an address of the pager's own space, or NULL if it may not be mapped on. */
static inline struct page *vm_source(struct task *owner, uintptr_t va)
{
    unsigned level;

    if (va >= USER_MAX)
        return NULL;
    pte_t pte = pte_read(sv39_walk(owner->aspace.root, va, &level));
    if ((pte & (PTE_V | PTE_U | PTE_IO)) != (PTE_V | PTE_U))
        return NULL;
    paddr_t pa = pte_pa(pte) + (va & (sv39_size(level) - 1) & ~PAGE_MASK);
    struct page *page = pa_to_page(pa);
    return page->owner == owner ? page : NULL;
}

/* PTE bits for VM_R, VM_W, VM_X. */
static inline pte_t vm_leaf(unsigned prot)
{
    pte_t flags = PTE_V | PTE_U;

    if (prot & (VM_R | VM_W)) /* W without R is reserved */
        flags |= PTE_R;
    if (prot & VM_W)
        flags |= PTE_W;
    if (prot & VM_X)
        flags |= PTE_X;
    return flags;
}

/* The common case of a fault: one page, its table is there, nothing is mapped yet. False: nothing was
 * done, take the long way. */
static inline bool vm_map_fast(struct task *server, struct task *task, uintptr_t src, uintptr_t dst,
                               unsigned prot, uint32_t access)
{
    pte_t flags = vm_leaf(prot) | (access == ACCESS_WRITE ? PTE_A | PTE_D : PTE_A);
    struct page *page = src & PAGE_MASK ? NULL : vm_source(server, src);

    if (!page || aspace_map_fast(&task->aspace, dst, pte_make(page_to_pa(page), flags)))
        return false;
    page->count++;
    fence_page(dst);
    return true;
}

#define COPY_MAX 65536ul /* bytes that one system call copies at most */

/* Applies what comes with the answer to `caller` through its pager right: one MAP in the words, or
 * the items of the server's message page. 0 or a negative errno, with nothing done; writes `done`. */
long vm_answer(struct thread *server, struct thread *caller, uint64_t tag);

#endif
