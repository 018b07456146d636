/* SPDX-License-Identifier: MIT
 *
 * picolibc's <time.h> with the parts shown that Octavo has and picolibc hides or lacks: the clocks, and of
 * struct tm the two members that POSIX.1-2024 adds. */
#ifndef OCTAVO_TIME_H
#define OCTAVO_TIME_H

#include <sys/types.h> /* the next one takes pid_t as declared */

/* All versions of picolibc are built with a struct tm that ends with tm_isdst, and from 1.8.11 on their
 * header has no way to say more. */
#define tm_isdst    \
    tm_isdst;       \
    long tm_gmtoff; \
    const char *tm_zone
#define tzname octavo_tzname_of_picolibc /* constant in some versions */

#include_next <time.h>

#undef tm_isdst
#undef tzname

#ifdef __cplusplus
extern "C" {
#endif

/* From 1.8.11 on picolibc gives it another number with _GNU_SOURCE than without; and with _GNU_SOURCE it
 * shows the clock of a thread, which is not there. */
#undef CLOCK_PROCESS_CPUTIME_ID
#undef CLOCK_THREAD_CPUTIME_ID
#define CLOCK_PROCESS_CPUTIME_ID 2

#ifndef TIMER_ABSTIME
#define TIMER_ABSTIME 4
#endif

int clock_nanosleep(clockid_t id, int flags, const struct timespec *wanted, struct timespec *left);

#if __POSIX_VISIBLE
extern char *tzname[2]; /* of standard and of daylight saving time; tzset sets these three */
#endif
#if __XSI_VISIBLE
extern long timezone; /* seconds west of Greenwich */
extern int daylight;  /* does the zone ever have daylight saving time? */
#endif

#ifdef __cplusplus
}
#endif

#endif
