/* SPDX-License-Identifier: MIT
 *
 * The pager against a model, from inside a program: random mmap, munmap, mprotect, reads and writes in
 * an arena, every page's contents and permission checked, with fault-around on and off and with every
 * so manieth request parked and run again. Then what happens when memory ends: to who asked for it, and
 * to its neighbours; and that nothing stays behind.
 *
 *     pager_memory            the test
 *     pager_memory MODE       a child: see children[]
 *
 * octavo-test: SMP=1,4 SWAP=1M TIMEOUT=180 */
#include <errno.h>
#include <octavo/query.h>
#include <octavo/syscall.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define SELF "/test/pager_memory"
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define RESERVED 0x4000 /* MAP_NORESERVE */

static uint64_t state = 88172645463325252ul;

static uint32_t random_below(uint32_t n) /* xorshift64* */
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)(state * 0x2545f4914f6cdd1dul >> 32) % n;
}

static long tune(unsigned long what, unsigned long value)
{
    struct message m = {.tag = PAGER_TUNE, .w = {what, value}};
    long error = ipc_request(HANDLE_PAGER, &m);

    return error < 0 ? error : (long)m.w[0];
}

static struct pager_stat stat(void)
{
    static struct pager_stat record;

    query_pager(PAGER_STAT, 0, 0, &record, sizeof(record), NULL);
    return record;
}

/* --- The model --------------------------------------------------------------------------- */

#define PAGES 300u

static struct {
    bool mapped;
    int prot;
    unsigned value; /* first word of the page */
} model[PAGES];

static char *arena;
static unsigned long wrong;

static unsigned *word(unsigned page)
{
    return (unsigned *)(arena + page * PAGE_SIZE);
}

/* May this program read the page? The kernel finds out, as for any system call's buffer. */
static bool readable(unsigned page)
{
    return sys_futex_wait((uintptr_t)word(page), model[page].value + 1, 0) != -EFAULT;
}

/* And write? info copies a record out; the word is then put back. */
static bool writable(unsigned page)
{
    unsigned keep = readable(page) ? *word(page) : 0;
    bool done = sys_info(INFO_SYSTEM, 0, (uintptr_t)word(page), 4) != -EFAULT;

    if (done)
        *word(page) = keep;
    return done;
}

static void range(unsigned *first, unsigned *n)
{
    *first = random_below(PAGES);
    *n = 1 + random_below(random_below(4) ? 8 : 100);
    if (*first + *n > PAGES)
        *n = PAGES - *first;
}

static void do_map(void)
{
    static const int prots[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
                                PROT_READ | PROT_WRITE};
    unsigned first, n;
    int prot = prots[random_below(4)];

    range(&first, &n);
    char *at = mmap(arena + first * PAGE_SIZE, n * PAGE_SIZE, prot, ANONYMOUS | MAP_FIXED, -1, 0);
    wrong += at != arena + first * PAGE_SIZE;
    for (unsigned page = first; page < first + n; page++) {
        model[page].mapped = true;
        model[page].prot = prot;
        model[page].value = 0;
    }
}

static void do_unmap(void)
{
    unsigned first, n;

    range(&first, &n);
    wrong += munmap(arena + first * PAGE_SIZE, n * PAGE_SIZE) != 0;
    for (unsigned page = first; page < first + n; page++) {
        model[page].mapped = false;
        model[page].prot = 0;
        model[page].value = 0;
    }
}

static void do_protect(void)
{
    unsigned first, n;
    int prot = (int)random_below(3) + (random_below(3) == 2); /* 0, 1, 3 and seldom 2 */
    bool whole = true;

    if (prot == PROT_WRITE)
        prot |= PROT_READ;
    range(&first, &n);
    for (unsigned page = first; page < first + n; page++)
        whole &= model[page].mapped;
    int result = mprotect(arena + first * PAGE_SIZE, n * PAGE_SIZE, prot);
    wrong += result != (whole ? 0 : -1) || (!whole && errno != ENOMEM);
    if (!whole)
        return;
    for (unsigned page = first; page < first + n; page++)
        model[page].prot = prot;
}

static void do_access(void)
{
    unsigned page = random_below(PAGES);

    if (model[page].prot & PROT_READ)
        wrong += *word(page) != model[page].value;
    else
        wrong += readable(page);
    if (model[page].prot & PROT_WRITE && random_below(2))
        *word(page) = model[page].value = random_below(1u << 30);
    else if (random_below(4) == 0)
        wrong += writable(page) != !!(model[page].prot & PROT_WRITE);
}

static void check_whole(void)
{
    static unsigned char resident[PAGES];

    for (unsigned page = 0; page < PAGES; page++) {
        if (model[page].prot & PROT_READ)
            wrong += *word(page) != model[page].value;
        int result = mincore(word(page), PAGE_SIZE, resident);
        wrong += result != (model[page].mapped ? 0 : -1);
    }
}

static void test_model(const char *name, unsigned around, unsigned wait, unsigned operations)
{
    tune(PAGER_TUNE_AROUND, around);
    tune(PAGER_TUNE_WAIT, wait);
    wrong = 0;
    memset(model, 0, sizeof(model));
    arena = mmap(NULL, PAGES * PAGE_SIZE, PROT_NONE, ANONYMOUS, -1, 0);
    munmap(arena, PAGES * PAGE_SIZE);
    for (unsigned i = 0; i < operations; i++) {
        unsigned what = random_below(32);
        if (what < 2)
            do_map();
        else if (what < 3)
            do_unmap();
        else if (what < 5)
            do_protect();
        else
            do_access();
        if (i % 1000 == 999)
            check_whole();
    }
    check_equal(name, (long)wrong, 0);
    munmap(arena, PAGES * PAGE_SIZE);
    tune(PAGER_TUNE_WAIT, 0);
    tune(PAGER_TUNE_AROUND, 16);
}

