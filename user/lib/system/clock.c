/* SPDX-License-Identifier: MIT
 *
 * Time. The kernel counts nanoseconds since boot; init knows what time it was then. */
#include <errno.h>
#include <abi/info.h>
#include <limits.h>
#include <proto/init.h>
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

/* ns since 1970 when the kernel's clock was 0; asked once. */
static long clock_offset(unsigned long *offset)
{
    static unsigned long known; /* the same for all threads, so a race is harmless */

    if (known == 0) {
        struct message m = {.tag = INIT_REAL_TIME};
        long result = ipc_request(HANDLE_INIT, &m);
        if (result < 0)
            return result;
        known = m.w[0];
    }
    *offset = known;
    return 0;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
    unsigned long ns = (unsigned long)sys_clock(), offset = 0;
    struct info_task task;

    switch (id) {
    case CLOCK_MONOTONIC:
        break;
    case CLOCK_REALTIME:
        if (octavo_result(clock_offset(&offset)) < 0)
            return -1;
        break;
    case CLOCK_PROCESS_CPUTIME_ID:
        if (octavo_result(sys_info(INFO_SELF, 0, (uintptr_t)&task, sizeof(task))) < 0)
            return -1;
        ns = task.run_time;
        break;
    default:
        errno = EINVAL;
        return -1;
    }
    *t = timespec_of(ns + offset);
    return 0;
}

int clock_getres(clockid_t id, struct timespec *t)
{
    struct info_system system;

    if (id != CLOCK_MONOTONIC && id != CLOCK_REALTIME && id != CLOCK_PROCESS_CPUTIME_ID) {
        errno = EINVAL;
        return -1;
    }
    if (octavo_result(sys_info(INFO_SYSTEM, 0, (uintptr_t)&system, sizeof(system))) < 0)
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
    if (wanted->tv_sec < 0 || wanted->tv_nsec < 0 || wanted->tv_nsec >= (long)NS_PER_S) {
        errno = EINVAL;
        return -1;
    }
    unsigned long now = (unsigned long)sys_clock(), deadline = DEADLINE_NEVER - 1;
    if ((unsigned long)wanted->tv_sec < (DEADLINE_NEVER - now) / NS_PER_S - 1)
        deadline = now + (unsigned long)wanted->tv_sec * NS_PER_S + (unsigned long)wanted->tv_nsec;
    uint32_t word = 0;
    long result;
    do
        result = sys_futex_wait((uintptr_t)&word, 0, deadline);
    while (result == 0);
    if (result == -ETIMEDOUT)
        return 0;
    now = (unsigned long)sys_clock();
    if (left)
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
