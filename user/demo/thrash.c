/* SPDX-License-Identifier: MIT
 *
 * thrash: a working set larger than memory. Every page is filled, then pages are read and written in
 * random order, and at last all are looked at; each byte is checked each time.
 *
 *     thrash [-n NOISE] [PAGES [STEPS [SEED]]]
 *
 * NOISE bytes of each page (4096, all) look like chance; the rest repeats a word, and compresses. Try
 *
 *     make run FRAMES=256 CMD='thrash 1024'            four times as much as there is
 *     make run FRAMES=256 PAGER=arc CMD='thrash 1024 10000'
 *     make run FRAMES=256 SWAP= CMD='thrash 1024'      and without a disk
 *
 * Status 1: a byte was wrong. */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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
static uint64_t noise = PAGE_SIZE;

/* No two words of the noise of all pages and versions are likely to be the same. */
static uint64_t word(uint64_t page, uint64_t i)
{
    if (i * sizeof(uint64_t) >= noise)
        i = WORDS;
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

static void report(uint64_t pages, uint64_t steps)
{
    struct pager_stat stat;

    if (query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL) < 0)
        tool_fail("thrash", "pager", 0);
    printf("%lu pages and %lu steps, all as they should be. Frames: %lu of %lu. %s has chosen %lu "
           "pages to go, %lu of them to the disk; %lu came back.\n",
           (unsigned long)pages, (unsigned long)steps, stat.frames_used, stat.frames_limit,
           stat.policy, stat.evictions, stat.evictions_dirty, stat.swap_ins);
    if (stat.store_bytes > 0) /* a pager that keeps them itself: how well they compress */
        printf("%lu pages are kept in %lu KiB: %lu%% of their size\n",
               (unsigned long)stat.swap_used, (unsigned long)stat.store_bytes / 1024,
               (unsigned long)(stat.store_bytes * 100 / (stat.swap_used * PAGE_SIZE)));
}

int main(int argc, char **argv)
{
    uint64_t number[] = {1024, 0, 1}; /* pages, steps, seed */

    for (int option; (option = getopt(argc, argv, "n:")) != -1;)
        if (option == 'n')
            noise = strtoul(optarg, NULL, 0);
        else
            tool_usage("thrash [-n noise] [pages [steps [seed]]]");
    for (int i = 0; i < 3 && optind + i < argc; i++)
        number[i] = strtoul(argv[optind + i], NULL, 0);
    uint64_t pages = number[0], steps = optind + 1 < argc ? number[1] : 4 * pages;

    state = number[2];
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
    report(pages, steps);
    return 0;
}
