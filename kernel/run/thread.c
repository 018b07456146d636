/* SPDX-License-Identifier: MIT
 *
 * The life of a thread: table, creation, waits that end early, death. See thread.h. Who runs is
 * sched.c's business. */
#include "kernel/run/thread.h"

#include "kernel/base/panic.h"
#include "kernel/run/futex.h"
#include "kernel/run/ipc.h"
#include "kernel/run/offsets.h"
#include "kernel/run/port.h"
#include "kernel/run/sched.h"
#include "kernel/run/task.h"
#include "kernel/run/vm.h"
#include "mm/buddy.h"
#include "mm/slab.h"
#include "mm/vmalloc.h"

#include <abi/errno.h>
#include <abi/layout.h>
#include <string.h>

OFFSETS_ASSERT(T_PC, offsetof(struct thread, pc));
OFFSETS_ASSERT(T_X(1), offsetof(struct thread, x));
OFFSETS_ASSERT(T_HART, offsetof(struct thread, hart));
OFFSETS_ASSERT(T_WORK, offsetof(struct thread, work));
OFFSETS_ASSERT(T_FULL, offsetof(struct thread, full));
OFFSETS_ASSERT(T_SYSCALLS, offsetof(struct thread, syscalls));

struct thread_slot *thread_table;
uint32_t thread_table_size;
static struct vm_area table_area;
static uint32_t lowest_free;
static struct slab_cache thread_cache;

static void release(struct object *object)
{
    struct thread *thread = thread_of(object);
    struct task *task = thread->task;

    account_free(task->account, &thread_cache, thread);
    object_unref(&task->object);
}

void thread_setup(void)
{
    object_kinds[OBJECT_THREAD].release = release;
    slab_create(&thread_cache, "thread", sizeof(struct thread), 64);
    if (vmalloc_reserve(&table_area, MSG_TOKEN_SLOTS * sizeof(struct thread_slot)))
        panic("no address space for the thread table");
    thread_table = (struct thread_slot *)table_area.base;
}

uint64_t thread_requests(void)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < thread_table_size; i++)
        sum += (thread_table[i].thread ? thread_table[i].thread->token : thread_table[i].token) /
               MSG_TOKEN_SLOTS;
    return sum;
}

static int slot_take(struct thread *thread)
{
    uint32_t slot = lowest_free;

    while (slot < thread_table_size && thread_table[slot].thread)
        slot++;
    if (slot == thread_table_size) {
        if (thread_table_size >= MSG_TOKEN_SLOTS)
            return -ENOMEM;
        uint32_t size = thread_table_size + PAGE_SIZE / sizeof(struct thread_slot);
        if (vmalloc_grow(&table_area, size * sizeof(struct thread_slot)))
            return -ENOMEM;
        for (uint32_t i = thread_table_size; i < size; i++)
            thread_table[i].token = i;
        thread_table_size = size;
    }
    thread_table[slot].thread = thread;
    thread->token = thread_table[slot].token;
    lowest_free = slot + 1;
    return 0;
}

static void slot_give(struct thread *thread)
{
    uint32_t slot = thread_slot(thread);

    thread_table[slot].thread = NULL;
    thread_table[slot].token = thread->token;
    if (slot < lowest_free)
        lowest_free = slot;
}

/* A number in the task that no live thread has, since it is also the place of the message page. */
static int number_take(struct task *task, uint32_t *number)
{
    for (uint32_t i = 0; i < MSG_THREADS; i++) {
        uint32_t n = (task->next_number + i) % MSG_THREADS;
        pte_t *slot = sv39_slot(task->aspace.root, MSG_BASE + n * PAGE_SIZE);
        if (!slot || !(pte_read(slot) & PTE_V)) {
            *number = n;
            task->next_number = n + 1;
            return 0;
        }
    }
    return -EMFILE;
}

/* Allocates the message page and maps it into the task's space. */
static int message_page_map(struct thread *thread)
{
    struct task *task = thread->task;
    struct sv39_pool pool;
    uintptr_t va = MSG_BASE + thread->number * PAGE_SIZE;
    struct page *page;

    if (!account_charge(task->account, PAGE_SIZE))
        return -ENOMEM;
    if (vm_tables_prepare(task, va, 1, &pool))
        goto no_tables;
    page = buddy_alloc(0, MM_ZERO);
    if (!page)
        goto no_page;
    aspace_map(&task->aspace, va, page_to_pa(page), 0,
               PTE_V | PTE_U | PTE_R | PTE_W | PTE_A | PTE_D, &pool);
    thread->msg = page_to_virt(page);
    return 0;

no_page:
    vm_tables_finish(task, &pool);
no_tables:
    account_uncharge(task->account, PAGE_SIZE);
    return -ENOMEM;
}

