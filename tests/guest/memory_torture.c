/* SPDX-License-Identifier: MIT
 *
 * Random mmap, munmap, mprotect, mremap, madvise, mlock and fork against a model: every page's contents,
 * permissions and what joins with what. Children go on where their parent was, deeper and deeper, and
 * see what is shared and nothing of what is not. The seed is printed;
 * arguments set it and the number of operations.
 *
 * octavo-test: SMP=1,4 TIMEOUT=240 */
#include <errno.h>
#include <octavo/query.h>
#include <octavo/syscall.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/guest/check.h"
#include "tests/guest/rawfork.h"
#include "tests/guest/spawned.h"

#define PAGES 200u
#define OBJECTS 256u
#define OBJECT_PAGES 32u
#define DEPTH 4

/* One page of the arena. */
struct cell {
    bool mapped, locked;
    int prot;
    unsigned object, index; /* shared memory: which, and which page of it; 0 = private */
    unsigned value;         /* private: its first word */
};

static struct cell model[PAGES];
static struct { /* itself in shared memory, for all generations */
    unsigned objects;
    unsigned value[OBJECTS][OBJECT_PAGES];
} * truth;

static char *arena;
static unsigned long wrong, first_wrong;
static uint64_t state;
static int depth;

static uint32_t below(uint32_t n) /* xorshift64* */
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)(state * 0x2545f4914f6cdd1dul >> 32) % n;
}

static void expect(bool right, int line)
{
    if (!right && wrong++ == 0)
        first_wrong = (unsigned long)line;
}
#define EXPECT(condition) expect(condition, __LINE__)

static unsigned *word(unsigned page)
{
    return (unsigned *)(arena + page * PAGE_SIZE);
}

static unsigned *value(struct cell *cell)
{
    return cell->object ? &truth->value[cell->object][cell->index] : &cell->value;
}

static bool readable(unsigned page)
{
    return sys_futex_wait((uintptr_t)word(page), *value(&model[page]) + 1, 0) != -EFAULT;
}

static void range(unsigned *first, unsigned *n)
{
    *first = below(PAGES);
    *n = 1 + below(below(4) ? 6 : 60);
    if (*first + *n > PAGES)
        *n = PAGES - *first;
}

static bool whole(unsigned first, unsigned n)
{
    for (unsigned page = first; page < first + n; page++)
        if (!model[page].mapped)
            return false;
    return true;
}

/* Is the page in one region with the one before it? */
static bool joins(unsigned page)
{
    const struct cell *a = &model[page - 1], *b = &model[page];

    return a->mapped && b->mapped && a->prot == b->prot && a->locked == b->locked &&
           a->object == b->object && (!a->object || a->index + 1 == b->index);
}

/* --- operations ------------------------------------------------------------------------------ */

static void do_map(bool shared)
{
    static const int prots[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
                                PROT_READ | PROT_WRITE};
    unsigned first, n, object = 0;
    int prot = prots[below(4)], flags = shared ? MAP_SHARED : MAP_PRIVATE;

    range(&first, &n);
    if (shared) {
        if (truth->objects + 1 >= OBJECTS)
            return;
        object = ++truth->objects;
        if (n > OBJECT_PAGES)
            n = OBJECT_PAGES;
    }
    flags |= MAP_ANONYMOUS | MAP_FIXED | (below(8) ? 0 : MAP_POPULATE);
    char *at = mmap(arena + first * PAGE_SIZE, n * PAGE_SIZE, prot, flags, -1, 0);
    EXPECT(at == arena + first * PAGE_SIZE);
    for (unsigned i = 0; i < n; i++)
        model[first + i] =
            (struct cell){.mapped = true, .prot = prot, .object = object, .index = i};
}

static void do_unmap(void)
{
    unsigned first, n;

    range(&first, &n);
    EXPECT(munmap(arena + first * PAGE_SIZE, n * PAGE_SIZE) == 0);
    memset(&model[first], 0, n * sizeof(model[0]));
}

