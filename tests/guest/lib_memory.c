/* SPDX-License-Identifier: MIT
 *
 * The heap and the mmap family as programs see them: sbrk exact to the byte, malloc against random
 * operations with contents checked, mmap, munmap, mprotect, mincore; and that what is gone is gone. */
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <octavo/query.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define SELF "/test/lib_memory"
#define MEBIBYTE 0x100000l
#define APART (5 * PAGE_SIZE)

/* Of the heap alone. */
static unsigned long frames_resident(void)
{
    static struct pager_region region[16];
    unsigned long answer[4], resident = 0;

    if (query_pager(PAGER_REGIONS, 0, 0, region, sizeof(region), answer) < 0)
        return ~0ul;
    for (unsigned long i = 0; i < answer[0]; i++)
        resident += strcmp(region[i].name, "[heap]") == 0 ? region[i].resident : 0;
    return resident;
}

/* --- sbrk -------------------------------------------------------------------------------- */

static void test_sbrk(void)
{
    setvbuf(stdout, NULL, _IONBF, 0); /* nothing else shall use the heap */
    char *first = sbrk(0);
    unsigned long before = frames_resident();

    check(sbrk(MEBIBYTE) == first, "sbrk gives the old break", "%p, not %p", sbrk(0), first);
    check_equal("sbrk of 1 MiB", (char *)sbrk(0) - first, MEBIBYTE);
    check_equal("costs no frame", (long)(frames_resident() - before), 0);
    /* Far from each other: a first write that goes on where another ended brings neighbours along. */
    for (long at = 0; at < MEBIBYTE; at += 65536)
        first[at + APART] = 1;
    check_equal("16 pages touched are 16 frames", (long)(frames_resident() - before), 16);
    check_equal("the rest is zero", first[APART + 1] | first[MEBIBYTE - 1], 0);
    before = frames_resident();
    check(sbrk(-MEBIBYTE) == first + MEBIBYTE, "sbrk gives the old break again", "%p", sbrk(0));
    check_equal("the break is back", (char *)sbrk(0) - first, 0);
    check(before - frames_resident() >= 16, "the frames are back", "%lu",
          before - frames_resident());
    sbrk(MEBIBYTE);
    check_equal("and zero when they come again", first[APART] | first[65536 + APART], 0);
    sbrk(-MEBIBYTE);
    check(sbrk(13) == first && sbrk(-13) == first + 13 && sbrk(0) == first, "sbrk by bytes", "%p",
          sbrk(0));
    errno = 0;
    check(sbrk(PTRDIFF_MAX) == (void *)-1 && errno == ENOMEM, "sbrk of too much", "errno %d",
          errno);
    errno = 0;
    check(sbrk(-PTRDIFF_MAX) == (void *)-1 && errno == ENOMEM, "sbrk below the start", "errno %d",
          errno);
    check(sbrk(0) == first, "a failed sbrk changes nothing", "%p", sbrk(0));
    check(brk(first + 100) == 0 && sbrk(0) == first + 100 && brk(first) == 0, "brk", "%p", sbrk(0));
}

/* --- malloc ------------------------------------------------------------------------------ */

#define SLOTS 256
#define OPERATIONS 150000
#define ALIGNMENT 16

static struct {
    unsigned char *memory;
    size_t size;
    unsigned char pattern;
} slot[SLOTS];

static uint64_t state = 88172645463325252ul;

static uint32_t random_number(void) /* xorshift64* */
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)(state * 0x2545f4914f6cdd1dul >> 32);
}

static unsigned long changed(unsigned i, size_t size)
{
    unsigned long wrong = 0;

    for (size_t at = 0; at < size; at++)
        wrong += slot[i].memory[at] != slot[i].pattern;
    return wrong;
}

static bool fill(unsigned i, unsigned char *memory, size_t size)
{
    slot[i].memory = memory;
    slot[i].size = size;
    slot[i].pattern = (unsigned char)random_number();
    if (memory)
        memset(memory, slot[i].pattern, size);
    return memory != NULL;
}

static void test_malloc_random(void)
{
    unsigned long wrong = 0, failed = 0, misaligned = 0;

    for (long n = 0; n < OPERATIONS; n++) {
        unsigned i = random_number() % SLOTS, kind = random_number() % 8;
        size_t size = 1 + random_number() % (kind == 0 ? 20000 : 200);
        if (!slot[i].memory) {
            failed += !fill(i, kind == 1 ? memalign(64, size) : malloc(size), size);
            misaligned += (uintptr_t)slot[i].memory % (kind == 1 ? 64 : ALIGNMENT) != 0;
        } else if (kind < 3) {
            size_t kept = size < slot[i].size ? size : slot[i].size;
            unsigned char *memory = realloc(slot[i].memory, size);
            slot[i].memory = memory;
            wrong += memory ? changed(i, kept) : 1;
            failed += !fill(i, memory, size);
        } else {
            wrong += changed(i, slot[i].size);
            free(slot[i].memory);
            slot[i].memory = NULL;
        }
    }
    check_equal("malloc, random contents", (long)wrong, 0);
    check_equal("malloc, no failure", (long)failed, 0);
    check_equal("malloc, alignment", (long)misaligned, 0);
    for (unsigned i = 0; i < SLOTS; i++)
        free(slot[i].memory);
}

