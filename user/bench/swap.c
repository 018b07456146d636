/* SPDX-License-Identifier: MIT
 *
 * swap: what it costs to bring a page back from the disk, when for that another one must go there: writes
 * to a working set of four times the frames, in order, so that each page is out when its turn comes. Part
 * of `make bench`, see bench.c for the form of a row.
 *
 * octavo-bench: FRAMES=512 */
#include <octavo/query.h>
#include <octavo/tool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define WINDOWS 5

static int compare(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

    return x < y ? -1 : x > y;
}

static unsigned long instructions(void)
{
    unsigned long n;

    struct info_hart hart;

    /* Under icount the count goes on while the hart waits for the disk, at 1 ns each. */
    if (!query_kernel(INFO_HART, 0, &hart, sizeof(hart)))
        tool_fail("swap", "the kernel does not say", 0);
    __asm__ volatile("rdinstret %0" : "=r"(n)::"memory");
    return n - hart.idle_time;
}

static struct pager_stat stat_now(void)
{
    struct pager_stat stat;

    if (query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL) < 0)
        tool_fail("swap", "pager", 0);
    return stat;
}

int main(void)
{
    struct pager_stat before = stat_now();
    unsigned long pages = 4 * before.frames_limit, sample[WINDOWS];

    if (before.swap_slots < pages) /* no disk: no row */
        return 0;
    volatile char *at =
        mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        tool_fail("swap", "no memory", 0);
    for (unsigned long page = 0; page < pages; page++)
        at[page * PAGE_SIZE] = 1;
    before = stat_now();
    for (unsigned i = 0; i < WINDOWS; i++) {
        unsigned long start = instructions();
        for (unsigned long page = 0; page < pages; page++)
            at[page * PAGE_SIZE]++;
        sample[i] = (instructions() - start) / pages;
    }
    struct pager_stat after = stat_now();
    if (after.swap_ins - before.swap_ins < WINDOWS * pages * 9 / 10)
        tool_fail("swap", "too many pages had stayed", 0);
    qsort(sample, WINDOWS, sizeof(sample[0]), compare);
    printf("swap_out_in\t%lu\t%lu\t%lu\tinstructions\n", sample[0], sample[WINDOWS / 2],
           sample[WINDOWS - 1]);
    return 0;
}
