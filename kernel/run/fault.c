/* SPDX-License-Identifier: MIT
 *
 * Fault dispatch, the heart of the system. A page fault becomes a message to the task's pager; the
 * answer carries what to map (kernel/run/vm.c does that) and the access is tried again.
 *
 *   fault_user         a trap: is it permitted by now? a matter of A and D bits? impossible? else send
 *   fault_for_syscall  the kernel missed a page of the caller's during a system call
 *   fault_restart    a server missed a page of its caller's buffer
 *   fault_answered   the pager's answer
 *
 * It knows nothing of regions, and never makes a page itself. */
#include "kernel/run/fault.h"

#include "kernel/run/ipc.h"
#include "kernel/run/offsets.h"
#include "kernel/run/sched.h"
#include "kernel/run/vm.h"

#include <abi/errno.h>
#include <abi/layout.h>

/* Whether the page table permits the access already: another thread was first, the TLB is stale, or
 * this hardware wants A and D set by software (Svade). Mends that; the access is then retried. */
static bool permitted(struct aspace *as, uintptr_t va, uint32_t access)
{
    unsigned level;
    pte_t *slot = sv39_walk(as->root, va, &level);
    pte_t pte = pte_read(slot);
    pte_t want = aspace_touched(access);

    if (!aspace_permits(pte, access))
        return false;
    if ((pte & want) != want) {
        pte_set_bits(slot, want);
        stats.faults_ad++;
    } else {
        stats.faults_spurious++;
    }
    fence_page(va);
    return true;
}

/* An address that no pager can map. */
static bool impossible(uintptr_t va)
{
    return va < USER_MIN || va >= USER_MAX;
}

static void send(struct thread *thread, uintptr_t va, uint32_t access)
{
    fault_note(thread, va, access, sv39_slot(thread->task->aspace.root, va));
    ipc_send(thread, thread->task->pager, MSG_KIND_FAULT);
}

/* The thread's last fault is its program's mistake. */
static void refuse(struct thread *thread, uint32_t code)
{
    thread->exception_cause = thread->fault_access == ACCESS_WRITE     ? CAUSE_STORE_PAGE
                              : thread->fault_access == ACCESS_EXECUTE ? CAUSE_FETCH_PAGE
                                                                       : CAUSE_LOAD_PAGE;
    thread->exception_value = thread->fault_va;
    thread->exception_code = code;
    thread->work |= WORK_EXCEPTION;
}

void fault_user(struct thread *thread, uintptr_t va, uint32_t access)
{
    if (va < USER_TOP && permitted(&thread->task->aspace, va, access))
        return;
    if (impossible(va) || !thread->task->pager) {
        thread->fault_va = va;
        thread->fault_slot = NULL;
        thread->fault_access = access;
        refuse(thread, va >= USER_MAX && va < USER_TOP ? VM_FAULT_ACCERR : VM_FAULT_MAPERR);
        return;
    }
    send(thread, va, access);
}

/* The thread's saved pc is behind its ecall: make it execute the call again. */
static void repeat_call(struct thread *thread)
{
    thread->pc -= 4;
    thread->in_syscall = true;
}

long fault_for_syscall(struct thread *thread, uintptr_t va, uint32_t access)
{
    if (impossible(va) || !thread->task->pager)
        return -EFAULT;
    repeat_call(thread);
    thread->restart_va = thread->restart_end = 0;
    send(thread, va, access);
    return SYS_KEEP;
}

/* Sends the next fault of a RESTART, or finds that there is none. Returns the thread if it can go
 * on at once. */
static struct thread *restart_next(struct thread *thread)
{
    while (thread->restart_va < thread->restart_end) {
        uintptr_t va = thread->restart_va;
        unsigned level;
        pte_t pte = va < USER_TOP ? pte_read(sv39_walk(thread->task->aspace.root, va, &level)) : 0;

        if (!aspace_permits(pte, thread->fault_access) || pte & PTE_IO) {
            if (impossible(va) || pte & PTE_IO) /* no server reads a device's registers */
                return fault_answered(thread, VM_FAULT_MAPERR);
            send(thread, va, thread->fault_access);
            return NULL;
        }
        thread->restart_va = (va & ~PAGE_MASK) + PAGE_SIZE;
    }
    thread->in_syscall = false;
    return thread;
}

void fault_restart(struct thread *thread, uintptr_t va, uintptr_t end, uint32_t access)
{
    repeat_call(thread);
    thread->restart_va = va;
    thread->restart_end = end;
    thread->fault_access = access;
    if (restart_next(thread))
        sched_ready(thread);
}

struct thread *fault_answered(struct thread *thread, uint32_t code)
{
    if (!thread->in_syscall) {
        if (code)
            refuse(thread, code);
        return thread;
    }
    if (!code && thread->restart_va < thread->restart_end)
        return restart_next(thread);
    thread->in_syscall = false;
    if (code) {
        thread->pc += 4;
        thread_x(thread, X_A0) = (uint64_t)-EFAULT;
    }
    return thread;
}
