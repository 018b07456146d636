/* SPDX-License-Identifier: MIT
 *
 * wss PID [SECONDS]: the working set of a process: how many of its pages were used in the last SECONDS (1).
 *
 * Its pager reads and clears the accessed bits of its pages twice, at the beginning and at the end, and
 * counts what the second harvest, and those that the replacement policy asked for between, have found. The
 * policy misses nothing by it. A page that was used and evicted meanwhile is not counted: the faults tell
 * how many that can be. (Denning, The Working Set Model for Program Behavior, CACM 1968.) */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <time.h>

#define USAGE "wss pid [seconds]"
#define NS_PER_S 1000000000l

struct sample {
    unsigned long used, mapped;
    struct pager_space space;
};

static void take(handle_t pager, unsigned long badge, struct sample *sample, const char *pid)
{
    unsigned long answer[4];
    long result = query_pager_at(pager, PAGER_WORKING_SET, badge, 0, NULL, 0, answer);

    if (result == 0)
        result = query_pager_at(pager, PAGER_SPACE, badge, 0, &sample->space, sizeof(sample->space),
                                NULL);
    if (result < 0)
        tool_fail("wss", pid, (int)-result);
    sample->used = answer[0];
    sample->mapped = answer[1];
}

int main(int argc, char **argv)
{
    static struct sample first, last;
    struct init_process process;
    struct info_task task;
    handle_t pager;

    tool_arguments(argc, argv, 1, 2, USAGE);
    long pid = tool_number(argv[1], 0x7fffffff);
    long time = argc > 2 ? tool_seconds(argv[2]) : NS_PER_S;
    if (pid < 0 || time < 0)
        tool_usage(USAGE);
    long result = query_program((unsigned long)pid, &process, &task, &pager);
    if (result < 0)
        tool_fail("wss", argv[1], (int)-result);
    take(pager, task.space, &first, argv[1]);
    nanosleep(&(struct timespec){.tv_sec = time / NS_PER_S, .tv_nsec = time % NS_PER_S}, NULL);
    take(pager, task.space, &last, argv[1]);
    printf("%ld %.16s: %lu of %lu mapped pages (%lu KiB) were used in %g s; faults %lu, from disk "
           "%lu\n",
           pid, process.name, last.used, last.mapped, last.used * (PAGE_SIZE / 1024),
           (double)time / NS_PER_S, (unsigned long)(last.space.faults - first.space.faults),
           (unsigned long)(last.space.major - first.space.major));
    return 0;
}
