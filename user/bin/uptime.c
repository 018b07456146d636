/* SPDX-License-Identifier: MIT
 *
 * uptime: how long the machine runs, and how much of it idle. */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>

#define NS_PER_S 1000000000ul

int main(int argc, char **argv)
{
    struct info_system system;
    struct info_hart hart;
    unsigned long idle = 0, all = 0;

    tool_arguments(argc, argv, 0, 0, "uptime");
    if (!query_kernel(INFO_SYSTEM, 0, &system, sizeof(system)))
        tool_fail("uptime", "the kernel does not say", 0);
    for (unsigned long i = 0; query_kernel(INFO_HART, i, &hart, sizeof(hart)); i++) {
        idle += hart.idle_time;
        all += hart.idle_time + hart.run_time;
    }
    unsigned long s = system.uptime / NS_PER_S;
    printf("up %lu:%02lu:%02lu, %u hart%s, %u tasks, %u threads, %lu%% idle\n", s / 3600,
           s / 60 % 60, s % 60, system.harts, system.harts == 1 ? "" : "s", system.tasks,
           system.threads, all / 100 ? idle / (all / 100) : 0);
    return 0;
}
