/* SPDX-License-Identifier: MIT
 *
 * Kernel tasks for processes: see task.h. */
#include "user/init/task.h"
#include <octavo/syscall.h>
#include <string.h>

handle_t init_port;

int task_make(struct process *process, handle_t pager, long account, unsigned ceiling)
{
    unsigned long name[2];
    long right = sys_right_create(init_port, process->pid, 0);
    if (right < 0) {
        process->was_named = false; /* no CLOSED will come */
        if (account >= 0)
            sys_close((handle_t)account);
        return (int)right;
    }
    long task = account;
    memcpy(name, process->name, sizeof name);
    if (account >= 0) {
        task = sys_task_create((handle_t)account, pager == HANDLE_NONE ? (handle_t)right : pager,
                               (handle_t)right, ceiling, name[0], name[1]);
        sys_close((handle_t)account);
    }
    sys_close((handle_t)right); /* if there is no task, this is its last copy: CLOSED will come */
    if (task < 0)
        return (int)task;
    process->task = (handle_t)task;
    return 0;
}

long task_give(struct process *process, const handle_t *handle, unsigned count)
{
    long first = 0;
    for (unsigned i = 0; i < count; i++) {
        long value = sys_task_grant(process->task, handle[i], H_ALL);
        if (value < 0)
            return value;
        if (i == 0)
            first = value;
    }
    return first;
}

int task_inherit(struct process *process, const struct process *from)
{
    return (int)sys_task_control(process->task, TASK_INHERIT, from->task, 0);
}

int task_start(struct process *process, unsigned priority)
{
    long thread =
        sys_thread_create(process->task, process->entry, process->sp, process->pid, priority);
    if (thread < 0)
        return (int)thread;
    process->thread = (handle_t)thread;
    process->state = PROCESS_RUNNING;
    return 0;
}
