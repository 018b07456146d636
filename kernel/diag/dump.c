/* SPDX-License-Identifier: MIT
 *
 * The dump behind the console key: tasks, their threads, memory. For people; programs use info. */
#include "kernel/diag/dump.h"

#include "kernel/base/print.h"
#include "kernel/base/stats.h"
#include "kernel/run/port.h"
#include "kernel/run/sched.h"
#include "kernel/run/task.h"
#include "mm/buddy.h"

static const char *const state_names[] = {"new",       "ready",    "running", "sending", "waiting",
                                          "receiving", "sleeping", "stopped", "dead"};

static void dump_task(const struct task *task)
{
    const struct thread *thread;

    print("task %u %s%s: %lu frames, %zu pages mapped, %zu tables, %u handles, %lu faults, "
          "kernel %lu of %lu bytes\n",
          task->id, task->name, task->dying ? " (dying)" : "", task->frames, task->aspace.resident,
          task->aspace.tables, task->handles.used, task->faults, task->account->bytes,
          task->account->bytes_limit);
    TAILQ_FOREACH (thread, &task->thread_list, of_task)
        print("  thread %u: %s, priority %u, pc %#lx, sp %#lx%s%s\n", thread->number,
              state_names[thread->state], thread->priority, thread->pc, thread->x[X_SP - 1],
              thread->state == THREAD_WAITING && thread->server ? ", answer owed by " : "",
              thread->state == THREAD_WAITING && thread->server ? thread->server->name : "");
}

void dump_all(void)
{
    const struct task *task;
    struct mminfo_totals totals;

    print("\n--- tasks ---\n");
    TAILQ_FOREACH (task, &tasks, all)
        dump_task(task);
    buddy_totals(&totals);
    print("--- memory, in frames ---\nram %lu = reserved %lu + free %lu + per hart %lu + kernel "
          "%lu + "
          "slab %lu + tables %lu + user %lu\n",
          totals.ram, totals.reserved, totals.free, totals.in_harts, totals.kernel, totals.slab,
          totals.pgtable, totals.user);
    for (uint32_t i = 0; i < hart_count; i++)
        print("hart %u (id %lu): %s, %lu switches\n", i, harts[i].id,
              harts[i].idle      ? "idle"
              : harts[i].current ? harts[i].current->task->name
                                 : "in the kernel",
              harts[i].switches);
    print("faults %lu, calls %lu\n--- end ---\n", stats.faults, thread_requests() - stats.faults);
}