static void test_malloc(void)
{
    volatile size_t huge = PTRDIFF_MAX - 4096; /* the compiler shall not see it */
    unsigned char *memory = calloc(1000, 7);
    unsigned long sum = 0;

    memset(memory, 0xff, 7000);
    free(memory);
    memory = calloc(7, 1000);
    for (int i = 0; i < 7000; i++)
        sum += memory[i];
    check_equal("calloc is zero", (long)sum, 0);
    free(memory);
    errno = 0;
    check(malloc(huge) == NULL && errno == ENOMEM, "malloc of too much", "errno %d", errno);
    errno = 0;
    check(calloc(huge, 16) == NULL && errno == ENOMEM, "calloc that overflows", "errno %d", errno);
    memory = malloc(8 * MEBIBYTE);
    check(memory != NULL, "malloc of 8 MiB", "errno %d", errno);
    if (memory) {
        memory[0] = memory[8 * MEBIBYTE - 1] = 1;
        free(memory);
    }
}

/* Many small blocks of many sizes, every second of them freed: then as many again. ns. */
static unsigned long many_blocks(unsigned count)
{
    void **block = calloc(2 * count, sizeof(*block));
    unsigned long began = (unsigned long)sys_clock();

    for (unsigned i = 0; i < count; i++)
        block[i] = malloc(17 + i * 7919 % 500);
    for (unsigned i = 0; i < count; i += 2) {
        free(block[i]);
        block[i] = NULL;
    }
    for (unsigned i = count; i < 2 * count; i++)
        block[i] = malloc(17 + i * 104729 % 900);
    unsigned long took = (unsigned long)sys_clock() - began;
    for (unsigned i = 0; i < 2 * count; i++)
        free(block[i]);
    free(block);
    return took;
}

static void test_malloc_many(void)
{
    unsigned long few = 0, many = 1;

    for (int tries = 0; tries < 5 && many >= 40 * few; tries++) { /* the host has other work too */
        few = many_blocks(4000);
        many = many_blocks(40000);
    }
    check(many < 40 * few, "ten times the blocks take about ten times as long", "%lu us, %lu us",
          few / 1000, many / 1000);
    struct mallinfo info = mallinfo();
    check(info.ordblks < 8, "what was freed is in one piece", "%lu pieces",
          (unsigned long)info.ordblks);
    check(info.keepcost < MEBIBYTE, "and given back", "%lu bytes", (unsigned long)info.keepcost);
    void *big = malloc(3 * MEBIBYTE), *bigger = realloc(big, 5 * MEBIBYTE);
    check(bigger && malloc_usable_size(bigger) >= 5 * MEBIBYTE, "a large block grows", "%p",
          bigger);
    free(bigger);
}

/* --- mmap -------------------------------------------------------------------------------- */

static char *map(unsigned long bytes, int prot)
{
    return mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static bool fails(const char *name, void *result, int error)
{
    int found = errno;

    errno = 0;
    return check(result == MAP_FAILED && found == error, name, "%p, errno %d, not %d", result,
                 found, error);
}

static void test_mmap_errors(void)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    char *at = map(PAGE_SIZE, PROT_READ);

    errno = 0;
    fails("mmap of nothing", mmap(NULL, 0, PROT_READ, flags, -1, 0), EINVAL);
    fails("mmap neither private nor shared", mmap(NULL, 4096, PROT_READ, MAP_ANONYMOUS, -1, 0),
          EINVAL);
    fails("mmap of no descriptor", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0), EBADF);
    fails("mmap fixed, not aligned", mmap(at + 1, 4096, PROT_READ, flags | MAP_FIXED, -1, 0),
          EINVAL);
    fails("mmap fixed at 0", mmap(NULL, 4096, PROT_READ, flags | MAP_FIXED, -1, 0), ENOMEM);
    fails("mmap fixed in the kernel",
          mmap((void *)0xffffffff80000000ul, 4096, PROT_READ, flags | MAP_FIXED, -1, 0), ENOMEM);
    fails("mmap of more than there is", mmap(NULL, 1ul << 37, PROT_READ | PROT_WRITE, flags, -1, 0),
          ENOMEM);
    fails("mmap of more than fits", mmap(NULL, 1ul << 50, PROT_READ, flags, -1, 0), ENOMEM);
    check(munmap(at + 1, 4096) == -1 && errno == EINVAL, "munmap, not aligned", "errno %d", errno);
    errno = 0;
    check(munmap(at, 0) == -1 && errno == EINVAL, "munmap of nothing", "errno %d", errno);
    munmap(at, PAGE_SIZE);
    check_equal("munmap of what is not there", munmap(at, PAGE_SIZE), 0);
    errno = 0;
    check(mprotect(at, PAGE_SIZE, PROT_READ) == -1 && errno == ENOMEM,
          "mprotect of what is not there", "errno %d", errno);
}

