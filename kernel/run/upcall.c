/* SPDX-License-Identifier: MIT
 *
 * Upcalls into a program, and exceptions to init. See upcall.h. It decides no status: init does. */
#include "kernel/run/upcall.h"

#include "kernel/base/csr.h"
#include "kernel/base/panic.h"
#include "kernel/run/fault.h"
#include "kernel/run/ipc.h"
#include "kernel/run/offsets.h"
#include "kernel/run/sched.h"

#include <abi/layout.h>
#include <string.h>

/* Frames and threads begin with the same: pc and x1..x31. */
#define FRAME_REGISTERS offsetof(struct upcall_frame, cause)
_Static_assert(
    offsetof(struct thread, x[31]) == FRAME_REGISTERS &&
        offsetof(struct thread, x) == offsetof(struct upcall_frame, x),
    "copy pc and x1..x31 one by one: struct thread and struct upcall_frame begin differently");

/* Jumps to the task's upcall entry: registers into the message page, upcalls masked. a0 = address of
 * the message page. The stack pointer stays: which stack to use is libc's decision. */
static void enter(struct thread *thread, uint64_t cause, uint64_t code, uint64_t address)
{
    struct upcall_frame *frame = &thread->msg->upcall;

    memcpy(frame, thread, FRAME_REGISTERS);
    frame->cause = cause;
    frame->code = code;
    frame->address = address;
    thread->masked = 1;
    thread->full = 1;
    thread->pc = thread->task->upcall;
    thread_x(thread, X_A0) = MSG_BASE + thread->number * PAGE_SIZE;
}

static bool wants_upcall(const struct thread *thread)
{
    return thread->task->upcall && !thread->masked;
}

/* The current thread's exception: an upcall, or else a message through its task's exception right. */
static void exception(struct thread *thread)
{
    uint64_t cause = thread->exception_cause, value = thread->exception_value;
    uint32_t code = thread->exception_code;

    if (wants_upcall(thread) && code != VM_FAULT_NOMEM) {
        if (code)
            enter(thread, UPCALL_FAULT, code, value);
        else
            enter(thread, UPCALL_EXCEPTION, cause, value);
        return;
    }
    if (!thread->task->exception) {
        if (thread->task->pager == NULL && thread->task->id == 1)
            panic("init: exception %lu, value %#lx, pc %#lx", cause, value, thread->pc);
        thread->state = THREAD_STOPPED;
        sched_block();
        return;
    }
    ipc_send(thread, thread->task->exception, MSG_KIND_EXCEPTION);
}

/* THREAD_RETURN: goes on as the frame says. Here and not in the system call, because only here are
 * all registers in the thread. */
static void resume_frame(struct thread *thread)
{
    uint64_t registers[FRAME_REGISTERS / sizeof(uint64_t)]; /* all or none */
    uintptr_t address = thread->return_frame;
    size_t done = aspace_copy_in(&thread->task->aspace, registers, address, FRAME_REGISTERS);

    if (done < FRAME_REGISTERS) {
        long error = fault_for_syscall(thread, address + done, ACCESS_READ);
        if (error != SYS_KEEP)
            thread_x(thread, X_A0) = (uint64_t)error;
        return;
    }
    memcpy(thread, registers, FRAME_REGISTERS);
    thread->full = 1;
    thread->masked = 0;
    if (thread->signals)
        thread->work |= WORK_SIGNAL;
}

void upcall_thread_work(struct thread *thread)
{
    uint64_t work = thread->work;

    thread->work = 0;
    if (work & WORK_DIE) {
        object_ref(&thread->object);
        sched_block();
        thread_end(thread);
        object_unref(&thread->object);
        return;
    }
    if (work & WORK_EXCEPTION) {
        thread->work = work & WORK_SIGNAL;
        exception(thread);
        return;
    }
    if (work & WORK_RETURN) {
        thread->work = work & WORK_SIGNAL;
        resume_frame(thread);
        return;
    }
    if (work & WORK_SIGNAL && wants_upcall(thread)) {
        uint64_t signals = thread->signals;
        thread->signals = 0;
        enter(thread, UPCALL_SIGNAL, signals, 0);
    }
    /* Masked: the signals stay; THREAD_MASK and THREAD_RETURN look again. */
}
