/* SPDX-License-Identifier: MIT
 *
 * Statistics for programs: fills the records of <abi/info.h> and <abi/mminfo.h>. It changes nothing. */
#include "kernel/base/machine.h"
#include "kernel/base/stats.h"
#include "kernel/run/fault.h"
#include "kernel/run/handler.h"
#include "kernel/run/port.h"
#include "kernel/run/sched.h"
#include "kernel/run/task.h"
#include "mm/buddy.h"
#include "mm/slab.h"

#include <abi/errno.h>
#include <abi/info.h>
#include <string.h>

union record {
    struct info_system system;
    struct info_hart hart;
    struct info_task task;
    struct info_thread thread;
    struct mminfo_zone zone;
    struct mminfo_slab slab;
};

static void fill_system(struct info_system *info)
{
    struct mminfo_totals totals;

    buddy_totals(&totals);
    *info = stats;
    info->timebase = machine.timebase;
    info->uptime = time_to_ns(time_now());
    info->frames_total = totals.ram;
    info->frames_free = totals.free + totals.in_harts;
    info->frames_kernel = totals.reserved + totals.kernel + totals.slab;
    info->frames_table = totals.pgtable;
    info->frames_user = totals.user;
    info->calls = thread_requests() - stats.faults;
    info->harts = hart_count;
    info->tasks = task_count;
    info->thread_slots = thread_table_size;
    for (uint32_t i = 0; i < hart_count; i++) {
        info->switches += harts[i].switches;
        info->interrupts += harts[i].interrupts;
    }
    for (uint32_t i = 0; i < thread_table_size; i++)
        info->threads += thread_at(i) != NULL;
}

static void fill_hart(struct info_hart *info, const struct hart *hart)
{
    uint64_t now = time_now();
    uint64_t idle = hart->idle_time + (hart->idle ? now - hart->since : 0);

    *info = (struct info_hart){
        .run_time = time_to_ns(now - hart->started - idle),
        .idle_time = time_to_ns(idle),
        .switches = hart->switches,
        .interrupts = hart->interrupts,
    };
}

static void fill_task(struct info_task *info, const struct task *task)
{
    const struct account *account = task->account;
    const struct thread *thread;
    uint64_t run = task->run_time;

    *info = (struct info_task){
        .id = task->id,
        .threads = task->threads,
        .space = task->pager ? task->pager->badge : 0,
        .process = task->exception ? task->exception->badge : 0,
        .frames = task->frames,
        .resident = task->aspace.resident,
        .tables = task->aspace.tables,
        .faults = task->faults,
        .syscalls = task->syscalls,
        .handles = task->handles.used,
        .account_frames = account->frames,
        .account_frames_limit = account->frames_limit,
        .account_kernel = account->bytes,
        .account_kernel_limit = account->bytes_limit,
        .dying = task->dying,
        .ceiling = task->ceiling,
        .pager = task->pager && task->pager->port ? task->pager->port->task->id : 0,
    };
    TAILQ_FOREACH (thread, &task->thread_list, of_task) {
        info->syscalls += thread->syscalls;
        run += thread->run_time;
        if (thread->state == THREAD_RUNNING)
            run += time_now() - thread->hart->since;
    }
    info->run_time = time_to_ns(run);
    memcpy(info->name, task->name, INFO_NAME);
}

static const struct task *task_from(word id)
{
    const struct task *task;

    TAILQ_FOREACH (task, &tasks, all)
        if (task->id >= id)
            return task;
    return NULL;
}

/* Fills the record; its size, or a negative errno. */
static long fill(union record *record, word kind, word index)
{
    struct task *self = current_task();
    const struct task *task;
    const struct thread *thread;
    long error = -ENOENT;

    switch (kind) {
    case INFO_SYSTEM:
        if (index)
            return -ENOENT;
        fill_system(&record->system);
        return sizeof(record->system);
    case INFO_HART:
        if (index >= hart_count)
            return -ENOENT;
        fill_hart(&record->hart, &harts[index]);
        return sizeof(record->hart);
    case INFO_OF:
    case INFO_TASK:
    case INFO_SELF:
        task = kind == INFO_OF     ? handler_object(index, OBJECT_TASK, H_MANAGE, &error)
               : kind == INFO_SELF ? self
                                   : task_from(index);
        if (!task)
            return error;
        fill_task(&record->task, task);
        return sizeof(record->task);
    case INFO_THREAD:
        thread = index < thread_table_size ? thread_at((uint32_t)index) : NULL;
        if (!thread)
            return -ENOENT;
        record->thread = (struct info_thread){.task = thread->task->id,
                                              .number = thread->number,
                                              .state = thread->state,
                                              .priority = thread->priority,
                                              .pc = thread->pc,
                                              .run_time = thread->run_time};
        return sizeof(record->thread);
    case INFO_ZONE:
        return index > UINT32_MAX || buddy_info((unsigned)index, &record->zone)
                   ? -ENOENT
                   : (long)sizeof(record->zone);
    case INFO_SLAB:
        return index > UINT32_MAX || slab_info((unsigned)index, &record->slab)
                   ? -ENOENT
                   : (long)sizeof(record->slab);
    default:
        return -EINVAL;
    }
}

long sys_info(word kind, word index, word va, word length)
{
    struct thread *thread = current_thread();
    union record record;
    long size = fill(&record, kind, index);

    if (size < 0)
        return size;
    size_t n = length < (word)size ? length : (size_t)size;
    size_t done = aspace_copy_out(&thread->task->aspace, va, &record, n);
    if (done < n)
        return fault_for_syscall(thread, va + done, ACCESS_WRITE);
    return size;
}
