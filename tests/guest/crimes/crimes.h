/* SPDX-License-Identifier: MIT
 *
 * Crimes: every argument of every system call with every bad value of its kind, and what is beyond
 * that. Each has one exact outcome.
 *
 *     world.c     what a crime needs: live handles of each type, a waiting caller, a child task
 *     values.c    the bad values of each kind of argument
 *     table.c     the system calls: kinds of their arguments, and the outcome of each value
 *     main.c      runs the table
 *     stateful.c  crimes that take several steps: stale tokens, forged faults, others' callers
 *     files.c     open files, and files by name, in the same way
 *     protocol.c  the servers' protocols, with bad words, buffers and handles
 *     fatal.c     what ends a program, each in a child */
#ifndef OCTAVO_TESTS_CRIMES_H
#define OCTAVO_TESTS_CRIMES_H

#include <octavo/ipc.h>
#include <stdbool.h>
#include <stddef.h>

#define SELF "/test/crimes"
#define ARGUMENTS 7

/* --- world.c --- */

struct world {
    handle_t port;    /* nobody receives; a notification is pending, if asked for */
    handle_t right;   /* to the answering server, badge BADGE, mask 3 */
    handle_t weak;    /* the same without any right on it */
    handle_t thread;  /* an idle thread of this task */
    handle_t task;    /* an empty task, paged by the server; H_ALL but what tasks never have */
    handle_t account; /* a child account, empty */
    handle_t stale;   /* closed */
    handle_t space;   /* the task's pager and exception right */
    unsigned long space_badge;
    unsigned with;             /* WITH_* */
    unsigned long token;       /* of a caller that waits for this task's answer, if asked for */
    unsigned long stale_token; /* answered already */
};

#define NOTIFY_MASK 3ul

extern struct world world;
extern handle_t server_port;     /* of the answering server; the pager of world.task */
extern char page[2 * PAGE_SIZE]; /* ordinary memory, page-aligned */
extern unsigned idle_word;       /* 0, always: idle threads sleep on it */
extern unsigned word;            /* a futex, holds FUTEX_VALUE */
#define FUTEX_VALUE 5u
#define WINDOW 0x2800000000ul         /* one page of page_alloc */
#define FREE_PAGE 0x2900000000ul      /* nothing is there, nor will be */
#define FORBIDDEN_PAGE 0x2a00000000ul /* PROT_NONE */

void idle_entry(void); /* for a thread that is to sleep on the word at its argument */

/* Once: threads, memory. 0, or a negative errno. */
long world_setup(void);

#define WITH_TOKEN 1u  /* a caller waits; its `in` and `out` are BUFFER bytes */
#define WITH_NOTICE 2u /* a notification is pending at the port */
#define BUFFER 64u
void world_up(unsigned with);
void world_down(void);

/* From now on, if a call blocks for RESCUE_MS, a notification at world.port and a futex_wake end it. */
#define RESCUE_MS 30ul
void rescue_arm(void);
bool rescue_disarm(void); /* was it needed? */

/* --- values.c --- */

/* Kinds: h handle, a address, n number, d deadline, g tag, t token. */
unsigned value_count(char kind);
unsigned long value_get(char kind, unsigned index);
const char *value_name(char kind, unsigned index);

/* --- table.c --- */

struct row {
    unsigned number;   /* SYS_* */
    const char *name;  /* shown; NULL: the call's own name */
    const char *kinds; /* one a letter, as many as the call has arguments; '.': not varied here */
    unsigned with;     /* WITH_* */
    bool rescue;       /* it may wait */
    bool in_child;     /* a case may end the program, or cost it what it needs */
    unsigned long (*base)(unsigned argument); /* the rest of the arguments: harmless */
    const char *outcome[ARGUMENTS]; /* for each varied argument a letter a value: see table.c */
};

extern const struct row rows[];
extern const unsigned row_count;

/* --- the rest --- */

long stateful_steal(unsigned long token);
void stateful_crimes(void);
void protocol_crimes(void);
void file_crimes(handle_t con);
void fatal_crimes(void);
void fatal_messages(void); /* status and expected line of each, for crimes_messages.py */
_Noreturn void fatal_commit(const char *name); /* in a child */

#endif