static void test_mmap(void)
{
    unsigned char vector[8];
    char *at = map(8 * PAGE_SIZE, PROT_READ | PROT_WRITE);

    at[2 * PAGE_SIZE] = 2;
    at[5 * PAGE_SIZE] = 5;
    check_equal("mincore", mincore(at, 8 * PAGE_SIZE, vector), 0);
    check(!(vector[0] & 1) && vector[2] & 1 && vector[5] & 1 && !(vector[7] & 1),
          "mincore tells what is resident", "%d%d%d%d", vector[0], vector[2], vector[5], vector[7]);
    check_equal("munmap of the middle", munmap(at + 3 * PAGE_SIZE, PAGE_SIZE), 0);
    check_equal("what is beside it stays", at[2 * PAGE_SIZE] + at[5 * PAGE_SIZE], 7);
    char *again = mmap(at + 3 * PAGE_SIZE, PAGE_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    check(again == at + 3 * PAGE_SIZE && *again == 0, "mmap fixed into the hole", "%p", again);
    *again = 9;
    again = mmap(at, 8 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                 -1, 0);
    check(again == at && at[2 * PAGE_SIZE] == 0 && at[3 * PAGE_SIZE] == 0 && at[5 * PAGE_SIZE] == 0,
          "mmap fixed over it is zero", "%d %d %d", at[2 * PAGE_SIZE], at[3 * PAGE_SIZE],
          at[5 * PAGE_SIZE]);
    at[PAGE_SIZE] = 4;
    check_equal("mprotect to nothing", mprotect(at, 8 * PAGE_SIZE, PROT_NONE), 0);
    check_equal("mprotect back", mprotect(at, 8 * PAGE_SIZE, PROT_READ), 0);
    check_equal("keeps the contents", at[PAGE_SIZE], 4);
    munmap(at, 8 * PAGE_SIZE);
}

/* Children: each access must end them. */
static int child(const char *mode)
{
    volatile char *at = map(4 * PAGE_SIZE, PROT_READ | PROT_WRITE);

    at[PAGE_SIZE] = 1;
    if (strcmp(mode, "free-twice") == 0) {
        void *volatile block = malloc(100);
        free(block);
        free(block);
    } else if (strcmp(mode, "free-stack") == 0) {
        _Alignas(16) uintptr_t words[8] = {0, 48};
        void *volatile inside = &words[2];
        free(inside);
    } else if (strcmp(mode, "unmapped") == 0) {
        munmap((void *)(uintptr_t)at, 4 * PAGE_SIZE);
        (void)at[PAGE_SIZE];
    } else if (strcmp(mode, "read-only") == 0) {
        mprotect((void *)(uintptr_t)at, 4 * PAGE_SIZE, PROT_READ);
        at[PAGE_SIZE] = 2;
    } else if (strcmp(mode, "read-only-untouched") == 0) {
        mprotect((void *)(uintptr_t)at, 4 * PAGE_SIZE, PROT_READ);
        (void)at[2 * PAGE_SIZE]; /* shows the shared frame of zeros: it must not be written */
        at[2 * PAGE_SIZE] = 2;
    } else if (strcmp(mode, "none") == 0) {
        mprotect((void *)(uintptr_t)at, 4 * PAGE_SIZE, PROT_NONE);
        (void)at[PAGE_SIZE];
    } else if (strcmp(mode, "below-break") == 0) {
        volatile char *end = sbrk(MEBIBYTE);
        end[MEBIBYTE / 2] = 1;
        sbrk(-MEBIBYTE);
        (void)end[MEBIBYTE / 2];
    } else if (strcmp(mode, "page-zero") == 0) {
        volatile uintptr_t zero = 0;
        *(volatile char *)(zero + 4095) = 1;
    } else if (strcmp(mode, "nothing-wrong") == 0) {
        return 33;
    }
    return 1;
}

int main(int argc, char **argv)
{
    static const char *const deadly[] = {"unmapped", "read-only",   "read-only-untouched",
                                         "none",     "below-break", "page-zero"};
    char name[64];

    if (argc > 1)
        return child(argv[1]);
    test_sbrk();
    test_malloc_random();
    test_malloc();
    test_malloc_many();
    test_mmap_errors();
    test_mmap();
    fflush(stdout);
    check_equal("free, twice", spawned_run(SELF, "free-twice", NULL), 128 + SIGABRT);
    check_equal("free of what nobody allocated", spawned_run(SELF, "free-stack", NULL),
                128 + SIGABRT);
    check_equal("a child that does nothing wrong", spawned_run(SELF, "nothing-wrong", NULL), 33);
    for (unsigned i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
        snprintf(name, sizeof(name), "deadly, %s", deadly[i]);
        check_equal(name, spawned_run(SELF, deadly[i], NULL), 128 + SIGSEGV);
    }
    return check_done();
}
