/* SPDX-License-Identifier: MIT
 *
 * barrier [rounds]: the write barrier of a garbage collector, by memory protection. A heap of pages is
 * made read-only; the first store to a page is a SIGSEGV, whose handler notes the page and makes it
 * writable, and the store is done again. A collector then looks only at the pages that were noted. Here
 * a "mutator" stores at random, and the "collector" compares the noted pages with what was stored.
 * Status 0: each was noted once, and no other. */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES 256
#define STORES 100

static uint8_t *heap;
static size_t page_size;
static volatile sig_atomic_t noted[PAGES], faults;

static void on_fault(int number, siginfo_t *info, void *context)
{
    uintptr_t offset = (uintptr_t)info->si_addr - (uintptr_t)heap;

    (void)context;
    if (offset >= PAGES * page_size || info->si_code != SEGV_ACCERR) { /* a bug, not the barrier */
        signal(number, SIG_DFL);
        return;
    }
    faults++;
    noted[offset / page_size]++;
    mprotect(heap + offset / page_size * page_size, page_size, PROT_READ | PROT_WRITE);
}

/* Stores to pages at random and says, in stored, which. */
static void mutate(bool *stored, uint32_t *seed)
{
    for (int i = 0; i < STORES; i++) {
        *seed = *seed * 1664525 + 1013904223;
        size_t page = (*seed >> 8) % PAGES, at = (*seed >> 16) % page_size;
        heap[page * page_size + at]++;
        stored[page] = true;
    }
}

static int collect(const bool *stored)
{
    int wrong = 0;

    for (int page = 0; page < PAGES; page++)
        wrong += noted[page] != stored[page];
    return wrong;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    int rounds = argc > 1 ? atoi(argv[1]) : 10, wrong = 0, total = 0;
    uint32_t seed = 1;

    page_size = (size_t)sysconf(_SC_PAGESIZE);
    heap =
        mmap(NULL, PAGES * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (heap == MAP_FAILED || sigaction(SIGSEGV, &action, NULL) < 0) {
        perror("barrier");
        return 1;
    }
    memset(heap, 0, PAGES * page_size);
    for (int round = 0; round < rounds; round++) {
        bool stored[PAGES] = {false};
        memset((void *)noted, 0, sizeof(noted));
        faults = 0;
        mprotect(heap, PAGES * page_size, PROT_READ);
        mutate(stored, &seed);
        wrong += collect(stored);
        total += faults;
    }
    printf("%d rounds, %d stores each to %d pages: %d faults, %d pages noted wrongly\n", rounds,
           STORES, PAGES, total, wrong);
    return wrong != 0 || total == 0;
}
