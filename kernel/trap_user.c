/* SPDX-License-Identifier: MIT
 *
 * Traps from user mode that are not system calls: sorts them (privileged spec 4.1.8) and passes them
 * on. All registers of the thread are saved. */
#include "kernel/fault.h"
#include "kernel/irq.h"
#include "kernel/sched.h"
#include "kernel/task.h"
#include "kernel/upcall.h"

#include <abi/msg.h>

void trap_user(uint64_t cause, uint64_t value);

/* The floating-point unit is off for a thread until its first use after a switch. */
static bool fp_first_use(struct thread *thread)
{
    struct hart *hart = hart_this();

    if ((csr_read(sstatus) & SSTATUS_FS) != 0)
        return false;
    csr_set(sstatus, SSTATUS_FS_CLEAN);
    fp_load(thread);
    hart->fp_owner = thread;
    thread->fp_hart = hart;
    csr_clear(sstatus, SSTATUS_FS);
    csr_set(sstatus, SSTATUS_FS_CLEAN);
    return true;
}

void trap_user(uint64_t cause, uint64_t value)
{
    struct thread *thread = current_thread();

    switch (cause) {
    case CAUSE_STORE_PAGE:
        fault_user(thread, value, ACCESS_WRITE);
        break;
    case CAUSE_LOAD_PAGE:
        fault_user(thread, value, ACCESS_READ);
        break;
    case CAUSE_FETCH_PAGE:
        fault_user(thread, value, ACCESS_EXECUTE);
        break;
    case CAUSE_ILLEGAL:
        if (fp_first_use(thread)) /* retried; if it was illegal, it traps again with the unit on */
            break;
        /* fallthrough */
    default:
        if (cause & CAUSE_INTERRUPT) {
            irq_poll();
            break;
        }
        thread->exception_cause = cause;
        thread->exception_value = value;
        thread->work |= WORK_EXCEPTION;
    }
}
