/* SPDX-License-Identifier: MIT
 *
 * vmstat [-p PID] [INTERVAL [COUNT]]: memory and events. The first line has the rates since boot, each further one
 * those of the interval before it; INTERVAL in seconds.
 *
 * Free and user frames in KiB; then per second: faults, their zero fills, copies and refusals by the
 * pager; pages evicted, read back from swap and written to it, read from files and written to them; of
 * the kernel: IPC calls, those and faults that had to queue for their server, switches, interrupts,
 * shoot-downs; and the share of idle time. The pager is the
 * caller's own, or the one that PID is or has. */
#include <errno.h>
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define USAGE "vmstat [-p pid] [interval [count]]"
#define LINES_PER_HEADER 20
#define NS_PER_S 1000000000l

struct sample {
    struct info_system system;
    struct pager_stat pager;
    unsigned long run, idle; /* ns, all harts */
};

static handle_t pager = HANDLE_PAGER;

static void take(struct sample *sample)
{
    struct info_hart hart;

    memset(sample, 0, sizeof(*sample));
    query_kernel(INFO_SYSTEM, 0, &sample->system, sizeof(sample->system));
    long result =
        query_pager_at(pager, PAGER_STAT, 0, 0, &sample->pager, sizeof(sample->pager), NULL);
    if (result < 0)
        tool_fail("vmstat", "pager", (int)-result);
    for (unsigned long i = 0; query_kernel(INFO_HART, i, &hart, sizeof(hart)); i++) {
        sample->run += hart.run_time;
        sample->idle += hart.idle_time;
    }
}

static void print(const struct sample *now, const struct sample *old)
{
    unsigned long idle = now->idle - old->idle, all = idle + now->run - old->run;
    double seconds = (double)(now->system.uptime - old->system.uptime) / NS_PER_S;

/* Per second, rounded up, so that what happened is never 0. */
#define RATE(field) ((unsigned long)((double)(now->field - old->field) / seconds + 0.9999))
    printf("%7lu %7lu %6lu %6lu %5lu %4lu %6lu %6lu %6lu %6lu %6lu %7lu %6lu %7lu %6lu %6lu %3lu\n",
           (unsigned long)now->system.frames_free * (PAGE_SIZE / 1024),
           (unsigned long)now->system.frames_user * (PAGE_SIZE / 1024), RATE(pager.faults),
           RATE(pager.zero_fills), RATE(pager.cow_breaks), RATE(pager.refused),
           RATE(pager.evictions), RATE(pager.swap_read), RATE(pager.swap_written),
           RATE(pager.file_reads), RATE(pager.file_writes), RATE(system.calls), RATE(system.queued),
           RATE(system.switches), RATE(system.interrupts), RATE(system.shootdowns),
           all / 100 ? idle / (all / 100) : 0);
#undef RATE
}

int main(int argc, char **argv)
{
    static struct sample now, old; /* old: all zero, so the first line is since boot */
    long interval = 0, count = 1;

    if (argc > 2 && strcmp(argv[1], "-p") == 0) {
        struct init_pager record;
        long pid = tool_number(argv[2], 0x7fffffff);
        if (pid < 0 || query_find_pager((unsigned long)pid, 0, &record, &pager) < 0 ||
            pager == HANDLE_NONE)
            tool_fail("vmstat", argv[2], ESRCH);
        argc -= 2;
        argv += 2;
    }
    tool_arguments(argc, argv, 0, 2, USAGE);
    if (argc > 1) {
        interval = tool_seconds(argv[1]);
        count = argc > 2 ? tool_number(argv[2], 1000000000) : -1;
        if (interval <= 0 || count == 0 || (argc > 2 && count < 0))
            tool_usage(USAGE);
    }
    for (long line = 0; line != count; line++) {
        if (line > 0) {
            old = now;
            nanosleep(
                &(struct timespec){.tv_sec = interval / NS_PER_S, .tv_nsec = interval % NS_PER_S},
                NULL);
        }
        if (line % LINES_PER_HEADER == 0)
            printf("%7s %7s %6s %6s %5s %4s %6s %6s %6s %6s %6s %7s %6s %7s %6s %6s %3s\n", "free",
                   "user", "faults", "zero", "copy", "no", "evict", "swapin", "out", "read",
                   "write", "calls", "queue", "switch", "intr", "shoot", "id%");
        take(&now);
        print(&now, &old);
        fflush(stdout);
    }
    return 0;
}
