/* SPDX-License-Identifier: MIT
 *
 * The break and the mmap family as programs see them: sbrk exact to the byte, mmap, munmap, mprotect,
 * mincore; and that what is gone is gone. malloc is heap.c's. */
#include <errno.h>
#include <limits.h>
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
    if (strcmp(mode, "unmapped") == 0) {
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
    test_mmap_errors();
    test_mmap();
    fflush(stdout);
    check_equal("a child that does nothing wrong", spawned_run(SELF, "nothing-wrong", NULL), 33);
    for (unsigned i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
        snprintf(name, sizeof(name), "deadly, %s", deadly[i]);
        check_equal(name, spawned_run(SELF, deadly[i], NULL), 128 + SIGSEGV);
    }
    return check_done();
}
