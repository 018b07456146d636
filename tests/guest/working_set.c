/* SPDX-License-Identifier: MIT
 *
 * PAGER_WORKING_SET counts exactly the pages that were touched since it was asked last.
 *
 *     working_set                    the test
 *     working_set measure STEPS      for see.py: touches pages, asks again and again; at the end what
 *     working_set plain STEPS        evictions and reads from swap there were. Plain: does not ask
 *
 * octavo-test: SMP=1 FRAMES=600 TIMEOUT=120
 * octavo-test: SMP=4 TIMEOUT=120 */
#include <errno.h>
#include <octavo/query.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/check.h"

#define PAGES 400u
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)

static volatile char *memory;

static long ask(unsigned long badge, unsigned long *mapped)
{
    struct message m = {.tag = PAGER_WORKING_SET, .w = {badge}};
    long result = ipc_request(HANDLE_PAGER, &m);

    if (mapped)
        *mapped = m.w[1];
    return result < 0 ? result : (long)m.w[0];
}

/* How many pages are counted when n of them are touched, every `step`th. */
static long count(unsigned n, unsigned step, int write)
{
    ask(0, NULL);
    for (unsigned i = 0; i < n; i++)
        if (write)
            memory[i * step * PAGE_SIZE]++;
        else
            (void)memory[i * step * PAGE_SIZE];
    return ask(0, NULL);
}

static void test_counts(void)
{
    unsigned long mapped = 0;

    memory = mmap(NULL, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
    count(3, 1, 1);
    long own = count(1, 1, 1) - 1; /* of the program itself */
    check(own > 0 && own < 20, "a program uses few pages to ask", "%ld", own);
    check_equal("pages just made", count(200, 1, 1) - own, 200);
    check_equal("one page", count(1, 1, 1) - own, 1);
    check_equal("pages written", count(37, 3, 1) - own, 37);
    check_equal("pages read", count(41, 2, 0) - own, 41);
    check_equal("pages read again", count(41, 2, 0) - own, 41);
    ask(0, &mapped);
    check(mapped >= 200 && mapped < 300, "mapped pages", "%lu", mapped);
    munmap((void *)memory, PAGES * PAGE_SIZE);
    memory = mmap(NULL, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
    check_equal("pages of zeros", count(60, 1, 0) - own, 60);
    check_equal("some of them", count(10, 6, 0) - own, 10);
    check_equal("nobody's space", ask(12345, NULL), -ESRCH);
}

/* Random numbers are the same each time. */
static int run(int measures, unsigned steps)
{
    struct pager_stat stat;
    unsigned state = 1;

    memory = mmap(NULL, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
    for (unsigned i = 0; i < steps; i++) {
        state = state * 1103515245 + 12345;
        unsigned page = (state >> 16) % PAGES;
        memory[(state & 1 << 30 ? page : page % 60) * PAGE_SIZE]++;
        if (i % 50 == 0) /* both ask something */
            if (ask(measures ? 0 : 12345, NULL) < 0 && measures)
                return 1;
    }
    if (query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL) < 0)
        return 1;
    printf("evictions %lu in %lu harvests %lu\n", (unsigned long)stat.evictions,
           (unsigned long)stat.swap_ins, (unsigned long)stat.harvests);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 2)
        return run(strcmp(argv[1], "measure") == 0, (unsigned)strtoul(argv[2], NULL, 10));
    test_counts();
    return check_done();
}