static void do_protect(void)
{
    static const int prots[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
    unsigned first, n;
    int prot = prots[below(3)];

    range(&first, &n);
    int result = mprotect(arena + first * PAGE_SIZE, n * PAGE_SIZE, prot);
    EXPECT(result == (whole(first, n) ? 0 : -1));
    for (unsigned page = first; result == 0 && page < first + n; page++)
        model[page].prot = prot;
}

/* Moves a range within the arena to where it does not overlap, with another length. */
static void do_remap(void)
{
    struct cell moved[PAGES];
    unsigned from, n, to, m;
    bool one = true;

    range(&from, &n);
    range(&to, &m);
    if (from < to + m && to < from + n)
        return;
    one = model[from].mapped;
    for (unsigned page = from + 1; page < from + n; page++)
        one &= joins(page);
    if (one && model[from].object && m > n) /* it would reach beyond the object */
        m = n;
    char *at = mremap(arena + from * PAGE_SIZE, n * PAGE_SIZE, m * PAGE_SIZE,
                      MREMAP_MAYMOVE | MREMAP_FIXED, arena + to * PAGE_SIZE);
    EXPECT(one ? at == arena + to * PAGE_SIZE : at == MAP_FAILED && errno == EFAULT);
    if (!one)
        return;
    memcpy(moved, &model[from], n * sizeof(model[0]));
    memset(&model[from], 0, n * sizeof(model[0]));
    for (unsigned i = 0; i < m; i++) {
        model[to + i] = moved[i < n ? i : 0];
        if (i >= n)
            model[to + i].value = 0;
    }
}

static void do_discard(void)
{
    unsigned first, n;
    bool locked = false;

    range(&first, &n);
    for (unsigned page = first; page < first + n; page++)
        locked |= model[page].locked;
    int result = madvise(arena + first * PAGE_SIZE, n * PAGE_SIZE, MADV_DONTNEED);
    int error = locked ? EINVAL : whole(first, n) ? 0 : ENOMEM;
    EXPECT(result == (error ? -1 : 0) && (!error || errno == error));
    for (unsigned page = first; !locked && page < first + n; page++)
        model[page].value = 0;
}

static void do_lock(void)
{
    unsigned first, n;
    bool lock = below(3) == 0;

    range(&first, &n);
    int result = (lock ? mlock : munlock)(arena + first * PAGE_SIZE, n * PAGE_SIZE);
    EXPECT(result == (whole(first, n) ? 0 : -1));
    for (unsigned page = first; result == 0 && page < first + n; page++)
        model[page].locked = lock;
}

static void do_access(void)
{
    unsigned page = below(PAGES);
    struct cell *cell = &model[page];

    if (cell->prot & PROT_READ)
        EXPECT(*word(page) == *value(cell));
    else
        EXPECT(!readable(page));
    if (cell->prot & PROT_WRITE && below(2))
        *word(page) = *value(cell) = 1 + below(1u << 30);
}

static void check_whole(void)
{
    for (unsigned page = 0; page < PAGES; page++)
        if (model[page].prot & PROT_READ)
            EXPECT(*word(page) == *value(&model[page]));
}

static void run(unsigned operations);

static void do_fork(void)
{
    if (depth == DEPTH)
        return;
    pid_t pid = rawfork();
    if (pid == 0) {
        depth++;
        wrong = 0;
        state ^= 0x9e3779b97f4a7c15ul * (unsigned)depth;
        for (unsigned page = 0; page < PAGES; page++)
            model[page].locked = false;
        check_whole();
        run(100);
        _exit(wrong == 0 ? 0 : first_wrong > 255 ? (int)(first_wrong / 10) : (int)first_wrong);
    }
    if (pid > 0 && below(2)) /* both at work at once, but nothing shared is written here */
        for (int i = 0; i < 20; i++) {
            unsigned page = below(PAGES);
            if (model[page].prot & PROT_WRITE && !model[page].object)
                *word(page) = model[page].value = 1 + below(1u << 30);
        }
    int status = spawned_wait(pid);
    if (status != 0 && wrong++ == 0)
        first_wrong = (unsigned long)status;
    check_whole();
}

static void run(unsigned operations)
{
    for (unsigned i = 0; i < operations && wrong == 0; i++) {
        unsigned what = below(64);
        if (what < 4)
            do_map(false);
        else if (what < 5)
            do_map(true);
        else if (what < 7)
            do_unmap();
        else if (what < 10)
            do_protect();
        else if (what < 13)
            do_remap();
        else if (what < 14)
            do_discard();
        else if (what < 15)
            do_lock();
        else if (what < 16 && below(depth ? 6 : 2) == 0)
            do_fork();
        else
            do_access();
        if (i % 100 == 99)
            check_whole();
    }
}

static void round_of(const char *name, unsigned around, unsigned wait, unsigned operations)
{
    struct message m = {.tag = PAGER_TUNE, .w = {PAGER_TUNE_AROUND, around}};

    ipc_request(HANDLE_PAGER, &m);
    m = (struct message){.tag = PAGER_TUNE, .w = {PAGER_TUNE_WAIT, wait}};
    ipc_request(HANDLE_PAGER, &m);
    memset(model, 0, sizeof(model));
    truth = mmap(NULL, sizeof(*truth), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    arena = mmap(NULL, PAGES * PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(arena, PAGES * PAGE_SIZE);
    run(operations);
    check(wrong == 0, name, "%lu wrong, the first in line %lu", wrong, first_wrong);
    wrong = 0;
    munmap(arena, PAGES * PAGE_SIZE);
    munmap(truth, sizeof(*truth));
}

int main(int argc, char **argv)
{
    struct pager_stat before, after;
    struct info_system system;

    state = argc > 1 ? strtoul(argv[1], NULL, 0) : (uint64_t)sys_clock() | 1;
    printf("SEED=%#lx\n", (unsigned long)state);
    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    unsigned n = argc > 2 ? (unsigned)atoi(argv[2]) : system.harts > 1 ? 300 : 1500;
    query_pager(PAGER_STAT, 0, 0, &before, sizeof(before), NULL);
    round_of("one page a fault", 1, 0, n);
    round_of("fault-around", 16, 0, n);
    round_of("every third request parked", 16, 3, n / 2);
    usleep(100000);
    query_pager(PAGER_STAT, 0, 0, &after, sizeof(after), NULL);
    check_equal("spaces stay", (long)(after.spaces - before.spaces), 0);
    check(after.frames_anon <= before.frames_anon + 30, "anonymous frames stay", "%ld",
          (long)(after.frames_anon - before.frames_anon));
    return check_done();
}
