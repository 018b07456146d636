/* SPDX-License-Identifier: MIT
 *
 * Bombs: programs that fork, share, lock or write memory without end. Each ends in errors, or is ended;
 * meanwhile a neighbour's work (map a page, touch it, unmap it) costs at most one and a half times its
 * instructions. That is the median of many rounds: most are not interrupted. Then what a call costs in a
 * space of 100,000 regions.
 *
 *     bombs           the test
 *     bombs NAME      a bomb: see bombs[]
 *     bombs beside NAME    the test with that bomb alone
 *
 * octavo-test: SMP=1 MEM=128M ICOUNT=1 SWAP=16M TIMEOUT=300 */
#include <errno.h>
#include <octavo/query.h>
#include <octavo/syscall.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/guest/check.h"
#include "tests/guest/rawfork.h"
#include "tests/guest/spawned.h"

#define SELF "/test/bombs"
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)
#define ROUNDS 400

static inline unsigned long instructions(void)
{
    unsigned long n;

    __asm__ volatile("rdinstret %0" : "=r"(n)::"memory");
    return n;
}

/* --- bombs: 0 when they ended in the error that they should ------------------------------------ */

/* All descendants do the same, until none can be made: the first that hears so tells the others. */
static int bomb_fork(void)
{
    volatile int *enough = mmap(NULL, PAGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    for (int i = 0; i < 10000; i++) {
        pid_t pid = *enough ? -EAGAIN : rawfork();
        if (pid == 0) {
            i = 0;
            continue;
        }
        if (pid < 0) {
            *enough = 1;
            return pid == -EAGAIN || pid == -ENOMEM ? 0 : 2;
        }
    }
    return 1;
}

static int bomb_shared(void)
{
    for (unsigned long i = 0; i < 1ul << 24; i++) {
        char *at = mmap(NULL, 16 * PAGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED)
            return errno == ENOMEM ? 0 : 2;
        at[0] = 1;
    }
    return 1;
}

static int bomb_lock(void)
{
    for (unsigned long i = 0; i < 1ul << 24; i++) {
        char *at = mmap(NULL, 16 * PAGE_SIZE, RW, ANONYMOUS, -1, 0);
        if (at == MAP_FAILED || mlock(at, 16 * PAGE_SIZE) != 0)
            return errno == ENOMEM ? 0 : 2;
    }
    return 1;
}

/* Writes all that it maps, until it is ended for that: never its neighbour. */
static int bomb_touch(void)
{
    for (unsigned long i = 0; i < 1ul << 24; i++) {
        char *at = mmap(NULL, 1 << 20, RW, ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (at == MAP_FAILED)
            return 2;
        memset(at, 1, 1 << 20);
    }
    return 1;
}

static const struct {
    const char *name;
    int (*run)(void);
    int status; /* as spawned_wait has it */
} bombs[] = {
    {"fork", bomb_fork, 0},
    {"shared", bomb_shared, 0},
    {"lock", bomb_lock, 0},
    {"touch", bomb_touch, 128 + SIGKILL},
};

/* --- the neighbour ------------------------------------------------------------------------------ */

static unsigned long sample[ROUNDS + 1];

static int compare(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

    return x < y ? -1 : x > y;
}

static bool work_once(unsigned long *cost)
{
    unsigned long start = instructions();
    char *at = mmap(NULL, PAGE_SIZE, RW, ANONYMOUS, -1, 0);

    if (at == MAP_FAILED)
        return false;
    at[0] = 1;
    munmap(at, PAGE_SIZE);
    *cost = instructions() - start;
    return true;
}

/* Rounds of work while the child runs (0: none), then waits for it: the median; *status as spawned_wait. */
static unsigned long work(pid_t child, int *status)
{
    unsigned n = 0;

    for (;;) {
        if (!work_once(&sample[n]))
            return ~0ul;
        bool enough = ++n == ROUNDS;
        int raw;
        if (child && waitpid(child, &raw, enough ? 0 : WNOHANG) == child) {
            *status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
            break;
        }
        if (enough)
            break;
    }
    qsort(sample, n, sizeof(sample[0]), compare);
    return sample[n / 2];
}

static void test_bomb(const char *name, unsigned long alone, int end)
{
    char *argv[] = {SELF, (char *)name, NULL}, text[80];
    int status = -1;
    unsigned long cost = work(spawned_start(argv, NULL, NULL), &status);

    snprintf(text, sizeof(text), "a %s bomb ends", name);
    check_equal(text, status, end);
    snprintf(text, sizeof(text), "beside a %s bomb", name);
    check(2 * cost <= 3 * alone, text, "%lu instructions, alone %lu", cost, alone);
    printf("# %s: %lu, alone %lu\n", name, cost, alone);
}

/* --- many regions --------------------------------------------------------------------------------- */

#define REGIONS 100000ul

static void test_many_regions(unsigned long few)
{
    char *at = mmap(NULL, 2 * REGIONS * PAGE_SIZE, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0);
    unsigned long made = 0, start = instructions(), cost, status;

    for (; made < REGIONS / 2; made++)
        if (mprotect(at + 4 * made * PAGE_SIZE, PAGE_SIZE, PROT_READ) != 0)
            break;
    cost = (instructions() - start) / (made ? made : 1);
    check_equal("100,000 regions", (long)made, REGIONS / 2);
    check(cost < 6000, "instructions to split one off", "%lu", cost);
    cost = work(0, (int *)&status);
    check(cost < 2 * few, "a page mapped, touched and unmapped among them", "%lu, not twice %lu",
          cost, few);
    printf("# 100,000 regions: %lu, few: %lu\n", cost, few);
    start = instructions();
    for (unsigned i = 0; i < 100; i++)
        mremap(at + 4 * (i + 7000ul) * PAGE_SIZE, PAGE_SIZE, PAGE_SIZE,
               MREMAP_MAYMOVE | MREMAP_FIXED, at + (4 * (i + 9000ul) + 2) * PAGE_SIZE);
    cost = (instructions() - start) / 100;
    check(cost < 12000, "instructions to move one", "%lu", cost);
    check_equal("and all are unmapped", munmap(at, 2 * REGIONS * PAGE_SIZE), 0);
}

int main(int argc, char **argv)
{
    if (argc == 3) { /* bombs beside NAME */
        unsigned long alone = (work(0, NULL), work(0, NULL));
        for (unsigned i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++)
            if (strcmp(argv[2], bombs[i].name) == 0)
                test_bomb(argv[2], alone, bombs[i].status);
        return check_done();
    }
    for (unsigned i = 0; argc > 1 && i < sizeof(bombs) / sizeof(bombs[0]); i++)
        if (strcmp(argv[1], bombs[i].name) == 0)
            return bombs[i].run();
    work(0, NULL); /* warms up */
    unsigned long alone = work(0, NULL);
    test_many_regions(alone);
    for (unsigned i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++)
        test_bomb(bombs[i].name, alone, bombs[i].status);
    return check_done();
}
