/* SPDX-License-Identifier: MIT
 *
 * ps: the processes, as init knows them, with what kernel and pager know of each.
 *
 * FAULTS are the FAULT messages its threads sent; RSS the KiB mapped now; TIME the CPU time. */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>

#define NS_PER_MS 1000000ul

static const char *const states[] = {"new", "run", "end", "zombie"};

int main(int argc, char **argv)
{
    struct init_process process;

    tool_arguments(argc, argv, 0, 0, "ps");
    printf("%5s %5s %-6s %3s %8s %8s %10s %s\n", "PID", "PPID", "STATE", "THR", "FAULTS", "RSS",
           "TIME", "NAME");
    for (unsigned long pid = 0; query_process(pid, &process) == 0; pid = process.pid + 1) {
        struct info_task task = {0};
        if (!query_task(&process, &task))
            task = (struct info_task){0}; /* it has ended, and what came is another's */
        unsigned long ms = task.run_time / NS_PER_MS;
        printf("%5u %5u %-6s %3u %8lu %7luK %6lu.%03lu %.16s\n", process.pid, process.parent,
               process.state < 4 ? states[process.state] : "?", task.threads,
               (unsigned long)task.faults, (unsigned long)task.resident * (PAGE_SIZE / 1024),
               ms / 1000, ms % 1000, process.name);
    }
    return 0;
}
