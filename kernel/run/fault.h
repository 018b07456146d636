/* SPDX-License-Identifier: MIT
 *
 * Page faults: from the trap to a message at the pager. */
#ifndef OCTAVO_KERNEL_FAULT_H
#define OCTAVO_KERNEL_FAULT_H

#include "kernel/base/stats.h"
#include "kernel/run/task.h"

/* A page fault of the current thread in user mode. access is one ACCESS_*. */
void fault_user(struct thread *thread, uintptr_t va, uint32_t access);

/* The kernel needs [va] of the current thread's space for a system call and found it absent: the
 * thread takes the fault, and the call is repeated afterwards (EFAULT if the pager refuses). For
 * the handler to return. */
long fault_for_syscall(struct thread *thread, uintptr_t va, uint32_t access);

/* RESTART: the thread, which waits for an answer, takes the faults in [va, end) (two pages at most)
 * that it needs for `access`, then repeats its call. */
void fault_restart(struct thread *thread, uintptr_t va, uintptr_t end, uint32_t access);

/* The pager answered the thread's fault: code 0 = look again, else VM_FAULT_*. The thread goes on,
 * is ready, or has sent its next message. Returns it if it is now ready to run and on no queue. */
struct thread *fault_answered(struct thread *thread, uint32_t code);

/* Notes FAULT's words in the thread, before they are sent. `slot` is where va's PTE lies, NULL: nowhere. */
static inline void fault_note(struct thread *thread, uintptr_t va, uint32_t access, pte_t *slot)
{
    thread->fault_va = va;
    thread->fault_access = access;
    thread->fault_slot = slot;
    thread->task->faults++;
    stats.faults++;
}

/* The VM_FAULT_* of an answer to a fault, 0: it is mapped, or tried again. */
static inline uint32_t fault_code(uint64_t tag)
{
    uint32_t code = (uint32_t)MSG_LABEL(tag);

    if (!(tag & MSG_NO))
        return 0;
    return code == 0 || code > VM_FAULT_NOMEM ? VM_FAULT_OBJERR : code;
}

#endif
