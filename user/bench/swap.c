/* SPDX-License-Identifier: MIT
 *
 * swap: what it costs to bring a page back from the disk, when for that another one must go there: writes
 * to a working set of four times the frames, in order, so that each page is out when its turn comes. Part
 * of `make bench` (measure.h).
 *
 * octavo-bench: FRAMES=512 */
#include <sys/mman.h>
#include "measure.h"

#define WINDOWS 5

int main(void)
{
    struct pager_stat before = pager_stat();
    unsigned long pages = 4 * before.frames_limit, sample[WINDOWS];

    if (before.swap_slots < pages) /* no disk: no row */
        return 0;
    volatile char *at =
        mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        fail("no memory", 0);
    for (unsigned long page = 0; page < pages; page++)
        at[page * PAGE_SIZE] = 1;
    before = pager_stat();
    for (unsigned i = 0; i < WINDOWS; i++) {
        unsigned long start = busy_instructions();
        for (unsigned long page = 0; page < pages; page++)
            at[page * PAGE_SIZE]++;
        sample[i] = (busy_instructions() - start) / pages;
    }
    struct pager_stat after = pager_stat();
    if (after.swap_ins - before.swap_ins < WINDOWS * pages * 9 / 10)
        fail("too many pages had stayed", 0);
    report("swap_out_in", sample, WINDOWS);
    return 0;
}
