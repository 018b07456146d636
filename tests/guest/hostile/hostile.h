/* SPDX-License-Identifier: MIT
 *
 * Programs that mean harm, or die where it hurts: whoever is not theirs must not notice.
 *
 *     paging.c    a pager of a child: never answers, answers garbage, dies
 *     serving.c   a server that dies with callers, answers RESTART for ever; a client whose memory
 *                 changes while servers read it
 *     killed.c    a client killed at each of its system calls, and at each of its faults
 *     upcalls.c   upcalls that come again and again, or while they are masked */
#ifndef OCTAVO_TESTS_HOSTILE_H
#define OCTAVO_TESTS_HOSTILE_H

#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/query.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define SELF "/test/hostile"
#define MS 1000000ul /* ns */

void paging_tests(void);
void serving_tests(void);
void killed_tests(void);
void upcall_tests(void);

/* What a child does, by its first argument. */
_Noreturn void paging_child(const char *what);
_Noreturn void serving_child(const char *what);
_Noreturn void killed_child(const char *what, const char *ticks_to_spin);
void serving_changed(void);
void upcall_child(void);

static inline void pause_ns(unsigned long ns)
{
    static unsigned nothing;

    sys_futex_wait((uintptr_t)&nothing, 0, (unsigned long)sys_clock() + ns);
}

/* recv, but not for ever: -ETIMEDOUT after 2 s. */
static inline long receive(handle_t port, struct message *m)
{
    return ipc_recv(port, (unsigned long)sys_clock() + 2000 * MS, m);
}

#endif
