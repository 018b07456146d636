/* SPDX-License-Identifier: MIT
 *
 * reclaim: what it costs to take pages away and to look at them. Part of `make bench` (measure.h); all
 * rows are a page, but for the one that says so.
 *
 *     evict_dirty         a new page is written while memory is full of pages that must go to the disk first:
 *                         making room, zeroing and mapping
 *     harvest_page        reading and clearing its accessed bit, with those of its neighbours
 *     policy_switch       another policy with 10,000 resident frames, all of it; between clock and arc
 *
 * octavo-bench: FRAMES=10000 SWAP=64M */
#include <sys/mman.h>
#include "measure.h"

#define WINDOWS 5
#define STEP 512ul /* pages of a window */

static unsigned long sample[WINDOWS];

static void change(const char *policy)
{
    struct message m = {.tag = PAGER_POLICY, .w = {strlen(policy)}};

    ipc_attach_in(&m, policy, strlen(policy));
    if (ipc_request(HANDLE_PAGER, &m) < 0)
        fail(policy, 0);
}

static void measure_evict(volatile char *at)
{
    struct pager_stat before = pager_stat();

    for (unsigned i = 0; i < WINDOWS; i++) {
        unsigned long start = busy_instructions();
        for (unsigned long page = 0; page < STEP; page++)
            at[(i * STEP + page) * PAGE_SIZE] = 1;
        sample[i] = (busy_instructions() - start) / STEP;
    }
    struct pager_stat after = pager_stat();
    if (after.evictions_dirty - before.evictions_dirty < WINDOWS * STEP * 9 / 10)
        fail("too few dirty pages had to go", 0);
    report("evict_dirty", sample, WINDOWS);
}

static void measure_harvest(void)
{
    struct pager_space space;

    for (unsigned i = 0; i < WINDOWS; i++) {
        struct message m = {.tag = PAGER_WORKING_SET};
        unsigned long start = busy_instructions();
        if (ipc_request(HANDLE_PAGER, &m) < 0)
            fail("working set", 0);
        sample[i] = busy_instructions() - start;
        if (query_pager(PAGER_SPACE, 0, 0, &space, sizeof(space), NULL) < 0 ||
            space.resident < 1000)
            fail("too few resident pages", 0);
        sample[i] /= space.resident;
    }
    report("harvest_page", sample, WINDOWS);
}

static void measure_change(void)
{
    change("arc"); /* memory for both */
    change("clock");
    for (unsigned i = 0; i < WINDOWS; i++) {
        unsigned long start = busy_instructions();
        change(i % 2 ? "clock" : "arc");
        sample[i] = busy_instructions() - start;
    }
    if (pager_stat().frames_used < 10000 - STEP)
        fail("too few frames in use", 0);
    report("policy_switch", sample, WINDOWS);
}

int main(void)
{
    struct pager_stat before = pager_stat();
    unsigned long pages = before.frames_limit + (WINDOWS + 1) * STEP;

    if (before.swap_slots < (WINDOWS + 2) * STEP) /* no disk: no rows */
        return 0;
    volatile char *at =
        mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        fail("no memory", 0);
    for (unsigned long page = 0; page < pages - WINDOWS * STEP; page++)
        at[page * PAGE_SIZE] = 1;
    measure_evict(at + (pages - WINDOWS * STEP) * PAGE_SIZE);
    measure_harvest();
    measure_change();
    return 0;
}
