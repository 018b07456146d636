/* SPDX-License-Identifier: MIT
 *
 * reclaim: what it costs to take pages away and to look at them. Part of `make bench`, see bench.c for the
 * form of a row; all are a page, but for the one that says so.
 *
 *     evict_dirty         a new page is written while memory is full of pages that must go to the disk first:
 *                         making room, zeroing and mapping
 *     harvest_page        reading and clearing its accessed bit, with those of its neighbours
 *     policy_switch       another policy with 10,000 resident frames, all of it; between clock and arc
 *
 * octavo-bench: FRAMES=10000 SWAP=64M */
#include <octavo/query.h>
#include <octavo/tool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define WINDOWS 5
#define STEP 512ul /* pages of a window */

static unsigned long sample[WINDOWS];

static int compare(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

    return x < y ? -1 : x > y;
}

static void report(const char *name)
{
    qsort(sample, WINDOWS, sizeof(sample[0]), compare);
    printf("%s\t%lu\t%lu\t%lu\tinstructions\n", name, sample[0], sample[WINDOWS / 2],
           sample[WINDOWS - 1]);
    fflush(stdout);
}

_Noreturn static void fail(const char *what)
{
    tool_fail("reclaim", what, 0);
}

/* Under icount the count goes on while the hart waits for the disk, at 1 ns each. */
static unsigned long instructions(void)
{
    unsigned long n;
    struct info_hart hart;

    if (!query_kernel(INFO_HART, 0, &hart, sizeof(hart)))
        fail("the kernel does not say");
    __asm__ volatile("rdinstret %0" : "=r"(n)::"memory");
    return n - hart.idle_time;
}

static struct pager_stat stat_now(void)
{
    static struct pager_stat stat;

    if (query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL) < 0)
        fail("pager");
    return stat;
}

static void change(const char *policy)
{
    struct message m = {.tag = PAGER_POLICY, .w = {strlen(policy)}};

    ipc_attach_in(&m, policy, strlen(policy));
    if (ipc_request(HANDLE_PAGER, &m) < 0)
        fail(policy);
}

static void measure_evict(volatile char *at)
{
    struct pager_stat before = stat_now();

    for (unsigned i = 0; i < WINDOWS; i++) {
        unsigned long start = instructions();
        for (unsigned long page = 0; page < STEP; page++)
            at[(i * STEP + page) * PAGE_SIZE] = 1;
        sample[i] = (instructions() - start) / STEP;
    }
    struct pager_stat after = stat_now();
    if (after.evictions_dirty - before.evictions_dirty < WINDOWS * STEP * 9 / 10)
        fail("too few dirty pages had to go");
    report("evict_dirty");
}

static void measure_harvest(void)
{
    struct pager_space space;

    for (unsigned i = 0; i < WINDOWS; i++) {
        struct message m = {.tag = PAGER_WORKING_SET};
        unsigned long start = instructions();
        if (ipc_request(HANDLE_PAGER, &m) < 0)
            fail("working set");
        sample[i] = instructions() - start;
        if (query_pager(PAGER_SPACE, 0, 0, &space, sizeof(space), NULL) < 0 ||
            space.resident < 1000)
            fail("too few resident pages");
        sample[i] /= space.resident;
    }
    report("harvest_page");
}

static void measure_change(void)
{
    change("arc"); /* memory for both */
    change("clock");
    for (unsigned i = 0; i < WINDOWS; i++) {
        unsigned long start = instructions();
        change(i % 2 ? "clock" : "arc");
        sample[i] = instructions() - start;
    }
    if (stat_now().frames_used < 10000 - STEP)
        fail("too few frames in use");
    report("policy_switch");
}

int main(void)
{
    struct pager_stat before = stat_now();
    unsigned long pages = before.frames_limit + (WINDOWS + 1) * STEP;

    if (before.swap_slots < (WINDOWS + 2) * STEP) /* no disk: no rows */
        return 0;
    volatile char *at =
        mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        fail("no memory");
    for (unsigned long page = 0; page < pages - WINDOWS * STEP; page++)
        at[page * PAGE_SIZE] = 1;
    measure_evict(at + (pages - WINDOWS * STEP) * PAGE_SIZE);
    measure_harvest();
    measure_change();
    return 0;
}
