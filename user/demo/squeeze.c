/* SPDX-License-Identifier: MIT
 *
 * squeeze [pages [steps [noise]]]: more memory than there are frames, of a kind that compresses. Of each page
 * `noise` bytes (1024) look like chance, the rest repeats a line. Pages are filled, looked at and changed in
 * random order, and every byte is compared with what it must be. Then it tells what its pager did:
 *
 *     make port-lz4
 *     make run SWAP= CMD='with-pager --prog /lib/pager/compress 128 squeeze 200'
 *
 * Status 1: a byte was wrong. */
#include <octavo/query.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static uint8_t *memory;
static uint32_t *version; /* of each page: what it should hold */
static uint64_t noise = 1024, state = 1;

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static uint64_t dice(uint64_t sides)
{
    return mix(state += 0x9e3779b97f4a7c15) % sides;
}

/* What a page holds in this version. */
static void expected(uint64_t page, uint8_t bytes[PAGE_SIZE])
{
    char line[64];
    int length = snprintf(line, sizeof(line), "This is page %lu in version %u.\n",
                          (unsigned long)page, version[page]);

    for (uint64_t i = 0; i < PAGE_SIZE; i++)
        bytes[i] = i < noise ? (uint8_t)mix(page << 44 | (uint64_t)version[page] << 12 | i)
                             : (uint8_t)line[i % (uint64_t)length];
}

static void fill(uint64_t page)
{
    version[page]++;
    expected(page, memory + page * PAGE_SIZE);
}

static void check(uint64_t page)
{
    static uint8_t bytes[PAGE_SIZE];

    expected(page, bytes);
    if (memcmp(memory + page * PAGE_SIZE, bytes, PAGE_SIZE) == 0)
        return;
    printf("squeeze: page %lu is not as it should be\n", (unsigned long)page);
    exit(1);
}

static int report(uint64_t pages)
{
    struct pager_stat stat;

    if (query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL) < 0)
        return 2;
    printf("%lu pages in %lu frames, all bytes as they should be; %lu went out, %lu came back\n",
           (unsigned long)pages, (unsigned long)stat.frames_limit,
           (unsigned long)stat.evictions_dirty, (unsigned long)stat.swap_ins);
    if (stat.store_bytes > 0)
        printf("%lu pages are kept in %lu KiB: %lu%% of their size\n",
               (unsigned long)stat.swap_used, (unsigned long)stat.store_bytes / 1024,
               (unsigned long)(stat.store_bytes * 100 / (stat.swap_used * PAGE_SIZE)));
    return 0;
}

int main(int argc, char **argv)
{
    uint64_t pages = argc > 1 ? strtoul(argv[1], NULL, 0) : 200;
    uint64_t steps = argc > 2 ? strtoul(argv[2], NULL, 0) : 2 * pages;

    if (argc > 3)
        noise = strtoul(argv[3], NULL, 0);
    memory =
        mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    version = calloc(pages, sizeof(*version));
    if (memory == MAP_FAILED || !version) {
        perror("squeeze");
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
    return report(pages);
}
