/* SPDX-License-Identifier: MIT
 *
 * For tests/guest/boots.py: what the kernel says of all memory, and zoneinfo while `MIB` are in use,
 * filled with a word if one is given. Without arguments also a test: the totals add up.
 *
 *     memory_report [MIB [WORD]] */
#include <abi/mminfo.h>
#include <octavo/query.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define MIB (1ul << 20)

static int use_memory(unsigned long mib, const char *word)
{
    char *memory =
        mmap(NULL, mib * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t length = word ? strlen(word) : 0;

    if (memory == MAP_FAILED)
        return 1;
    for (unsigned long at = 0; at < mib * MIB; at += PAGE_SIZE)
        if (word)
            memcpy(memory + at, word, length);
        else
            memory[at] = 1;
    char *argv[] = {"/bin/zoneinfo", NULL};
    return spawned_wait(spawned_start(argv, NULL, NULL));
}

int main(int argc, char **argv)
{
    struct info_system system;
    struct mminfo_zone zone;
    unsigned long managed = 0, free = 0;

    if (argc > 1)
        return use_memory(strtoul(argv[1], NULL, 10), argv[2]);
    for (unsigned long i = 0; query_kernel(INFO_ZONE, i, &zone, sizeof(zone)); i++) {
        unsigned long blocks = 0;
        for (unsigned order = 0; order < MM_INFO_ORDERS; order++)
            blocks += (zone.blocks[0][order] + zone.blocks[1][order]) << order;
        check_equal(i ? "free blocks of NORMAL" : "free blocks of DMA32", (long)blocks,
                    (long)zone.free);
        managed += zone.managed;
        free += zone.free + zone.in_harts;
    }
    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    check(free <= managed && managed <= system.frames_total, "zones within the total",
          "%lu of %lu of %lu", free, managed, (unsigned long)system.frames_total);
    check_equal("free and used are all",
                (long)(system.frames_free + system.frames_kernel + system.frames_table +
                       system.frames_user),
                (long)system.frames_total);
    printf("total %lu\nfree %lu\nkernel %lu\ntable %lu\nuser %lu\nharts %u\n",
           (unsigned long)system.frames_total, (unsigned long)system.frames_free,
           (unsigned long)system.frames_kernel, (unsigned long)system.frames_table,
           (unsigned long)system.frames_user, system.harts);
    return check_done();
}
