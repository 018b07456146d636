/* SPDX-License-Identifier: MIT
 *
 * The dispatch table, and the system calls about handles, tasks, threads and accounts: each looks up
 * and checks all its arguments first, then acts. IPC, memory, futexes, devices and statistics have
 * their handlers beside them. */
#include "kernel/run/handler.h"

#include "kernel/run/port.h"
#include "kernel/run/sched.h"
#include "kernel/run/task.h"

#include <abi/errno.h>
#include <abi/layout.h>
#include <abi/syscalls.h>
#include <string.h>

OFFSETS_ASSERT(OFFSETS_SYS_COUNT, SYS_COUNT); /* SYS_COUNT is the lines of <abi/syscalls.h> */
OFFSETS_ASSERT(OFFSETS_ENOSYS, ENOSYS);

#define ENTRY(number, name, arity, document) [number] = (void *)sys_##name,
void *const syscall_table[] = {OCTAVO_SYSCALLS(ENTRY)};
#undef ENTRY

long sys_null(void)
{
    return 0;
}

long sys_clock(void)
{
    return (long)time_to_ns(time_now());
}

long sys_yield(void)
{
    struct thread *thread = current_thread();

    thread_x(thread, X_A0) = 0;
    if (!(sched_ready_bitmap & 1u << thread->priority))
        return SYS_KEEP;
    sched_block();
    sched_ready(thread);
    return SYS_KEEP;
}

long sys_close(word handle)
{
    return handle_close(&current_task()->handles, handle);
}

long sys_dup(word value, word rights)
{
    struct handle_table *table = &current_task()->handles;
    struct handle *handle = handle_get(table, value);

    if (!handle)
        return -EBADF;
    if (!(handle->rights & H_DUP))
        return -EPERM;
    struct object *object = handle->object;
    unsigned copy = handle->rights & rights;
    int error = handle_reserve(table, 1);
    if (error)
        return error;
    return handle_add(table, object, copy);
}

/* Gives a newly made object to the current task, whose reference moves into the handle. */
static long give(struct object *object, unsigned rights)
{
    long handle = handle_add(&current_task()->handles, object, rights);

    object_unref(object);
    return handle;
}

long sys_port_create(void)
{
    struct task *task = current_task();
    int error = handle_reserve(&task->handles, 1);

    if (error)
        return error;
    struct port *port = port_create(task);
    return port ? give(&port->object, H_RECV | H_MINT | H_TRANSFER) : -ENOMEM;
}

long sys_right_create(word handle, word badge, word mask)
{
    struct task *task = current_task();
    struct right *right;
    long error;
    struct port *port = handler_object(handle, OBJECT_PORT, H_MINT, &error);

    if (!port)
        return error;
    if (!port->task)
        return -EPIPE;
    if (badge >> 63)
        return -EINVAL;
    error = handle_reserve(&task->handles, 1);
    if (!error)
        error = port_right_create(port, badge, mask, &right);
    if (error)
        return error;
    return give(&right->object, H_TRANSFER | H_DUP | H_CALL | (mask ? H_NOTIFY : 0));
}

long sys_account_create(word parent, word frames, word bytes)
{
    struct task *task = current_task();
    long error;
    struct account *from = handler_object(parent, OBJECT_ACCOUNT, H_MANAGE, &error);

    if (!from)
        return error;
    error = handle_reserve(&task->handles, 1);
    if (error)
        return error;
    struct account *account = account_create(from, frames, bytes);
    return account ? give(&account->object, H_MANAGE | H_TRANSFER | H_DUP) : -ENOMEM;
}

long sys_task_create(word account_handle, word pager_handle, word exception_handle, word ceiling,
                     word name0, word name1)
{
    struct task *creator = current_task();
    char name[INFO_NAME];
    long error;
    int why;
    struct account *account = handler_object(account_handle, OBJECT_ACCOUNT, H_MANAGE, &error);
    if (!account)
        return error;
    struct right *pager = handler_object(pager_handle, OBJECT_RIGHT, H_TRANSFER, &error);
    if (!pager)
        return error;
    struct right *exception = handler_object(exception_handle, OBJECT_RIGHT, H_TRANSFER, &error);
    if (!exception)
        return error;
    if (ceiling > creator->ceiling)
        return -EPERM;
    if (pager->space)
        return -EBUSY;
    if (!pager->port)
        return -EPIPE;
    error = handle_reserve(&creator->handles, 1);
    if (error)
        return error;
    memcpy(name, &name0, 8);
    memcpy(name + 8, &name1, 8);
    struct task *task = task_create(account, pager, exception, (unsigned)ceiling, name, &why);
    return task ? give(&task->object, H_MANAGE | H_TRANSFER | H_DUP) : why;
}

