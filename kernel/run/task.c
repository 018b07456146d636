/* SPDX-License-Identifier: MIT
 *
 * The life of a task. See task.h. Death has three steps: task_kill marks it and its threads; task_reap ends
 * them as they are off their harts, then fences and unmaps the space; only then are its handles closed, so
 * whoever gets CLOSED may use the frames again. All of it in chunks. */
#include "kernel/run/task.h"

#include "kernel/run/hart.h"
#include "kernel/run/ipc.h"
#include "kernel/run/port.h"
#include "kernel/run/vm.h"
#include "mm/buddy.h"
#include "mm/slab.h"

#include <abi/errno.h>
#include <abi/layout.h>
#include <string.h>

#define REAP_LEAVES 64 /* a chunk: leaves unmapped, handles closed, rights cut off */
#define REAP_THREADS 8
#define REAP_ENTRIES 4096 /* of the thread table */

struct task_list tasks = TAILQ_HEAD_INITIALIZER(tasks);
uint32_t task_count;
static struct task_list dead = TAILQ_HEAD_INITIALIZER(dead);
static uint32_t next_id = 1;
static struct slab_cache task_cache;

static void named(struct object *object, const struct handle_table *table)
{
    struct task *task = (struct task *)object;

    if (table != &task->handles)
        task->names++;
}

static void unnamed(struct object *object, const struct handle_table *table)
{
    struct task *task = (struct task *)object;

    if (table != &task->handles && --task->names == 0)
        task_kill(task); /* nobody could end it any more */
}

/* It is given back when, besides, nobody maps frames of it any more. */
static void release(struct object *object)
{
    struct task *task = (struct task *)object;
    struct account *account = task->account;

    if (task->frames)
        return;
    account_free(account, &task_cache, task);
    object_unref(&account->object);
}

void task_setup(void)
{
    object_kinds[OBJECT_TASK] = (struct object_kind){release, named, unnamed};
    slab_create(&task_cache, "task", sizeof(struct task), 64);
}

static void handles_of_birth(struct task *task)
{
    handle_put_at(&task->handles, HANDLE_SELF, &task->object, H_MANAGE);
    handle_put_at(&task->handles, HANDLE_ACCOUNT, &task->account->object, H_MANAGE);
    if (task->pager)
        handle_put_at(&task->handles, HANDLE_PAGER, &task->pager->object, H_CALL);
    if (task->exception)
        handle_put_at(&task->handles, HANDLE_INIT, &task->exception->object, H_CALL);
}

struct task *task_create(struct account *account, struct right *pager, struct right *exception,
                         unsigned ceiling, const char name[INFO_NAME], int *error)
{
    *error = -ENOMEM;
    if (!account_charge(account, PAGE_SIZE)) /* its root page table */
        return NULL;
    struct task *task = account_alloc(account, &task_cache);
    if (!task)
        goto no_task;
    task->object.type = OBJECT_TASK;
    task->object.refs = 2; /* the caller's, and one while it lives */
    if (aspace_init(&task->aspace, task))
        goto no_space;
    if (handle_table_init(&task->handles, account))
        goto no_handles;
    for (uint32_t i = 0; i < hart_count && !task->aspace.asid; i++)
        harts[i].slow |= HART_FLUSH;
    task->account = account;
    object_ref(&account->object);
    task->pager = pager;
    if (pager) {
        object_ref(&pager->object);
        pager->space = task;
        pager->object.personal = true;
    }
    task->exception = exception;
    if (exception)
        object_ref(&exception->object);
    task->ceiling = (uint8_t)ceiling;
    memcpy(task->name, name, INFO_NAME);
    task->name[INFO_NAME - 1] = 0;
    task->id = next_id++;
    TAILQ_INIT(&task->thread_list);
    LIST_INIT(&task->ports);
    TAILQ_INSERT_TAIL(&tasks, task, all);
    task_count++;
    handles_of_birth(task);
    *error = 0;
    return task;

no_handles:
    aspace_destroy(&task->aspace, vm_leaf_put, REAP_LEAVES); /* one call: nothing is mapped */
no_space:
    account_free(account, &task_cache, task);
no_task:
    account_uncharge(account, PAGE_SIZE);
    return NULL;
}

