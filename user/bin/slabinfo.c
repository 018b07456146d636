/* SPDX-License-Identifier: MIT
 *
 * slabinfo: the kernel's object caches (mm/slab.c). */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>

int main(int argc, char **argv)
{
    struct mminfo_slab slab;

    tool_arguments(argc, argv, 0, 0, "slabinfo");
    printf("%-24s %6s %6s %8s %8s %8s %6s %6s %6s\n", "cache", "size", "stride", "active",
           "in harts", "objects", "slabs", "empty", "frames");
    for (unsigned long i = 0; query_kernel(INFO_SLAB, i, &slab, sizeof(slab)); i++)
        printf("%-24.24s %6lu %6lu %8lu %8lu %8lu %6lu %6lu %6lu\n", slab.name,
               (unsigned long)slab.size, (unsigned long)slab.stride, (unsigned long)slab.active,
               (unsigned long)slab.in_harts, (unsigned long)slab.total, (unsigned long)slab.slabs,
               (unsigned long)slab.empty, (unsigned long)(slab.frames * slab.slabs));
    return 0;
}
