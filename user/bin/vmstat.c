/* SPDX-License-Identifier: MIT
 *
 * vmstat [INTERVAL [COUNT]]: memory and events. The first line counts since boot, each further one
 * since the line before.
 *
 * Free and user frames in KiB; faults, their zero fills, copies and refusals by the pager; then of
 * the kernel: IPC calls, those and faults that had to queue for their server, switches,
 * interrupts, shoot-downs; and the share of idle time. */
#include <octavo/query.h>
#include <octavo/tool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define USAGE "vmstat [interval [count]]"
#define LINES_PER_HEADER 20

struct sample {
    struct info_system system;
    struct pager_stat pager;
    unsigned long run, idle; /* ns, all harts */
};

static void take(struct sample *sample)
{
    struct info_hart hart;

    memset(sample, 0, sizeof(*sample));
    query_kernel(INFO_SYSTEM, 0, &sample->system, sizeof(sample->system));
    long result = query_pager(PAGER_STAT, 0, 0, &sample->pager, sizeof(sample->pager), NULL);
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

#define SINCE(field) ((unsigned long)(now->field - old->field))
    printf("%8lu %8lu %7lu %7lu %6lu %5lu %8lu %8lu %8lu %6lu %5lu %3lu\n",
           (unsigned long)now->system.frames_free * (PAGE_SIZE / 1024),
           (unsigned long)now->system.frames_user * (PAGE_SIZE / 1024), SINCE(pager.faults),
           SINCE(pager.zero_fills), SINCE(pager.cow_breaks), SINCE(pager.refused),
           SINCE(system.calls), SINCE(system.queued), SINCE(system.switches),
           SINCE(system.interrupts), SINCE(system.shootdowns), all / 100 ? idle / (all / 100) : 0);
#undef SINCE
}

int main(int argc, char **argv)
{
    static struct sample now, old; /* old: all zero, so the first line is since boot */
    long interval = 0, count = 1;

    tool_arguments(argc, argv, 0, 2, USAGE);
    if (argc > 1) {
        interval = tool_number(argv[1], 86400);
        count = argc > 2 ? tool_number(argv[2], 1000000000) : -1;
        if (interval <= 0 || count == 0 || (argc > 2 && count < 0))
            tool_usage(USAGE);
    }
    for (long line = 0; line != count; line++) {
        if (line > 0) {
            old = now;
            nanosleep(&(struct timespec){.tv_sec = interval}, NULL);
        }
        if (line % LINES_PER_HEADER == 0)
            printf("%8s %8s %7s %7s %6s %5s %8s %8s %8s %6s %5s %3s\n", "free", "user", "faults",
                   "zero", "copy", "no", "calls", "queue", "switch", "intr", "shoot", "id%");
        take(&now);
        print(&now, &old);
    }
    return 0;
}