void task_reap_later(struct task *task)
{
    hart_this()->work |= HART_REAP;
    if (task->reaping)
        return;
    task->reaping = true;
    object_ref(&task->object);
    TAILQ_INSERT_TAIL(&dead, task, reap);
}

static void reap_done(struct task *task)
{
    TAILQ_REMOVE(&dead, task, reap);
    task->reaping = false;
    object_unref(&task->object);
}

void task_kill(struct task *task)
{
    struct thread *thread;

    if (task->dying)
        return;
    task->dying = true;
    TAILQ_FOREACH (thread, &task->thread_list, of_task) {
        thread->work |= WORK_DIE;
        if (thread->state == THREAD_RUNNING)
            thread_hurry(thread);
    }
    task_reap_later(task);
}

void task_thread_ended(struct task *task)
{
    if (task->threads)
        return;
    if (task->dying)
        task_reap_later(task);
    else
        task_kill(task); /* nobody is left to run it */
}

void task_pressure(void)
{
    hart_this()->work |= HART_PRESSURE;
}

void task_pressure_tell(void)
{
    struct task *task;

    TAILQ_FOREACH (task, &tasks, all)
        if (task->pressure && task->pressure->port)
            port_notify(task->pressure->port, task->pressure_bits);
}

void task_frame_free(struct page *page)
{
    struct task *owner = page->owner;

    if (page->state != PAGE_USER) /* boot archive: never buddy's */
        return;
    page->owner = NULL;
    buddy_free(page, 0);
    account_uncharge_frames(owner->account, 1);
    if (--owner->frames == 0 && owner->object.refs == 0)
        release(&owner->object);
}

/* Ends threads that are on no hart, a few at a time; true: there may be more. */
static bool end_some(struct task *task)
{
    struct thread *thread, *next;
    unsigned budget = REAP_THREADS;

    TAILQ_FOREACH_SAFE (thread, &task->thread_list, of_task, next) {
        if (thread->state == THREAD_RUNNING)
            continue;
        if (!budget--)
            return true;
        thread_end(thread);
    }
    return false;
}

bool task_reap(void)
{
    struct task *task = TAILQ_FIRST(&dead);
    struct port *port;

    if (!task)
        return false;
    if (task->threads) {
        if (!end_some(task) &&
            task->threads) /* they come back when their harts have let go of them */
            reap_done(task);
        return !TAILQ_EMPTY(&dead);
    }
    if (task->aspace.root) {
        size_t before = task->aspace.tables;
        bool more = aspace_destroy(&task->aspace, vm_leaf_put, REAP_LEAVES);
        account_uncharge(task->account, (before - (more ? task->aspace.tables : 0)) * PAGE_SIZE);
        return true;
    }
    if ((port = LIST_FIRST(&task->ports))) {
        port_kill(port, REAP_LEAVES);
        return true;
    }
    if (task->serves) {
        task->serves = ipc_fail_server(task, &task->teardown_slot, REAP_ENTRIES);
        return true;
    }
    if (handle_table_destroy(&task->handles, REAP_LEAVES))
        return true;
    TAILQ_REMOVE(&tasks, task, all);
    task_count--;
    struct right *pager = task->pager, *exception = task->exception, *pressure = task->pressure;
    task->pager = task->exception = task->pressure = NULL;
    if (pager) {
        pager->space = NULL;
        pager->object.personal = false;
        object_unref(&pager->object);
    }
    if (exception)
        object_unref(&exception->object);
    if (pressure)
        object_unref(&pressure->object);
    object_unref(&task->object); /* the life's */
    reap_done(task);
    return !TAILQ_EMPTY(&dead);
}
