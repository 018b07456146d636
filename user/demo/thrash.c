/* SPDX-License-Identifier: MIT
 *
 * thrash: a working set larger than memory. Every page is filled, then pages are read and written in
 * random order, and at last all are looked at; each byte is checked each time. Try
 *
 *     make run FRAMES=256 CMD='thrash 1024'            four times as much as there is
 *     make run FRAMES=256 PAGER=arc CMD='thrash 1024 10000'
 *     make run FRAMES=256 SWAP= CMD='thrash 1024'      and without a disk */
#include <octavo/query.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define WORDS (PAGE_SIZE / sizeof(uint64_t))

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static uint64_t state;

static uint64_t dice(uint64_t sides)
{
    return mix(state += 0x9e3779b97f4a7c15) % sides;
}

static uint64_t *memory;
static uint32_t *version; /* of each page: what it should hold */

/* No two words of all pages and versions are likely to be the same. */
static uint64_t word(uint64_t page, uint64_t i)
{
    return (page << 40 | (uint64_t)version[page] << 12 | i) * 0x9e3779b97f4a7c15;
}

static void fill(uint64_t page)
{
    version[page]++;
    for (uint64_t i = 0; i < WORDS; i++)
        memory[page * WORDS + i] = word(page, i);
}

static void check(uint64_t page)
{
    for (uint64_t i = 0; i < WORDS; i++) {
        uint64_t is = memory[page * WORDS + i];
        if (is == word(page, i))
            continue;
        printf("thrash: page %lu, byte %lu: %016lx instead of %016lx (version %u)\n",
               (unsigned long)page, (unsigned long)i * 8, (unsigned long)is,
               (unsigned long)word(page, i), version[page]);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    uint64_t pages = argc > 1 ? strtoul(argv[1], NULL, 0) : 1024;
    uint64_t steps = argc > 2 ? strtoul(argv[2], NULL, 0) : 4 * pages;
    struct pager_stat stat;

    state = argc > 3 ? strtoul(argv[3], NULL, 0) : 1;
    memory =
        mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    version = calloc(pages, sizeof(*version));
    if (memory == MAP_FAILED || !version || pages == 0) {
        perror("thrash");
        return 2;
    }
    for (uint64_t page = 0; page < pages; page++)
        fill(page);
    for (uint64_t step = 0; step < steps; step++) {
        uint64_t page = dice(pages);
        check(page);
        if (dice(3) == 0)
            fill(page);
    }
    for (uint64_t page = 0; page < pages; page++)
        check(page);
    if (query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL) < 0)
        return 2;
    printf("%lu pages and %lu steps, all as they should be. Frames: %lu of %lu. %s has chosen %lu "
           "pages "
           "to go, %lu of them to the disk; %lu came back.\n",
           (unsigned long)pages, (unsigned long)steps, stat.frames_used, stat.frames_limit,
           stat.policy, stat.evictions, stat.evictions_dirty, stat.swap_ins);
    return 0;
}
