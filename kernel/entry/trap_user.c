/* SPDX-License-Identifier: MIT
 *
 * Traps from user mode that are not system calls: sorts them (privileged spec 4.1.8) and passes them
 * on. All registers of the thread are saved. */
#include "kernel/base/fp.h"
#include "kernel/entry/trap.h"
#include "kernel/run/fault.h"
#include "kernel/run/sched.h"

#include <abi/msg.h>

/* The floating-point unit is off for a thread until its first use after a switch. */
static bool fp_first_use(struct thread *thread)
{
    struct hart *hart = hart_this();

    if (hart->slow & HART_FP)
        return false;
    csr_set(sstatus, SSTATUS_FS_CLEAN);
    fp_load(thread->f);
    csr_clear(sstatus, SSTATUS_FS);
    csr_set(sstatus, SSTATUS_FS_CLEAN);
    hart->slow |= HART_FP;
    thread->msg->fp_used = 1;
    return true;
}

void trap_user_any(uint64_t cause, uint64_t value)
{
    struct thread *thread = current_thread();

    if (cause == CAUSE_STORE_PAGE) {
        fault_user(thread, value, ACCESS_WRITE);
    } else if (cause == CAUSE_LOAD_PAGE) {
        fault_user(thread, value, ACCESS_READ);
    } else if (cause == CAUSE_FETCH_PAGE) {
        fault_user(thread, value, ACCESS_EXECUTE);
    } else if (cause & CAUSE_INTERRUPT) {
        hart_serve();
    } else if (cause != CAUSE_ILLEGAL || !fp_first_use(thread)) {
        /* An illegal instruction that was the first use is tried again, and traps again if it is. */
        thread->exception_cause = cause;
        thread->exception_value = value;
        thread->exception_code = 0;
        thread->work |= WORK_EXCEPTION;
    }
}

void trap_user(uint64_t cause, uint64_t value) __attribute__((weak, alias("trap_user_any")));
