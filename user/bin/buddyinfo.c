/* SPDX-License-Identifier: MIT
 *
 * buddyinfo: free blocks by zone, mobility and order (mm/buddy.c). A block of order n is 2^n
 * frames. */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>

static const char *const mobility[2] = {"unmovable", "movable"};

int main(int argc, char **argv)
{
    struct mminfo_zone zone;

    tool_arguments(argc, argv, 0, 0, "buddyinfo");
    printf("%-20s", "order");
    for (int order = 0; order < MM_INFO_ORDERS; order++)
        printf(" %5d", order);
    putchar('\n');
    for (unsigned long i = 0; query_kernel(INFO_ZONE, i, &zone, sizeof(zone)); i++)
        for (int m = 0; zone.managed && m < 2; m++) {
            printf("%-9.10s %-10s", zone.name, mobility[m]);
            for (int order = 0; order < MM_INFO_ORDERS; order++)
                printf(" %5lu", (unsigned long)zone.blocks[m][order]);
            putchar('\n');
        }
    return 0;
}
