/* SPDX-License-Identifier: MIT
 *
 * Time. The kernel counts nanoseconds since boot; init knows what time it was then. */
#include <errno.h>
#include <abi/info.h>
#include <limits.h>
#include <proto/init.h>
#include <signal.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

#define NS_PER_US 1000ul
#define NS_PER_S 1000000000ul
#define US_PER_S 1000000ul

static struct timespec timespec_of(unsigned long ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};
}

bool octavo_deadline(const struct timespec *t, unsigned long *deadline)
{
    unsigned long now = (unsigned long)sys_clock(), most = (DEADLINE_NEVER - now) / NS_PER_S - 1;
    unsigned long seconds = (unsigned long)t->tv_sec;

    *deadline =
        seconds < most ? now + seconds * NS_PER_S + (unsigned long)t->tv_nsec : DEADLINE_NEVER - 1;
    return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < (long)NS_PER_S;
}

unsigned long octavo_run_time(void)
{
    struct info_task task;

    return sys_info(INFO_SELF, 0, (uintptr_t)&task, sizeof(task)) < 0 ? 0 : task.run_time;
}

/* ns since 1970 when the kernel's clock was 0, or a negative errno; asked once. */
static long clock_offset(void)
{
    static long known; /* the same for all threads, so a race is harmless */

    if (known <= 0)
        known = octavo_ask(HANDLE_INIT, &(struct message){.tag = INIT_REAL_TIME});
    return known;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
    long offset = id == CLOCK_REALTIME             ? clock_offset()
                  : id == CLOCK_MONOTONIC          ? 0
                  : id == CLOCK_PROCESS_CPUTIME_ID ? 0
                                                   : -EINVAL;

    if (octavo_result(offset) < 0)
        return -1;
    *t = timespec_of(id == CLOCK_PROCESS_CPUTIME_ID ? octavo_run_time()
                                                    : (unsigned long)(sys_clock() + offset));
    return 0;
}

/* Of the calling process only; another's is EPERM. */
int clock_getcpuclockid(pid_t process, clockid_t *id)
{
    *id = CLOCK_PROCESS_CPUTIME_ID;
    return process == 0 || process == getpid() ? 0 : kill(process, 0) < 0 ? ESRCH : EPERM;
}

int clock_getres(clockid_t id, struct timespec *t)
{
    struct info_system system;
    bool known = id == CLOCK_MONOTONIC || id == CLOCK_REALTIME || id == CLOCK_PROCESS_CPUTIME_ID;
    long result = known ? sys_info(INFO_SYSTEM, 0, (uintptr_t)&system, sizeof(system)) : -EINVAL;

    if (octavo_result(result) < 0)
        return -1;
    if (t)
        *t = timespec_of(NS_PER_S / system.timebase);
    return 0;
}

/* picolibc declares the second parameter as void *. */
int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) < 0)
        return -1;
    *t = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / (long)NS_PER_US};
    return 0;
}

/* A wait for a word that nobody changes, until the deadline. */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    unsigned long deadline;
    uint32_t word = 0;
    long result = octavo_deadline(wanted, &deadline) ? 0 : -EINVAL;

    while (result == 0)
        result = sys_futex_wait((uintptr_t)&word, 0, deadline);
    if (result == -ETIMEDOUT)
        return 0;
    unsigned long now = (unsigned long)sys_clock();
    if (left && result != -EINVAL)
        *left = timespec_of(now < deadline ? deadline - now : 0);
    return (int)octavo_result(result);
}

unsigned sleep(unsigned seconds)
{
    struct timespec wanted = {.tv_sec = seconds}, left = {0};

    if (nanosleep(&wanted, &left) == 0)
        return 0;
    return (unsigned)left.tv_sec + (left.tv_nsec > 0);
}

int usleep(useconds_t us)
{
    struct timespec wanted = {.tv_sec = (time_t)(us / US_PER_S),
                              .tv_nsec = (long)(us % US_PER_S * NS_PER_US)};

    return nanosleep(&wanted, NULL);
}

/* An errno, not -1. An absolute time that is past is no wait. */
int clock_nanosleep(clockid_t id, int flags, const struct timespec *wanted, struct timespec *left)
{
    struct timespec now = {0}, wait = *wanted;

    if (id != CLOCK_REALTIME && id != CLOCK_MONOTONIC)
        return EINVAL;
    if (flags & TIMER_ABSTIME && clock_gettime(id, &now) < 0)
        return errno;
    if ((unsigned long)wait.tv_nsec < NS_PER_S) { /* else it is nanosleep's to say */
        wait.tv_nsec -= now.tv_nsec;
        bool borrows = wait.tv_nsec < 0;
        wait.tv_nsec += borrows ? (long)NS_PER_S : 0;
        wait.tv_sec -= now.tv_sec + borrows;
    }
    if (flags & TIMER_ABSTIME && wait.tv_sec < 0)
        return 0;
    return nanosleep(&wait, flags & TIMER_ABSTIME ? NULL : left) < 0 ? errno : 0;
}
