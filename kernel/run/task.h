/* SPDX-License-Identifier: MIT
 *
 * Tasks: an address space, a handle table, an account, a pager right, an exception right. */
#ifndef OCTAVO_KERNEL_TASK_H
#define OCTAVO_KERNEL_TASK_H

#include "kernel/object/account.h"
#include "kernel/object/handle.h"
#include "kernel/run/thread.h"
#include "mm/aspace.h"

#include <abi/info.h>

struct port;
struct right;

struct task {
    struct object object;
    struct aspace aspace;
    struct handle_table handles;
    struct account *account; /* referenced */
    struct right *pager;     /* referenced; NULL: init, or dead */
    struct right *exception; /* referenced; NULL: init, or dead */
    struct right *pressure;  /* referenced; told of low memory with pressure_bits */
    uint64_t pressure_bits;
    uintptr_t upcall; /* entry address; 0 = none */
    uint32_t names;   /* handles on it in others' tables; at the last one's end it is killed */
    uint8_t ceiling;  /* highest priority of its threads */
    bool dying;
    bool reaping; /* on the list of those that are torn down */
    bool serves;  /* it made a port once, so it may owe answers */
    uint32_t id;
    uint32_t threads; /* not DEAD yet */
    uint32_t next_number;
    uint64_t frames; /* PAGE_USER frames whose owner this is */
    uint64_t faults;
    uint64_t syscalls, run_time; /* of threads that ended */
    TAILQ_HEAD(, thread) thread_list;
    LIST_HEAD(, port) ports;
    uint32_t teardown_slot; /* dying: threads below it in the table no longer wait for its answer */
    TAILQ_ENTRY(task) all, reap;
    char name[INFO_NAME];
};

TAILQ_HEAD(task_list, task);
extern struct task_list tasks; /* by id, ascending */
extern uint32_t task_count;

void task_setup(void);

/* NULL: *error says why. References to the rights and the account are taken. */
struct task *task_create(struct account *account, struct right *pager, struct right *exception,
                         unsigned ceiling, const char name[INFO_NAME], int *error);

/* Ends it: marks it and its threads, and leaves the rest to task_reap. */
void task_kill(struct task *task);

/* A thread of a dying task left its hart: task_reap has something to do. */
void task_reap_later(struct task *task);

/* Called when a thread of a dying task is DEAD. */
void task_thread_ended(struct task *task);

/* One chunk of teardown of one dead task; false: nothing is left to do. */
bool task_reap(void);

/* Memory runs low. Called from within an allocation, so it only takes note: a message that is being
 * delivered right now may be the cause, and its receiver must not get another meanwhile. */
void task_pressure(void);

/* On the way out of the kernel: notifies every task that asked. */
void task_pressure_tell(void);

/* A PAGE_USER frame that nobody maps any more goes back. */
void task_frame_free(struct page *page);

#endif
