/* SPDX-License-Identifier: MIT
 *
 * What stands between the pager and its policy, which may be anybody's file: a call that crashes or does
 * not come back ends, says so with a backtrace and the last lines of policy_log, and the caller goes on
 * as if it had not called. What becomes of the policy is switch.c's to say. When the pager itself
 * crashes it says the same of itself, and dies.
 *
 * Only the main thread may call policies. The kernel enters guard_upcall (guard_entry.S) on a stack of its
 * own, so that a policy may also run out of stack. A second thread looks every now and then whether the
 * same call is still under way; it counts its own looks and not the time, so a host that stands still
 * proves nothing. */
#ifndef PAGER_GUARD_H
#define PAGER_GUARD_H

#define GUARD_SP 0 /* offsets in struct guard, for guard_entry.S */
#define GUARD_CALLS 8
#define GUARD_WHAT 16
#define GUARD_ASLEEP 24
#define GUARD_BUSY 28
#define GUARD_PAGE_UPCALL 2136 /* of upcall in struct msg_page */
#define GUARD_SAVED 112        /* bytes on the stack of guard_call: ra, s0..s11 */

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>

struct guard {
    uint64_t sp;             /* in guard_call; 0: no policy is being called */
    uint64_t calls;          /* so far */
    const char *what;        /* which function */
    uint32_t asleep;         /* futex: 1 = the watching thread waits to be woken by the next call */
    uint32_t busy;           /* the upcall's stack is in use */
    uint32_t serving;        /* in a service that must not be left in the middle */
    bool overdue;            /* and when it is done, this call ends */
    const char *policy;      /* its name */
    const char *blame;       /* why a service has ended it, or NULL */
    volatile uint64_t hangs; /* the call that has not come back */
};
extern struct guard guard;

struct guard_result {
    uint64_t value;
    uint64_t failed; /* 1: it did not return, and that has been said */
};

/* function(a, b, c). */
struct guard_result guard_call(const void *function, uint64_t a, uint64_t b, uint64_t c,
                               const char *what);

/* The call under way ends here: a service was asked for nonsense. Otherwise the pager's own bug. */
_Noreturn void guard_blame(const char *why);

/* The policy in force has done something wrong, if not in this call: says so, with its log. */
void guard_complain(const char *what);

/* Says why, and ends the pager. */
_Noreturn void guard_end(const char *why);

/* Around what a service does to the pager's own data. */
static inline void guard_serve(void)
{
    guard.serving++;
}

static inline void guard_served(void)
{
    if (--guard.serving == 0 && __builtin_expect(guard.overdue, 0))
        guard_blame("it does not come back");
}

/* Before the first policy begins, in the thread that calls policies. */
void guard_setup(void);

#endif
#endif
