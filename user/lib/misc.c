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

int getpagesize(void)
{
    return (int)PAGE_SIZE;
}

long sysconf(int name)
{
    struct info_system system;

    switch (name) {
    case _SC_PAGESIZE:
        return (long)PAGE_SIZE;
    case _SC_OPEN_MAX:
        return OCTAVO_FD_MAX;
    case _SC_CLK_TCK:
        return CLOCKS_PER_SEC;
    case _SC_ARG_MAX:
        return START_MAX;
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
    case _SC_PHYS_PAGES:
    case _SC_AVPHYS_PAGES:
        if (octavo_result(sys_info(INFO_SYSTEM, 0, (uintptr_t)&system, sizeof(system))) < 0)
            return -1;
        return name == _SC_PHYS_PAGES     ? (long)system.frames_total
               : name == _SC_AVPHYS_PAGES ? (long)system.frames_free
                                          : (long)system.harts;
    }
    errno = EINVAL;
    return -1;
}

uid_t getuid(void)
{
    return 0;
}

uid_t geteuid(void)
{
    return 0;
}

gid_t getgid(void)
{
    return 0;
}

gid_t getegid(void)
{
    return 0;
}
