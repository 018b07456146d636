/* SPDX-License-Identifier: MIT
 *
 * Threads: registers, where it waits, and what it is owed. The first fields are trap.S's
 * (kernel/run/offsets.h). */
#ifndef OCTAVO_KERNEL_THREAD_H
#define OCTAVO_KERNEL_THREAD_H

#include "kernel/base/fp.h"
#include "kernel/object/object.h"
#include "mm/sv39.h"

#include <abi/info.h>
#include <abi/msg.h>
#include <abi/task.h>
#include <abi/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct hart;
struct port;
struct right;
struct task;

/* thread.work: what to do before it runs user code again. */
#define WORK_DIE 1ul       /* its task or itself was ended */
#define WORK_SIGNAL 2ul    /* `signals` wait for delivery */
#define WORK_EXCEPTION 4ul /* a refused fault or another trap: upcall, or EXCEPTION to init */
#define WORK_RETURN 8ul    /* THREAD_RETURN: continue with the frame at `return_frame` */

struct thread {
    uint64_t pc;
    uint64_t x[31];    /* x1..x31 at x[0]..x[30]; see thread_x */
    struct hart *hart; /* where it runs, or ran last */
    uint64_t work;     /* WORK_* */
    uint64_t full;     /* 1: t0-t6 are saved, too (fault, interrupt); 0: a system call */
    uint64_t syscalls;
    uint64_t f[FP_WORDS]; /* as of the last switch-out with FS = Dirty */

    struct object object;
    struct task *task;    /* referenced */
    struct msg_page *msg; /* kernel address of the message page */
    uint8_t state;        /* enum thread_state */
    uint8_t priority;
    uint8_t masked;  /* upcalls wait */
    uint8_t message; /* enum msg_kind CALL, FAULT, EXCEPTION, while SENDING or WAITING */
    uint32_t number; /* in its task */
    /* Of its present request, or of the last: serial number * MSG_TOKEN_SLOTS + its slot in thread_table. */
    uint64_t token;

    struct task *server;       /* WAITING: who owes the answer; else NULL */
    struct right *via;         /* SENDING, WAITING: through which right; referenced */
    struct port *port;         /* SENDING, RECEIVING: where; else of no meaning */
    struct msg_buffer in, out; /* of its request */
    uint64_t answered; /* WAITING: items of the answer that are applied, pages of the next << 32 */

    /* A fault in flight: FAULT's words, and what happens after it. */
    uintptr_t fault_va;
    pte_t *fault_slot;     /* fault_va's PTE, where it stays as long as the space; NULL: no table */
    uint32_t fault_access; /* ACCESS_* */
    bool in_syscall;       /* taken on behalf of a system call, which is then repeated */
    uintptr_t restart_va, restart_end; /* RESTART: pages still to be looked at */

    /* WORK_EXCEPTION, and EXCEPTION's words: scause, stval, and VM_FAULT_* where it is a page fault. */
    uint64_t exception_cause, exception_value;
    uint32_t exception_code;

    uintptr_t return_frame;
    uint64_t signals;  /* THREAD_INTERRUPT's bits */
    uint64_t deadline; /* in ticks of the time register; ~0 = none */
    bool timed;        /* in its hart's timer tree */
    struct hart *timer_hart;
    uint64_t run_time; /* ticks on a hart */

    uintptr_t futex_va;
    TAILQ_ENTRY(thread) queue; /* run queue, port's callers or receivers, futex bucket */
    TAILQ_ENTRY(thread) of_task;
    struct tree_node timer;
};

TAILQ_HEAD(thread_queue, thread);

/* The registers come first in a thread, so its object header does not. */
static inline struct thread *thread_of(struct object *object)
{
    return object ? (struct thread *)((char *)object - offsetof(struct thread, object)) : NULL;
}

/* Register xN, 1 <= n <= 31. */
#define thread_x(thread, n) ((thread)->x[(n)-1])
#define X_RA 1
#define X_SP 2
#define X_A0 10

void thread_setup(void);

/* A thread of the task, READY but not queued, its message page mapped. NULL: *error says ENOMEM or
 * EMFILE (too many). The caller holds the reference that comes with it. */
struct thread *thread_create(struct task *task, uintptr_t pc, uintptr_t sp, uint64_t argument,
                             unsigned priority, int *error);

/* A thread that is on no hart begins (anew) here: all registers 0 but a0 = argument, a1 = its message page,
 * upcalls unmasked. */
void thread_begin(struct thread *thread, uintptr_t pc, uintptr_t sp, uint64_t argument);

/* Requests that any thread ever had received, for statistics. */
uint64_t thread_requests(void);

static inline uint32_t thread_slot(const struct thread *thread)
{
    return thread->token % MSG_TOKEN_SLOTS;
}

/* The table of all threads: slot -> thread, or NULL. The serial numbers of a slot go on when it is
 * used again, so an old token stays stale. */
struct thread_slot {
    struct thread *thread;
    uint64_t token; /* of its last request, while it is free */
};
extern struct thread_slot *thread_table;
extern uint32_t thread_table_size;

static inline struct thread *thread_at(uint32_t slot)
{
    return slot < thread_table_size ? thread_table[slot].thread : NULL;
}

/* The thread that a token names, or NULL. */
static inline struct thread *thread_find(uint64_t token)
{
    struct thread *thread = thread_at(token % MSG_TOKEN_SLOTS);

    return thread && thread->token == token ? thread : NULL;
}

/* Takes the thread out of whatever it waits in: queue, timer, request. Its state is then up to the
 * caller. Must not be RUNNING. */
void thread_detach(struct thread *thread);

/* Ends a thread that is on no hart: DEAD, slot and message page given up. */
void thread_end(struct thread *thread);

/* The thread is RUNNING and got `work`: its hart is told, if that is another one. It may be on its way
 * into a call that blocks; thread_look, on that hart, then does the work instead. */
void thread_hurry(struct thread *thread);
void thread_look(void);

/* Its blocked call ends now with this result. No-op unless it is blocked in a system call. */
bool thread_abort(struct thread *thread, long result);

/* A signal waits for it: ends what it is blocked in with EINTR, if that may be. */
void thread_interrupt(struct thread *thread);

#endif
