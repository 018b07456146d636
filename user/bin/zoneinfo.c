/* SPDX-License-Identifier: MIT
 *
 * zoneinfo: the zones of physical memory, their watermarks and counters (mm/buddy.c). Frames. */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>

static void line(const char *name, unsigned long value)
{
    printf("    %-10s %10lu\n", name, value);
}

int main(int argc, char **argv)
{
    struct mminfo_zone zone;

    tool_arguments(argc, argv, 0, 0, "zoneinfo");
    for (unsigned long i = 0; query_kernel(INFO_ZONE, i, &zone, sizeof(zone)); i++) {
        printf("zone %.24s: frames 0x%lx to 0x%lx\n", zone.name, (unsigned long)zone.first_pfn,
               (unsigned long)zone.end_pfn);
        line("managed", zone.managed);
        line("free", zone.free);
        line("in harts", zone.in_harts);
        line("min", zone.min);
        line("low", zone.low);
        line("high", zone.high);
        line("allocs", zone.allocs);
        line("frees", zone.frees);
        line("fallbacks", zone.fallbacks);
    }
    return 0;
}
