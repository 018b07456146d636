/* SPDX-License-Identifier: MIT
 *
 * measure.h: what the programs of `make bench` share: counting instructions, printing rows, choosing
 * rows by name. A row is one line on standard output: name, min, median, max, unit, with tabs between.
 * Remarks go to standard error.
 *
 * Counts are exact under QEMU's -icount shift=0, where rdinstret counts instructions. There the counter
 * moves on while a hart idles, one a nanosecond: what may wait for a device uses busy_instructions(). */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <octavo/query.h>
#include <octavo/syscall.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define READ_COST 1                        /* between two neighbouring reads of the counter */
#define PRIORITY_BENCH (PRIORITY_USER - 1) /* below what is measured against */

struct row {
    const char *name;
    void (*run)(const char *name);
};

static inline unsigned long instructions(void)
{
    unsigned long n;

    __asm__ volatile("rdinstret %0" : "=r"(n)::"memory");
    return n;
}

/* Ends the program: what went wrong, and the error that result is if it is negative. */
_Noreturn static inline void fail(const char *what, long result)
{
    tool_fail("bench", what, result < 0 ? (int)-result : 0);
}

/* Nanoseconds that all harts have been idle. */
static inline unsigned long idle_time(void)
{
    struct info_hart hart;
    unsigned long all = 0;

    for (unsigned long i = 0; query_kernel(INFO_HART, i, &hart, sizeof(hart)); i++)
        all += hart.idle_time;
    return all;
}

static inline unsigned long busy_instructions(void)
{
    unsigned long idle = idle_time();

    return instructions() - idle;
}

#define QUIET_PAUSE_NS 1000000ul
#define QUIET_PAUSES 1000u /* at most */

/* Waits until nothing else runs: the pager zeroes frames ahead and writes files back at a low priority, and
 * while such a thread is ready some operations take a longer way through the scheduler. */
static inline void quiet(void)
{
    for (unsigned i = 0; i < QUIET_PAUSES; i++) {
        unsigned long before = idle_time();
        nanosleep(&(struct timespec){.tv_nsec = QUIET_PAUSE_NS}, NULL);
        if (idle_time() - before > QUIET_PAUSE_NS / 10 * 9)
            return;
    }
    fail("the machine does not become quiet", 0);
}

static inline struct pager_stat pager_stat(void)
{
    struct pager_stat stat;
    long result = query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL);

    if (result < 0)
        fail("pager", result);
    return stat;
}

/* Pages that a fault may map; 1: one page a fault. */
static inline void fault_around(unsigned long pages)
{
    struct message m = {.tag = PAGER_TUNE, .w = {PAGER_TUNE_AROUND, pages}};
    long result = ipc_request(HANDLE_PAGER, &m);

    if (result < 0)
        fail("fault-around", result);
}

static inline int measure_compare(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

    return x < y ? -1 : x > y;
}

/* Prints a row; sorts its n samples for that. */
static inline void report(const char *name, unsigned long *sample, unsigned n)
{
    qsort(sample, n, sizeof(sample[0]), measure_compare);
    printf("%s\t%lu\t%lu\t%lu\tinstructions\n", name, sample[0], sample[n / 2], sample[n - 1]);
    fflush(stdout);
}

/* Runs the rows named on the command line, or all of them, at PRIORITY_BENCH. */
static inline void measure_rows(int argc, char **argv, const struct row *rows, int n)
{
    tool_arguments(argc, argv, 0, n, "PROGRAM [row...]");
    long result = sys_thread_control(0, THREAD_SET_PRIORITY, PRIORITY_BENCH, 0);
    if (result < 0)
        fail("priority", result);
    for (int i = 0; i < n; i++) {
        bool wanted = argc == 1;
        for (int a = 1; a < argc; a++)
            wanted |= strcmp(argv[a], rows[i].name) == 0;
        if (wanted) {
            quiet();
            rows[i].run(rows[i].name);
        }
    }
}

#define MEASURE_ROWS(argc, argv, rows) \
    measure_rows(argc, argv, rows, (int)(sizeof(rows) / sizeof((rows)[0])))

#endif
