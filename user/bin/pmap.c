/* SPDX-License-Identifier: MIT
 *
 * pmap PID: the regions of a process, as its pager has them, and how much of each is resident. */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>

#define USAGE "pmap pid"
#define BATCH 8

static void print_region(const struct pager_region *r)
{
    printf("%010lx-%010lx %c%c%c%c %8luK %8luK  %.32s\n", (unsigned long)r->start,
           (unsigned long)r->end, r->prot & VM_R ? 'r' : '-', r->prot & VM_W ? 'w' : '-',
           r->prot & VM_X ? 'x' : '-', r->flags & PAGER_REGION_SHARED ? 's' : 'p',
           (unsigned long)(r->end - r->start) / 1024,
           (unsigned long)r->resident * (PAGE_SIZE / 1024), r->name[0] ? r->name : "[anonymous]");
}

/* The regions of a space, BATCH at a time; it may change between two requests. */
static long print_regions(handle_t pager, unsigned long space)
{
    struct pager_region region[BATCH];
    unsigned long answer[4], index = 0;

    do {
        long result =
            query_pager_at(pager, PAGER_REGIONS, space, index, region, sizeof(region), answer);
        if (result < 0)
            return result;
        for (unsigned long i = 0; i < answer[0] && i < BATCH; i++)
            print_region(&region[i]);
        index += answer[0];
    } while (answer[0] > 0 && index < answer[1]);
    return 0;
}

int main(int argc, char **argv)
{
    struct init_process process;
    struct info_task task;
    struct pager_space space;
    handle_t pager;

    tool_arguments(argc, argv, 1, 1, USAGE);
    long pid = tool_number(argv[1], 0x7fffffff);
    if (pid < 0)
        tool_usage(USAGE);
    long result = query_program((unsigned long)pid, &process, &task, &pager);
    if (result < 0)
        tool_fail("pmap", argv[1], (int)-result);
    result = query_pager_at(pager, PAGER_SPACE, task.space, 0, &space, sizeof(space), NULL);
    if (result == 0) {
        printf("%ld: %.16s\n%-21s %-4s %9s %9s  %s\n", pid, process.name, "address", "prot", "size",
               "resident", "what");
        result = print_regions(pager, task.space);
    }
    if (result < 0)
        tool_fail("pmap", "not one of this pager's processes", (int)-result);
    printf("total: %luK in %lu regions, %luK resident (%luK anonymous), %lu faults\n",
           (unsigned long)space.size / 1024, (unsigned long)space.regions,
           (unsigned long)space.resident * (PAGE_SIZE / 1024),
           (unsigned long)space.anon * (PAGE_SIZE / 1024), (unsigned long)space.faults);
    return 0;
}
