/* SPDX-License-Identifier: MIT
 *
 * Futexes. See futex.h; the idea: Franke, Russell, Kirkwood, "Fuss, Futexes and Furwocks", OLS 2002.
 * Check and sleep are one step under the kernel lock, so no wake-up is lost. */
#include "kernel/run/futex.h"

#include "kernel/run/fault.h"
#include "kernel/run/handler.h"
#include "kernel/run/sched.h"
#include "kernel/run/task.h"

#include <abi/errno.h>

#define FUTEX_BUCKETS 64u

static struct thread_queue buckets[FUTEX_BUCKETS];

void futex_setup(void)
{
    for (unsigned i = 0; i < FUTEX_BUCKETS; i++)
        TAILQ_INIT(&buckets[i]);
}

static struct thread_queue *bucket_of(const struct task *task, uintptr_t va)
{
    return &buckets[(va >> 2 ^ task->id) % FUTEX_BUCKETS];
}

void futex_leave(struct thread *thread)
{
    TAILQ_REMOVE(bucket_of(thread->task, thread->futex_va), thread, queue);
}

long sys_futex_wait(uint64_t va, uint64_t value, uint64_t deadline)
{
    struct thread *thread = current_thread();
    size_t left;

    if (va & 3)
        return -EINVAL;
    uint32_t *at = aspace_touch(&thread->task->aspace, va, ACCESS_READ, &left);
    if (!at)
        return fault_for_syscall(thread, va, ACCESS_READ);
    if (__atomic_load_n(at, __ATOMIC_SEQ_CST) != (uint32_t)value)
        return -EAGAIN;
    uint64_t when = time_from_ns(deadline);
    if (deadline == 0)
        return -ETIMEDOUT;
    thread->state = THREAD_SLEEPING;
    thread->futex_va = va;
    thread_x(thread, X_A0) = 0;
    TAILQ_INSERT_TAIL(bucket_of(thread->task, va), thread, queue);
    sched_deadline(thread, when);
    sched_block();
    return SYS_KEEP;
}

long sys_futex_wake(uint64_t va, uint64_t count)
{
    struct task *task = current_task();
    struct thread *thread, *next;
    long woken = 0;

    if (va & 3)
        return -EINVAL;
    TAILQ_FOREACH_SAFE (thread, bucket_of(task, va), queue, next) {
        if ((uint64_t)woken == count)
            break;
        if (thread->task != task || thread->futex_va != va)
            continue;
        thread_detach(thread);
        sched_ready(thread);
        woken++;
    }
    return woken;
}
