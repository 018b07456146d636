/* SPDX-License-Identifier: MIT
 *
 * free: where the memory is. First the kernel's account of all frames, then the pager's of its own,
 * which are part of the user frames above. KiB. */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>

static unsigned long kib(unsigned long frames)
{
    return frames * (PAGE_SIZE / 1024);
}

int main(int argc, char **argv)
{
    struct info_system system;
    struct pager_stat pager;

    tool_arguments(argc, argv, 0, 0, "free");
    if (!query_kernel(INFO_SYSTEM, 0, &system, sizeof(system)))
        tool_fail("free", "the kernel does not say", 0);
    printf("%-8s %10s %10s %10s %10s %10s\n", "KiB", "total", "free", "kernel", "tables", "user");
    printf("%-8s %10lu %10lu %10lu %10lu %10lu\n", "frames", kib(system.frames_total),
           kib(system.frames_free), kib(system.frames_kernel), kib(system.frames_table),
           kib(system.frames_user));
    long result = query_pager(PAGER_STAT, 0, 0, &pager, sizeof(pager), NULL);
    if (result < 0)
        tool_fail("free", "pager", (int)-result);
    printf("%-8s %10s %10s %10s %10s %10s %10s\n", "", "limit", "free", "zeroed", "anonymous",
           "cache", "metadata");
    printf("%-8s %10lu %10lu %10lu %10lu %10lu %10lu\n", "pager", kib(pager.frames_limit),
           kib(pager.frames_free), kib(pager.frames_zeroed), kib(pager.frames_anon),
           kib(pager.frames_cache), pager.metadata / 1024);
    return 0;
}
