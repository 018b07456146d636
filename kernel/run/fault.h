/* SPDX-License-Identifier: MIT
 *
 * Page faults: from the trap to a message at the pager. */
#ifndef OCTAVO_KERNEL_FAULT_H
#define OCTAVO_KERNEL_FAULT_H

#include "kernel/run/thread.h"

/* A trap from user mode (scause, stval) that is no system call. trap_user (fastpath.c) knows page faults
 * of the usual kind, trap_other all. */
void trap_user(uint64_t cause, uint64_t value);
void trap_other(struct thread *thread, uint64_t cause, uint64_t value);

/* A page fault of the current thread in user mode, all that may be of it. access is one ACCESS_*. */
void fault_slow(struct thread *thread, uintptr_t va, uint32_t access);

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

/* The VM_FAULT_* of an answer to a fault, 0: it is mapped, or tried again. */
static inline uint32_t fault_code(uint64_t tag)
{
    uint32_t code = (uint32_t)MSG_LABEL(tag);

    if (!(tag & MSG_NO))
        return 0;
    return code == 0 || code > VM_FAULT_NOMEM ? VM_FAULT_OBJERR : code;
}

#endif
