/* SPDX-License-Identifier: MIT
 *
 * Small POSIX calls that libc.a or ordinary programs link against. There are no users: who one is, is
 * always 0. */
#include <errno.h>
#include <abi/info.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/internal.h"

/* Signals do not reach handlers from outside yet (raise() does, within picolibc), so there is
 * nothing to hold back: the mask is only remembered. */
int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    static sigset_t mask;

    if (old)
        *old = mask;
    if (!set)
        return 0;
    switch (how) {
    case SIG_BLOCK:
        mask |= *set;
        return 0;
    case SIG_UNBLOCK:
        mask &= ~*set;
        return 0;
    case SIG_SETMASK:
        mask = *set;
        return 0;
    }
    errno = EINVAL;
    return -1;
}