/* --- Children ---------------------------------------------------------------------------- */

/* Takes promises for twice the frames, then touches them all. */
static int child_hog(void)
{
    unsigned long half = stat().frames_limit / 2;

    for (int i = 0; i < 4; i++) {
        char *at = mmap(NULL, half * PAGE_SIZE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
        if (at == MAP_FAILED)
            return 1;
        for (unsigned long page = 0; page < half; page++)
            at[page * PAGE_SIZE] = 1;
    }
    return 2;
}

/* Asks for more than there is: refused; then does with less. */
static int child_greedy(void)
{
    unsigned long limit = stat().frames_limit + stat().swap_slots;

    errno = 0;
    if (mmap(NULL, (limit + 1) * PAGE_SIZE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0) !=
            MAP_FAILED ||
        errno != ENOMEM)
        return 1;
    if (mmap(NULL, (limit + 1) * PAGE_SIZE, PROT_READ | PROT_WRITE, ANONYMOUS | RESERVED, -1, 0) ==
        MAP_FAILED)
        return 2;
    errno = 0;
    if (sbrk((long)((limit + 1) * PAGE_SIZE)) != (void *)-1 || errno != ENOMEM)
        return 3;
    char *memory = malloc(100000);
    if (!memory)
        return 4;
    memset(memory, 1, 100000);
    return 0;
}

/* Regions without end: every second page another protection. Ends in ENOMEM; then goes on living. */
static int child_bomb(void)
{
    const unsigned long bytes = 1ul << 32;
    char *at = mmap(NULL, bytes, PROT_NONE, ANONYMOUS, -1, 0);
    unsigned long i = 0;

    if (at == MAP_FAILED)
        return 1;
    while (i < bytes && mprotect(at + i, PAGE_SIZE, PROT_READ) == 0)
        i += 2 * PAGE_SIZE;
    if (i >= bytes || errno != ENOMEM || i < 50000 * 2 * PAGE_SIZE)
        return 2;
    if (munmap(at, bytes) != 0)
        return 3;
    at = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return 4;
    *at = 1;
    return 0;
}

/* Recursion without end. */
static int deep(unsigned long level)
{
    volatile char frame[4096];

    frame[0] = 1;
    return level ? deep(level - 1) + frame[0] : 0;
}

static int child_deep(void)
{
    return deep(~0ul) != 0;
}

static const struct {
    const char *mode;
    int (*run)(void);
    int status;
} children[] = {
    {"greedy", child_greedy, 0},
    {"hog", child_hog, 128 + SIGKILL},
    {"bomb", child_bomb, 0},
    {"deep", child_deep, 128 + SIGSEGV},
};

/* While a hog comes to its end, this program takes a few pages now and then, and lives. */
static void test_neighbour(void)
{
    char *argv[] = {SELF, "hog", NULL};
    pid_t hog = spawned_start(argv, NULL, NULL);
    char *at = mmap(NULL, 64 * PAGE_SIZE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
    int status = 0, done;

    for (unsigned i = 0; i < 64; i++) {
        at[i * PAGE_SIZE] = 1;
        sys_futex_wait((uintptr_t)at, 1, (unsigned long)sys_clock() + 5000000ul);
    }
    done = waitpid(hog, &status, 0);
    check(done == hog && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "a hog's end",
          "%d, status %#x", done, status);
    munmap(at, 64 * PAGE_SIZE);
}

static void test_nothing_stays(void)
{
    struct pager_stat before = {0}, after;
    char name[64];

    for (unsigned i = 0; i < sizeof(children) / sizeof(children[0]); i++) {
        snprintf(name, sizeof(name), "child %s", children[i].mode);
        check_equal(name, spawned_run(SELF, children[i].mode, NULL), children[i].status);
    }
    for (int run = 1; run <= 10; run++) {
        spawned_run(SELF, "greedy", NULL);
        spawned_run(SELF, "deep", NULL);
        after = stat();
        if (run == 2)
            before = after;
    }
    check_equal("anonymous frames stay", (long)(after.frames_anon - before.frames_anon), 0);
    check_equal("spaces stay", (long)(after.spaces - before.spaces), 0);
    check_equal("regions stay", (long)(after.regions - before.regions), 0);
    /* but for what ended children have used: 32 records of 48 bytes (user/pager/vm/usage.c) */
    check(after.metadata <= before.metadata + 32 * 48, "metadata stays", "%ld",
          (long)(after.metadata - before.metadata));
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        for (unsigned i = 0; i < sizeof(children) / sizeof(children[0]); i++)
            if (!strcmp(argv[1], children[i].mode))
                return children[i].run();
        return 99;
    }
    /* A fence on another hart costs QEMU a host's time slice: fewer rounds there. */
    struct info_system system;
    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    unsigned n = system.harts > 1 ? 1000 : 6000;
    test_model("random operations, one page a fault", 1, 0, n);
    test_model("random operations, fault-around", 16, 0, n);
    test_model("random operations, every third request parked", 16, 3, n);
    test_model("random operations, every request parked", 1, 1, n / 2);
    test_neighbour();
    test_nothing_stays();
    return check_done();
}