static void message_page_unmap(struct thread *thread)
{
    struct task *task = thread->task;
    uintptr_t va = MSG_BASE + thread->number * PAGE_SIZE;
    unsigned level;

    aspace_unmap(&task->aspace, va, &level);
    aspace_shootdown(&task->aspace, va, 1);
    buddy_free(virt_to_page(thread->msg), 0);
    thread->msg = NULL;
    account_uncharge(task->account, PAGE_SIZE);
}

void thread_begin(struct thread *thread, uintptr_t pc, uintptr_t sp, uint64_t argument)
{
    memset(thread->x, 0, sizeof(thread->x));
    memset(thread->f, 0, sizeof(thread->f));
    thread->pc = pc;
    thread_x(thread, X_SP) = sp;
    thread_x(thread, X_A0) = argument;
    thread_x(thread, X_A0 + 1) = MSG_BASE + thread->number * PAGE_SIZE;
    thread->full = 1;
    thread->masked = 0;
}

struct thread *thread_create(struct task *task, uintptr_t pc, uintptr_t sp, uint64_t argument,
                             unsigned priority, int *error)
{
    struct thread *thread = account_alloc(task->account, &thread_cache);

    *error = -ENOMEM;
    if (!thread)
        return NULL;
    thread->task = task;
    *error = number_take(task, &thread->number);
    if (*error)
        goto no_number;
    *error = message_page_map(thread);
    if (*error)
        goto no_number;
    *error = slot_take(thread);
    if (*error)
        goto no_slot;
    thread->object.type = OBJECT_THREAD;
    thread->object.refs = 2; /* the caller's, and one while it lives */
    object_ref(&task->object);
    TAILQ_INSERT_TAIL(&task->thread_list, thread, of_task);
    task->threads++;
    thread_begin(thread, pc, sp, argument);
    thread->priority = (uint8_t)priority;
    thread->deadline = TIME_NEVER;
    return thread;

no_slot:
    message_page_unmap(thread);
no_number:
    account_free(task->account, &thread_cache, thread);
    return NULL;
}

void thread_detach(struct thread *thread)
{
    sched_deadline_cancel(thread);
    switch (thread->state) {
    case THREAD_READY:
        sched_unready(thread);
        break;
    case THREAD_SENDING:
        TAILQ_REMOVE(&thread->port->callers, thread, queue);
        break;
    case THREAD_RECEIVING:
        port_remove_receiver(thread->port, thread);
        break;
    case THREAD_SLEEPING:
        futex_leave(thread);
        break;
    default:
        break;
    }
    thread->port = NULL;
    thread->server = NULL;
    thread->answered = 0;
}

bool thread_abort(struct thread *thread, long result)
{
    bool in_call = (thread->state == THREAD_SENDING || thread->state == THREAD_WAITING) &&
                   thread->message == MSG_KIND_CALL;

    if (!in_call && thread->state != THREAD_RECEIVING && thread->state != THREAD_SLEEPING)
        return false;
    thread_detach(thread);
    right_drop(thread);
    thread_x(thread, X_A0) = (uint64_t)result;
    sched_ready(thread);
    return true;
}

void thread_interrupt(struct thread *thread)
{
    if (!thread->masked && ((thread->state != THREAD_SENDING && thread->state != THREAD_WAITING) ||
                            thread_x(thread, X_A0 + 1) & MSG_INTERRUPT))
        thread_abort(thread, -EINTR);
}

void thread_end(struct thread *thread)
{
    struct task *task = thread->task;

    if (thread->state == THREAD_DEAD)
        return;
    thread_detach(thread);
    thread->state = THREAD_DEAD;
    right_drop(thread);
    slot_give(thread);
    message_page_unmap(thread);
    TAILQ_REMOVE(&task->thread_list, thread, of_task);
    task->threads--;
    task->syscalls += thread->syscalls;
    task->run_time += thread->run_time;
    task_thread_ended(task);
    object_unref(&thread->object);
}

void thread_hurry(struct thread *thread)
{
    if (thread->hart == hart_this())
        return;
    thread->hart->work |= HART_LOOK;
    hart_poke(thread->hart);
}

void thread_look(void)
{
    for (uint32_t slot = 0; slot < thread_table_size; slot++) {
        struct thread *thread = thread_at(slot);
        if (!thread || !thread->work || thread->state <= THREAD_RUNNING)
            continue;
        if (thread->work & WORK_DIE)
            task_reap_later(thread->task);
        else if (thread->work & WORK_SIGNAL)
            thread_interrupt(thread);
    }
}
