/* SPDX-License-Identifier: MIT
 *
 * sbrk: what moving the break does, and what it does not. It is only a promise: no frame is taken
 * before a page is touched. The program checks what it claims; its status is 0 when all of it is
 * true. */
#include <octavo/query.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MEBIBYTE 0x100000

static int failures;

static void check(const char *what, int true_)
{
    printf("  %-52s %s\n", what, true_ ? "yes" : "NO");
    failures += !true_;
}

/* Resident pages of this process's heap, as `pmap` shows them; the region is printed. */
static unsigned long heap_resident(void)
{
    struct pager_region region[16];
    unsigned long answer[4], resident = 0;

    if (query_pager(PAGER_REGIONS, 0, 0, region, sizeof(region), answer) < 0)
        return ~0ul;
    for (unsigned long i = 0; i < answer[0]; i++) {
        if (strcmp(region[i].name, "[heap]") != 0)
            continue;
        printf("  pmap: %010lx-%010lx %5luK in it, %luK resident\n", (unsigned long)region[i].start,
               (unsigned long)region[i].end,
               (unsigned long)(region[i].end - region[i].start) / 1024,
               (unsigned long)region[i].resident * (PAGE_SIZE / 1024));
        resident += region[i].resident;
    }
    return resident;
}

int main(void)
{
    uintptr_t first = (uintptr_t)sbrk(0);
    unsigned long before = heap_resident();
    uintptr_t old = (uintptr_t)sbrk(MEBIBYTE);
    uintptr_t grown = (uintptr_t)sbrk(0);
    printf("sbrk(0)        0x%lx\nsbrk(0x%x) 0x%lx\nsbrk(0)        0x%lx\ngetpid()       %d\n",
           first, MEBIBYTE, old, grown, getpid());
    check("sbrk(1 MiB) returned the old break", old == first);
    check("the break is exactly 0x100000 higher", grown - first == MEBIBYTE);
    check("no frame was taken for it", heap_resident() == before);

    volatile char *heap = (volatile char *)old;
    heap[MEBIBYTE / 2] = 1;
    check("touching one byte took one frame", heap_resident() == before + 1);
    check("the rest of that page reads as zero", heap[MEBIBYTE / 2 + 1] == 0);

    uintptr_t high = (uintptr_t)sbrk(-MEBIBYTE);
    printf("sbrk(-0x%x) 0x%lx\nsbrk(0)        0x%lx\n", MEBIBYTE, high, (uintptr_t)sbrk(0));
    check("sbrk(-1 MiB) returned the high break", high == grown);
    check("the break is where it was", (uintptr_t)sbrk(0) == first);
    check("the frame is back", heap_resident() == before);
    check("an absurd sbrk fails", sbrk(PTRDIFF_MAX) == (void *)-1);
    return failures != 0;
}
