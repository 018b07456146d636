/* SPDX-License-Identifier: MIT
 *
 * The process table: who exists, whose child it is, what state it is in. It knows nothing of messages
 * and loads nothing.
 *
 * A process id is slot + generation * PROCESS_MAX, and generations go on with the next slot, so an id
 * comes again only after some four billion others. Id = badge of the process's exception right; its
 * slot is free again when the kernel has told (CLOSED) that the last copy of that right is gone.
 *
 *     SUSPENDED --START--> RUNNING --EXIT, KILL, exception--> ENDING --CLOSED--> ENDED --WAIT--> free
 *                                     (from SUSPENDED too)                DISCARDED --CLOSED--> free
 *
 * DISCARDED is a process that could not be made; nobody sees it. */
#ifndef OCTAVO_INIT_PROCESS_H
#define OCTAVO_INIT_PROCESS_H

#include <abi/handle.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define PROCESS_MAX 256u
#define PROCESS_INIT 1u  /* init's own id */
#define PROCESS_NAME 16u /* bytes, with the final 0 */

/* A parent's children, zombies included; and a job's processes (see process.job): the limits that end
 * a bomb in EAGAIN for its author, with room left for a shell to kill it. */
#define PROCESS_MAX_CHILDREN 64u
#define PROCESS_MAX_JOB 128u

enum process_state { /* the first four as in proto/init.h */
                     PROCESS_SUSPENDED = 0,
                     PROCESS_RUNNING = 1,
                     PROCESS_ENDING = 2,
                     PROCESS_ENDED = 3,
                     PROCESS_DISCARDED = 4
};

/* A WAIT that has no answer yet. */
struct waiter {
    unsigned long token;
    int32_t pid; /* of the child, -group, or PROCESS_ANY */
    STAILQ_ENTRY(waiter) next;
};
#define PROCESS_ANY (-1)

LIST_HEAD(process_list, process);

/* What a program has told of its signals; bit n: signal n. */
struct process_signals {
    uint32_t handed;  /* its first thread is interrupted for them, and knows what to do */
    uint32_t ignored; /* nothing happens; SIGCHLD: nor are its children kept for a WAIT */
    uint32_t blocked; /* since an exec: kept in `held` until the program takes them */
    uint32_t held;
};

struct process {
    struct process_signals signals;
    uint64_t alarm, alarm_interval; /* kernel clock, and ns; 0 = none */
    uint64_t space;                 /* the badge at its pager, as its parent says */
    uint64_t run_time;              /* ns; once ENDED */
    bool has_executed;
    uint32_t pid;            /* 0: the slot is free */
    uint32_t group, session; /* POSIX's process group and session; 0 = none (a server) */
    uint32_t job; /* id of the ancestor (or itself) that a console shell started; 0 = none */
    enum process_state state;
    int status; /* ENDING, ENDED: <sys/wait.h>'s form */
    struct process *parent;
    struct process_list children;
    LIST_ENTRY(process) sibling;
    unsigned child_count;
    STAILQ_HEAD(, waiter) waiters;
    bool was_named;     /* there is, or was, a right with this pid as badge: CLOSED comes */
    handle_t thread;    /* its first thread; HANDLE_NONE before it runs */
    handle_t task;      /* HANDLE_NONE before it is made and after it is gone */
    uint32_t task_id;   /* the kernel's; 0 = not asked yet */
    uint64_t entry, sp; /* where it starts */
    uint64_t started;   /* kernel clock, ns */
    handle_t pipe;      /* in its own table: what INIT_SERVICE gave it */
    unsigned window;    /* of a wired one: where in its space init has its frames (layout.h) */
    uint32_t pager;     /* id of the pager that it has; 0: the system's, or init itself */
    bool is_wired;      /* init is its pager; it may not be killed by programs */
    bool is_pager;      /* one beside the system's (pagers.h); wired, but trusted as a program is */
    bool may_power;     /* login, and what it started */
    char name[PROCESS_NAME];
};

/* The table with init in it. */
void process_setup(void);

/* A new child, SUSPENDED, without a task. NULL: a limit is reached. */
struct process *process_create(struct process *parent, const char name[PROCESS_NAME]);

/* What goes by this id, DISCARDED excepted; NULL. */
struct process *process_find(uint64_t pid);

/* The one with the smallest id not below pid; NULL. */
struct process *process_next(uint64_t pid);

/* Stops it for good; `status` counts if it was not stopped before. Children go to init. */
void process_end(struct process *process, int status);

/* It could not be made. */
void process_discard(struct process *process);

/* The kernel has torn it down. Returns the process if a parent may now wait for it, else NULL; what
 * nobody can wait for is freed. */
struct process *process_gone(uint64_t pid);

/* An ENDED process was waited for. */
void process_free(struct process *process);

/* The next process after `process` (NULL: the first) in the table, zombies included; NULL: no more. */
struct process *process_each(const struct process *process);

bool process_is_alive(const struct process *process);

/* Whether it is `ancestor` or descends from it. */
bool process_descends(const struct process *process, const struct process *ancestor);

#endif
