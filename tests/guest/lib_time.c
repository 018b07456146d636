/* SPDX-License-Identifier: MIT
 *
 * Clocks and sleeping. Nothing is said about how late a sleep ends but that it does: the machine that
 * runs the tests may be busy. */
#include <errno.h>
#include <octavo/syscall.h>
#include <octavo/thread.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "tests/guest/check.h"

#define SECOND 1000000000l
#define YEAR_2024 1704067200l

static long now(clockid_t id)
{
    struct timespec t;

    return clock_gettime(id, &t) < 0 ? -1 : t.tv_sec * SECOND + t.tv_nsec;
}

static void test_sleep(void)
{
    static const long ns[] = {1, 1000, 1000000, 10000000, 120000000};
    struct timespec bad[] = {{.tv_sec = -1}, {.tv_nsec = SECOND}, {.tv_nsec = -1}};
    char name[40];

    for (unsigned i = 0; i < sizeof(ns) / sizeof(ns[0]); i++) {
        long start = now(CLOCK_MONOTONIC);
        int result = nanosleep(&(struct timespec){.tv_nsec = ns[i]}, NULL);
        long took = now(CLOCK_MONOTONIC) - start;
        snprintf(name, sizeof(name), "nanosleep of %ld ns", ns[i]);
        check(result == 0 && took >= ns[i] && took < ns[i] + 20 * SECOND, name, "result %d, %ld ns",
              result, took);
    }
    for (unsigned i = 0; i < 3; i++) {
        snprintf(name, sizeof(name), "nanosleep, bad argument %u", i);
        errno = 0;
        check(nanosleep(&bad[i], NULL) == -1 && errno == EINVAL, name, "errno %d", errno);
    }
    long start = now(CLOCK_MONOTONIC);
    check(sleep(1) == 0 && now(CLOCK_MONOTONIC) - start >= SECOND, "sleep", "%ld ns",
          now(CLOCK_MONOTONIC) - start);
    start = now(CLOCK_MONOTONIC);
    check(usleep(5000) == 0 && now(CLOCK_MONOTONIC) - start >= 5000000, "usleep", "%ld ns",
          now(CLOCK_MONOTONIC) - start);
}

static int forwards(void *argument)
{
    long last = now(CLOCK_MONOTONIC), wrong = 0;

    (void)argument;
    for (int i = 0; i < 5000; i++) {
        long next = now(CLOCK_MONOTONIC);
        wrong += next < last;
        last = next;
        if (i % 50 == 0)
            sys_yield();
    }
    return (int)wrong;
}

static void test_monotonic(void)
{
    struct thread *thread[6];
    int wrong = 0, result;

    for (int i = 0; i < 6; i++)
        thread_start(&thread[i], forwards, NULL);
    for (int i = 0; i < 6; i++) {
        thread_join(thread[i], &result);
        wrong += result;
    }
    check_equal("the monotonic clock never goes back", wrong, 0);
}

static void test_clocks(void)
{
    struct timeval day;
    struct timespec t;

    check(now(CLOCK_REALTIME) / SECOND > YEAR_2024, "the real time is set", "%ld",
          now(CLOCK_REALTIME));
    gettimeofday(&day, NULL);
    long difference = now(CLOCK_REALTIME) / SECOND - day.tv_sec;
    check(difference >= 0 && difference < 60, "gettimeofday", "%ld s apart", difference);
    difference = (long)time(NULL) - day.tv_sec;
    check(difference >= 0 && difference < 60, "time", "%ld s apart", difference);
    long before, slept = -1;
    for (int tries = 0; tries < 20 && !(slept >= 0 && slept < 50000000); tries++) {
        before = now(CLOCK_PROCESS_CPUTIME_ID);
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
        slept = now(CLOCK_PROCESS_CPUTIME_ID) - before;
    }
    /* what the host takes from a running hart counts as that hart's: not each time */
    check(slept >= 0 && slept < 50000000, "sleeping costs no CPU time", "%ld ns", slept);
    before = now(CLOCK_PROCESS_CPUTIME_ID);
    for (long until = now(CLOCK_MONOTONIC) + 100000000; now(CLOCK_MONOTONIC) < until;)
        ;
    long spent = now(CLOCK_PROCESS_CPUTIME_ID) - before;
    check(spent > 20000000, "spinning does", "%ld ns", spent);
    errno = 0;
    check(clock_gettime(77, &t) == -1 && errno == EINVAL, "no such clock", "errno %d", errno);
    check(clock_getres(CLOCK_MONOTONIC, &t) == 0 && t.tv_sec == 0 && t.tv_nsec > 0, "clock_getres",
          "%ld ns", t.tv_nsec);
}

int main(void)
{
    test_sleep();
    test_monotonic();
    test_clocks();
    return check_done();
}
