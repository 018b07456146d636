/* SPDX-License-Identifier: MIT
 *
 * The process table: see process.h. */
#include "user/init/process.h"
#include "user/init/pagers.h"
#include "user/init/signal.h"
#include "user/init/wait.h"
#include <abi/info.h>
#include <signal.h>
#include <octavo/syscall.h>
#include <stdlib.h>
#include <string.h>

static struct process table[PROCESS_MAX];
static uint32_t next_pid = PROCESS_INIT;

static struct process *slot_of(uint64_t pid)
{
    return &table[pid % PROCESS_MAX];
}

static void adopt(struct process *parent, struct process *child)
{
    child->parent = parent;
    LIST_INSERT_HEAD(&parent->children, child, sibling);
    parent->child_count++;
}

static void abandon(struct process *child)
{
    LIST_REMOVE(child, sibling);
    child->parent->child_count--;
    child->parent = NULL;
}

/* The next id whose slot is free; NULL: there is none. */
static struct process *take_slot(void)
{
    for (unsigned i = 0; i < PROCESS_MAX; i++) {
        uint32_t pid = next_pid++;
        struct process *process = slot_of(pid);
        if (next_pid > INT32_MAX)
            next_pid = PROCESS_INIT + 1;
        if (process->pid || pid == 0)
            continue;
        *process =
            (struct process){.pid = pid, .started = (uint64_t)sys_clock(), .was_named = true};
        LIST_INIT(&process->children);
        STAILQ_INIT(&process->waiters);
        return process;
    }
    return NULL;
}

void process_setup(void)
{
    struct process *init = take_slot();
    strcpy(init->name, "init");
    init->state = PROCESS_RUNNING;
    init->task = HANDLE_SELF;
    init->is_wired = true;
}

/* Processes of each job, by its id's slot. Two jobs may share one, since a job can outlive the process
 * it is called after: then they share the limit, too. */
static uint16_t job_size[PROCESS_MAX];

/* What login starts. */
static bool is_shell(const struct process *process)
{
    const struct process *parent = process->parent;
    return parent->is_wired && parent->pid != PROCESS_INIT && !process->is_wired;
}

/* init's and login's children are in no job: servers and shells. Below, a job goes on. */
static uint32_t job_of(const struct process *process)
{
    const struct process *parent = process->parent;
    if (parent->job)
        return parent->job;
    bool from_shell = parent->parent && parent->parent->is_wired && !parent->is_wired;
    return from_shell ? process->pid : 0;
}

struct process *process_create(struct process *parent, const char name[PROCESS_NAME])
{
    if (parent->pid != PROCESS_INIT && parent->child_count >= PROCESS_MAX_CHILDREN)
        return NULL;
    if (parent->job && job_size[parent->job % PROCESS_MAX] >= PROCESS_MAX_JOB)
        return NULL;
    struct process *process = take_slot();
    if (!process)
        return NULL;
    adopt(parent, process);
    process->job = job_of(process);
    job_size[process->job % PROCESS_MAX]++;
    process->may_power = parent->may_power;
    process->group = is_shell(process) ? process->pid : parent->group;
    process->session = is_shell(process) ? process->pid : parent->session;
    memcpy(process->name, name, PROCESS_NAME);
    return process;
}

struct process *process_find(uint64_t pid)
{
    struct process *process = slot_of(pid);
    return pid && process->pid == pid && process->state != PROCESS_DISCARDED ? process : NULL;
}

struct process *process_next(uint64_t pid)
{
    struct process *best = NULL;
    for (struct process *p = table; p < table + PROCESS_MAX; p++)
        if (p->pid >= pid && process_find(p->pid) && (!best || p->pid < best->pid))
            best = p;
    return best;
}

struct process *process_each(const struct process *process)
{
    for (struct process *p = process ? table + (process - table) + 1 : table;
         p < table + PROCESS_MAX; p++)
        if (p->pid && p->state != PROCESS_DISCARDED)
            return p;
    return NULL;
}

bool process_is_alive(const struct process *process)
{
    return process->state == PROCESS_SUSPENDED || process->state == PROCESS_RUNNING;
}

bool process_descends(const struct process *process, const struct process *ancestor)
{
    while (process && process != ancestor)
        process = process->parent;
    return process != NULL;
}

void process_free(struct process *process)
{
    abandon(process);
    job_size[process->job % PROCESS_MAX]--;
    process->pid = 0;
}

/* Orphans go to init, which waits for nobody: those that have ended are gone at once. Nobody is left
 * who could start those that were never started. */
static void orphan_children(struct process *process)
{
    struct process *child;
    while ((child = LIST_FIRST(&process->children))) {
        if (child->state == PROCESS_ENDED) {
            process_free(child);
            continue;
        }
        abandon(child);
        adopt(slot_of(PROCESS_INIT), child);
        if (child->state == PROCESS_SUSPENDED)
            process_end(child, 0);
    }
}

void process_end(struct process *process, int status)
{
    if (!process_is_alive(process))
        return;
    process->state = PROCESS_ENDING;
    process->status = status;
    signal_forget(process);
    pagers_orphan(process);
    if (process->is_pager)
        pagers_ending(process);
    sys_task_control(process->task, TASK_KILL, 0, 0);
    wait_forget(process);
    orphan_children(process);
}

static void close_handles(struct process *process)
{
    sys_close(process->task);
    if (process->thread != HANDLE_NONE)
        sys_close(process->thread);
    process->task = process->thread = HANDLE_NONE;
}

void process_discard(struct process *process)
{
    process->state = PROCESS_DISCARDED;
    if (!process->was_named)
        process_free(process);
    if (process->task == HANDLE_NONE)
        return;
    sys_task_control(process->task, TASK_KILL, 0, 0);
    close_handles(process);
}

struct process *process_gone(uint64_t pid)
{
    struct process *process = slot_of(pid);
    if (!pid || process->pid != pid)
        return NULL;
    if (process->state == PROCESS_DISCARDED) {
        process_free(process);
        return NULL;
    }
    process_end(process, WAIT_STATUS_EXIT(0)); /* its last thread ended, and nobody called EXIT */
    struct info_task task;
    if (sys_info(INFO_OF, process->task, (unsigned long)&task, sizeof task) >= 0)
        process->run_time = task.run_time;
    close_handles(process);
    process->state = PROCESS_ENDED;
    bool wanted = !(process->parent->signals.ignored & 1u << SIGCHLD);
    if (process->is_wired || (process->parent->pid != PROCESS_INIT && wanted))
        return process;
    struct process *parent = process->parent;
    process_free(process);
    wait_fail_hopeless(parent);
    return NULL;
}
