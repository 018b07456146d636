/* SPDX-License-Identifier: MIT
 *
 * picolibc's <time.h> with the parts shown that Octavo has and picolibc hides: the clocks. */
#ifndef OCTAVO_TIME_H
#define OCTAVO_TIME_H

#ifndef _POSIX_TIMERS
#define _POSIX_TIMERS 1
#endif
#ifndef _POSIX_MONOTONIC_CLOCK
#define _POSIX_MONOTONIC_CLOCK 200112L
#endif
#ifndef _POSIX_CPUTIME
#define _POSIX_CPUTIME 200112L
#endif

#include <sys/types.h> /* the next one takes pid_t as declared */
#include_next <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef TIMER_ABSTIME
#define TIMER_ABSTIME 4
#endif

int clock_nanosleep(clockid_t id, int flags, const struct timespec *wanted, struct timespec *left);

#ifdef __cplusplus
}
#endif

#endif