long sys_task_grant(word task_handle, word value, word rights)
{
    struct task *creator = current_task();
    long error;
    struct task *task = handler_object(task_handle, OBJECT_TASK, H_MANAGE, &error);

    if (!task)
        return error;
    struct handle *handle = handle_get(&creator->handles, value);
    if (!handle)
        return -EBADF;
    if (!(handle->rights & H_TRANSFER))
        return -EPERM;
    if (task->dying)
        return -EPIPE;
    struct object *object = handle->object;
    unsigned copy = handle_rights_given(handle) & rights;
    error = handle_reserve(&task->handles, 1);
    if (error)
        return error;
    return handle_add(&task->handles, object, copy);
}

static long inherit(struct task *task, word from_handle, word progress)
{
    struct thread *self = current_thread();
    long error;
    struct task *from = handler_object(from_handle, OBJECT_TASK, H_MANAGE, &error);

    if (!from)
        return error;
    if (from->dying)
        return -EPIPE;
    if (task->threads)
        return -EBUSY;
    error = handle_inherit(&task->handles, &from->handles, &progress);
    if (error || !progress)
        return error;
    thread_x(self, 13) = progress;
    return handler_again(self);
}

long sys_task_control(word task_handle, word operation, word a, word b)
{
    long error;
    struct task *task = handler_object(task_handle, OBJECT_TASK, H_MANAGE, &error);

    if (!task)
        return error;
    if (task->dying && operation != TASK_KILL) /* what it is given now, nobody would give back */
        return -EPIPE;
    switch (operation) {
    case TASK_KILL:
        task_kill(task);
        return 0;
    case TASK_PRESSURE: {
        struct right *right = handler_object(a, OBJECT_RIGHT, H_NOTIFY, &error);
        if (!right)
            return error;
        if (b & ~right->mask)
            return -EPERM;
        if (task->pressure)
            object_unref(&task->pressure->object);
        object_ref(&right->object);
        task->pressure = right;
        task->pressure_bits = b;
        return 0;
    }
    case TASK_SET_UPCALL:
        if (a >= USER_MAX)
            return -EINVAL;
        task->upcall = a;
        return 0;
    case TASK_INHERIT:
        return inherit(task, a, b);
    default:
        return -EINVAL;
    }
}

long sys_thread_create(word task_handle, word pc, word sp, word argument, word priority)
{
    struct task *creator = current_task();
    long error;
    int why;
    struct task *task = handler_object(task_handle, OBJECT_TASK, H_MANAGE, &error);

    if (!task)
        return error;
    if (task->dying)
        return -EPIPE;
    if (priority > task->ceiling)
        return -EPERM;
    if (pc >= USER_MAX || pc & 1)
        return -EINVAL;
    error = handle_reserve(&creator->handles, 1);
    if (error)
        return error;
    struct thread *thread = thread_create(task, pc, sp, argument, (unsigned)priority, &why);
    if (!thread)
        return why;
    sched_ready(thread);
    return give(&thread->object, H_MANAGE | H_TRANSFER | H_DUP);
}

static long set_priority(struct thread *thread, word priority)
{
    if (priority > thread->task->ceiling)
        return -EPERM;
    long old = thread->priority;
    bool ready = thread->state == THREAD_READY;
    if (ready)
        sched_unready(thread);
    thread->priority = (uint8_t)priority;
    if (ready)
        sched_ready(thread);
    if (thread->state == THREAD_RUNNING) {
        thread->hart->work |= HART_RESCHED;
        if (thread->hart != hart_this())
            hart_poke(thread->hart);
    }
    return old;
}

static long interrupt(struct thread *thread, word bits)
{
    if (thread->state == THREAD_DEAD)
        return -EPIPE;
    thread->signals |= bits;
    if (!bits || !thread->task->upcall)
        return 0;
    thread->work |= WORK_SIGNAL;
    if (thread->state == THREAD_RUNNING)
        thread_hurry(thread);
    else
        thread_interrupt(thread);
    return 0;
}

/* The operations a thread performs on itself. */
static long control_self(struct thread *thread, word operation, word a)
{
    long old = thread->masked;

    switch (operation) {
    case THREAD_EXIT:
        thread->work |= WORK_DIE;
        return 0;
    case THREAD_MASK:
        thread->masked = a != 0;
        if (!a && thread->signals)
            thread->work |= WORK_SIGNAL;
        return old;
    default:
        thread->return_frame = a;
        thread->work |= WORK_RETURN;
        return SYS_KEEP;
    }
}

long sys_thread_control(word handle, word operation, word a, word b)
{
    struct thread *self = current_thread(), *thread = self;
    long error;

    (void)b;
    if (handle) {
        thread = thread_of(handler_object(handle, OBJECT_THREAD, H_MANAGE, &error));
        if (!thread)
            return error;
    }
    switch (operation) {
    case THREAD_EXIT:
    case THREAD_MASK:
    case THREAD_RETURN:
        return thread == self ? control_self(self, operation, a) : -EINVAL;
    case THREAD_SET_PRIORITY:
        return set_priority(thread, a);
    case THREAD_INTERRUPT:
        return interrupt(thread, a);
    case THREAD_NUMBER:
        return thread->number;
    default:
        return -EINVAL;
    }
}
