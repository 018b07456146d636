/* SPDX-License-Identifier: MIT
 *
 * The mmap family: what each call does, and every errno of each.
 *
 * octavo-test: SMP=1,4 TIMEOUT=120 */
#include <errno.h>
#include <octavo/query.h>
#include <octavo/syscall.h>
#include <octavo/thread.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/guest/check.h"
#include "tests/guest/rawfork.h"
#include "tests/guest/spawned.h"

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define SHARED (MAP_SHARED | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)
#define P PAGE_SIZE
#define TOO_LONG (1ul << 40)

static char *map_flags(unsigned long pages, int flags)
{
    return mmap(NULL, pages * P, RW, flags, -1, 0);
}

static char *map(unsigned long pages)
{
    return map_flags(pages, ANONYMOUS);
}

/* Pages somewhere, with room on both sides that nobody else takes: `before` free pages below. */
static char *map_alone(unsigned long pages)
{
    char *at = map(pages + 64);

    munmap(at, 32 * P);
    munmap(at + (32 + pages) * P, 32 * P);
    return at + 32 * P;
}

static struct pager_stat pager_stat(void)
{
    static struct pager_stat record;

    query_pager(PAGER_STAT, 0, 0, &record, sizeof(record), NULL);
    return record;
}

static struct pager_space space(void)
{
    static struct pager_space record;

    query_pager(PAGER_SPACE, 0, 0, &record, sizeof(record), NULL);
    return record;
}

/* name: `call` fails with this errno. */
#define FAILS(name, error, call) fails(name, error, (errno = 0, (long)(call)))

static void fails(const char *name, int error, long result)
{
    check(result == -1 && errno == error, name, "%ld, errno %d, not %d", result, errno, error);
}

static bool readable(const void *at)
{
    return sys_futex_wait((uintptr_t)at, *(volatile unsigned *)&errno + 1000000u, 0) != -EFAULT;
}

static bool is_there(const void *at)
{
    unsigned char resident;

    return mincore((void *)(uintptr_t)at, P, &resident) == 0 && resident & 1;
}

/* --- mmap ---------------------------------------------------------------------------------- */

static void test_mmap(void)
{
    char *at = map_alone(4), *other;
    struct message m;

    FAILS("mmap, length 0", EINVAL, mmap(NULL, 0, RW, ANONYMOUS, -1, 0));
    FAILS("mmap, neither shared nor private", EINVAL, mmap(NULL, P, RW, MAP_ANONYMOUS, -1, 0));
    FAILS("mmap, both", EINVAL, mmap(NULL, P, RW, ANONYMOUS | MAP_SHARED, -1, 0));
    FAILS("mmap, unknown protection", EINVAL, mmap(NULL, P, 64, ANONYMOUS, -1, 0));
    FAILS("mmap, unaligned offset", EINVAL, mmap(NULL, P, RW, ANONYMOUS, -1, 1));
    FAILS("mmap, fixed and unaligned", EINVAL, mmap(at + 1, P, RW, ANONYMOUS | MAP_FIXED, -1, 0));
    FAILS("mmap, no such descriptor", EBADF, mmap(NULL, P, RW, MAP_PRIVATE, 99, 0));
    FAILS("mmap, what cannot be mapped", ENODEV, mmap(NULL, P, RW, MAP_PRIVATE, 1, 0));
    FAILS("mmap, longer than a space", ENOMEM, mmap(NULL, TOO_LONG, RW, ANONYMOUS, -1, 0));
    FAILS("mmap, length that wraps", ENOMEM, mmap(NULL, ~0ul, RW, ANONYMOUS, -1, 0));
    FAILS("mmap, fixed on page 0", ENOMEM, mmap(NULL, P, RW, ANONYMOUS | MAP_FIXED, -1, 0));
    FAILS("mmap, fixed beyond the end", ENOMEM,
          mmap((void *)USER_MAX, P, RW, ANONYMOUS | MAP_FIXED, -1, 0));
    unsigned long limit = (pager_stat().frames_limit + pager_stat().swap_slots + 1) * P;
    FAILS("mmap, more than there is", ENOMEM, mmap(NULL, limit, RW, ANONYMOUS, -1, 0));
    FAILS("mmap, more than there is, shared", ENOMEM, mmap(NULL, limit, RW, SHARED, -1, 0));
    other = mmap(NULL, limit, RW, ANONYMOUS | MAP_NORESERVE, -1, 0);
    check(other != MAP_FAILED, "MAP_NORESERVE lifts that", "errno %d", errno);
    munmap(other, limit);
    other = mmap(NULL, limit, RW, ANONYMOUS | MAP_STACK, -1, 0);
    check(other != MAP_FAILED, "so does MAP_STACK", "errno %d", errno);
    munmap(other, limit);

    *at = 1;
    FAILS("MAP_FIXED_NOREPLACE on something", EEXIST,
          mmap(at + 3 * P, 2 * P, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    check_equal("that is still there", *at, 1);
    other = mmap(at + 4 * P, P, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    check(other == at + 4 * P, "MAP_FIXED_NOREPLACE where nothing is", "%p", (void *)other);
    other = mmap(at, P, RW, ANONYMOUS | MAP_FIXED, -1, 0);
    check(other == at && *at == 0, "MAP_FIXED replaces", "%p", (void *)other);
    other = mmap(at + 6 * P + 5, P, RW, ANONYMOUS, -1, 0);
    check(other == at + 6 * P, "a hint where there is room", "%p", (void *)other);
    other = mmap(at + 6 * P, P, RW, ANONYMOUS, -1, 0);
    check(other != MAP_FAILED && other != at + 6 * P, "and where there is none", "%p",
          (void *)other);
    munmap(other, P);
    munmap(at, 8 * P);

    struct pager_space before = space();
    at = map_flags(100, ANONYMOUS | MAP_POPULATE);
    struct pager_space after = space();
    check(after.anon - before.anon >= 100, "MAP_POPULATE brings pages in", "%lu",
          (unsigned long)(after.anon - before.anon));
    memset(at, 1, 100 * P);
    check(space().faults - after.faults < 4, "nothing is left to fault in", "%lu",
          (unsigned long)(space().faults - after.faults));
    munmap(at, 100 * P);
    m = (struct message){.tag = PAGER_POPULATE, .w = {1, P}};
    check_equal("populate, unaligned", ipc_request(HANDLE_PAGER, &m), -EINVAL);

    FAILS("munmap, length 0", EINVAL, munmap(at, 0));
    FAILS("munmap, unaligned", EINVAL, munmap(at + 1, P));
    FAILS("munmap, beyond the end", EINVAL, munmap((void *)USER_MAX, P));
    check_equal("munmap of nothing", munmap(at, P), 0);
}

/* --- mprotect, regions ----------------------------------------------------------------------- */

static void test_mprotect(void)
{
    char *at = map_alone(9);
    unsigned long regions = space().regions;

    FAILS("mprotect, unaligned", EINVAL, mprotect(at + 1, P, RW));
    FAILS("mprotect, unknown protection", EINVAL, mprotect(at, P, 64));
    FAILS("mprotect, a hole", ENOMEM, mprotect(at + 8 * P, 2 * P, RW));
    FAILS("mprotect, beyond the end", ENOMEM, mprotect(at, TOO_LONG, RW));
    check_equal("mprotect of nothing", mprotect(at, 0, PROT_READ), 0);
    memset(at, 1, 9 * P);
    mprotect(at + 3 * P, 3 * P, PROT_READ);
    check_equal("a region is split in three", (long)(space().regions - regions), 2);
    mprotect(at + 3 * P, 3 * P, RW);
    check_equal("and merged again", (long)(space().regions - regions), 0);
    at[4 * P] = 2;
    mprotect(at, 5 * P, PROT_NONE);
    check(!readable(at) && readable(at + 5 * P), "no access to a part", "%d %d", readable(at),
          readable(at + 5 * P));
    mprotect(at, 9 * P, PROT_READ);
    check(at[0] == 1 && at[4 * P] == 2, "contents outlast it", "%d %d", at[0], at[4 * P]);
    munmap(at, 9 * P);
}

/* --- mremap ---------------------------------------------------------------------------------- */

static void test_mremap_errors(void)
{
    char *at = map_alone(4), *to = map_alone(4);
    unsigned long limit = (pager_stat().frames_limit + pager_stat().swap_slots + 1) * P;

    FAILS("mremap, unaligned", EINVAL, mremap(at + 1, P, 2 * P, MREMAP_MAYMOVE));
    FAILS("mremap, length 0", EINVAL, mremap(at, P, 0, MREMAP_MAYMOVE));
    FAILS("mremap, old length 0", EINVAL, mremap(at, 0, P, MREMAP_MAYMOVE));
    FAILS("mremap, unknown flags", EINVAL, mremap(at, P, P, 64));
    FAILS("mremap, more unknown flags", EINVAL, mremap(at, P, P, 0x10000));
    FAILS("mremap, fixed and not movable", EINVAL, mremap(at, P, P, MREMAP_FIXED, to));
    FAILS("mremap, fixed and unaligned", EINVAL,
          mremap(at, P, P, MREMAP_FIXED | MREMAP_MAYMOVE, to + 1));
    FAILS("mremap, onto itself", EINVAL,
          mremap(at, 2 * P, 2 * P, MREMAP_FIXED | MREMAP_MAYMOVE, at + P));
    FAILS("mremap, onto page 0", EINVAL, mremap(at, P, P, MREMAP_FIXED | MREMAP_MAYMOVE, NULL));
    FAILS("mremap, beyond the end", EINVAL,
          mremap(at, P, P, MREMAP_FIXED | MREMAP_MAYMOVE, (void *)USER_MAX));
    FAILS("mremap, nothing there", EFAULT, mremap(at + 4 * P, P, 2 * P, MREMAP_MAYMOVE));
    FAILS("mremap, more than is there", EFAULT, mremap(at, 5 * P, 9 * P, MREMAP_MAYMOVE));
    mprotect(at, P, PROT_READ);
    FAILS("mremap, two regions", EFAULT, mremap(at, 2 * P, 3 * P, MREMAP_MAYMOVE));
    mprotect(at, P, RW);
    mmap(at + 4 * P, P, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0);
    FAILS("mremap, no room and not movable", ENOMEM, mremap(at, 4 * P, 5 * P, 0));
    FAILS("mremap, the rest is in the way", ENOMEM, mremap(at, P, 2 * P, 0));
    FAILS("mremap, longer than a space", ENOMEM, mremap(at, P, TOO_LONG, MREMAP_MAYMOVE));
    FAILS("mremap, more than there is", ENOMEM, mremap(at, P, limit, MREMAP_MAYMOVE));
    munmap(at, 5 * P);
    munmap(to, 4 * P);
}

static void test_mremap(void)
{
    char *at = map_alone(4), *to;
    struct pager_space before;

    for (int i = 0; i < 4; i++)
        at[(unsigned)i * P] = (char)(i + 1);
    check(mremap(at, 4 * P, 4 * P, 0) == at, "mremap to the same", "errno %d", errno);
    check(mremap(at, 4 * P, 2 * P, 0) == at && !readable(at + 2 * P) && at[P] == 2, "it shrinks",
          "errno %d", errno);
    before = space();
    check(mremap(at, 2 * P, 6 * P, 0) == at && at[P] == 2 && at[2 * P] == 0 && at[5 * P] == 0,
          "it grows in place", "errno %d", errno);
    check_equal("and stays one region", (long)(space().regions - before.regions), 0);
    at[5 * P] = 6;
    mmap(at + 6 * P, P, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0);
    to = mremap(at, 6 * P, 300 * P, MREMAP_MAYMOVE);
    check(to != MAP_FAILED && to != at && to[0] == 1 && to[P] == 2 && to[5 * P] == 6 &&
              to[299 * P] == 0,
          "it moves with what it holds", "%p, errno %d", (void *)to, errno);
    check(!readable(at) && !readable(at + 5 * P) && readable(at + 6 * P), "the old place is empty",
          "%d", readable(at));
    munmap(at + 6 * P, P);
    char *fixed = mremap(to, 300 * P, 3 * P, MREMAP_MAYMOVE | MREMAP_FIXED, at);
    check(fixed == at && at[P] == 2 && !readable(at + 3 * P) && !readable(to) &&
              !readable(to + 299 * P),
          "it moves to where it is told, and shrinks", "%p, errno %d", (void *)fixed, errno);
    to = map_alone(8);
    memset(to, 9, 8 * P);
    fixed = mremap(at, P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, to + 2 * P);
    check(fixed == to + 2 * P && to[P] == 9 && to[2 * P] == 1 && to[3 * P] == 0 && to[4 * P] == 9 &&
              at[P] == 2,
          "a part of it moves onto something", "%p, errno %d", (void *)fixed, errno);
    fixed = mremap(to, P, P, MREMAP_MAYMOVE | MREMAP_FIXED, to + 6 * P);
    check(fixed == to + 6 * P && to[6 * P] == 9 && to[7 * P] == 9 && !readable(to),
          "within one region", "%p, errno %d", (void *)fixed, errno);
    munmap(to, 8 * P);
    munmap(at, 8 * P);
}

/* --- MAP_SHARED, across processes ------------------------------------------------------------ */

static void test_shared(void)
{
    struct pager_stat before = pager_stat(), after;
    volatile unsigned *at = (void *)map_flags(40, SHARED);
    volatile unsigned *late = at + 39 * P / sizeof(*at);

    at[0] = 1;
    pid_t pid = rawfork();
    if (pid == 0) {
        if (at[0] != 1)
            _exit(1);
        late[1] = 7; /* a page that nobody has touched before */
        at[0] = 2;
        at[1] = 0; /* a lock-free handshake: wait for the parent's word */
        for (int i = 0; i < 60000 && at[2] != 5; i++)
            usleep(1000);
        _exit(at[2] != 5);
    }
    for (int i = 0; i < 60000 && at[0] != 2; i++)
        usleep(1000);
    check(at[0] == 2 && late[1] == 7, "the parent sees what the child wrote", "%u %u", at[0],
          late[1]);
    at[2] = 5;
    check_equal("and the child what the parent wrote", spawned_wait(pid), 0);
    mprotect((void *)at, P, PROT_READ);
    check(readable((void *)at) && at[2] == 5, "it can be made read-only", "%u", at[2]);
    mprotect((void *)at, P, RW);
    at[2] = 6;
    volatile unsigned *moved =
        mremap((void *)at, 40 * P, 40 * P, MREMAP_MAYMOVE | MREMAP_FIXED, map_alone(40));
    check(moved != MAP_FAILED && moved[2] == 6 && moved[39 * P / sizeof(*at) + 1] == 7, "it moves",
          "%u", moved[2]);
    pid = rawfork();
    if (pid == 0) {
        moved[3] = 8;
        munmap((void *)moved, 20 * P);
        _exit(0);
    }
    spawned_wait(pid);
    check_equal("after that, too, it is shared", moved[3], 8);
    munmap((void *)(moved + P / sizeof(*at)), 5 * P);
    check(moved[3] == 8, "a part of it goes", "%u", moved[3]);
    munmap((void *)moved, 40 * P);
    after = pager_stat();
    check(after.frames_anon <= before.frames_anon + 4, "its pages go with the last mapping", "%ld",
          (long)(after.frames_anon - before.frames_anon));

    unsigned n = 0;
    static char *object[4000];
    while (n < 4000 && (object[n] = map_flags(1, SHARED)) != MAP_FAILED)
        n++;
    check(errno == ENOMEM && n > 1000 && n < 4000, "shared objects without end", "%u, errno %d", n,
          errno);
    while (n > 0)
        munmap(object[--n], P);
    at = (void *)map_flags(1, SHARED);
    at[0] = 1;
    check_equal("and then again", at[0], 1);
    munmap((void *)at, P);
}

/* --- madvise, msync, mincore ------------------------------------------------------------------ */

static void test_madvise(void)
{
    char *at = map_alone(8), *shared = map_flags(4, SHARED);
    unsigned long regions = space().regions;

    FAILS("madvise, unaligned", EINVAL, madvise(at + 1, P, MADV_NORMAL));
    FAILS("madvise, unknown advice", EINVAL, madvise(at, P, 77));
    FAILS("madvise, a hole", ENOMEM, madvise(at, 9 * P, MADV_NORMAL));
    FAILS("madvise, nothing there", ENOMEM, madvise(at + 9 * P, P, MADV_DONTNEED));
    FAILS("madvise, beyond the end", EINVAL, madvise(at, TOO_LONG, MADV_NORMAL));
    check_equal("madvise of nothing", madvise(at, 0, MADV_DONTNEED), 0);
    memset(at, 1, 8 * P);
    memset(shared, 2, 4 * P);
    check_equal("MADV_DONTNEED", madvise(at + P, 2 * P, MADV_DONTNEED), 0);
    check(at[0] == 1 && at[P] == 0 && at[2 * P] == 0 && at[3 * P] == 1, "takes pages away",
          "%d %d %d %d", at[0], at[P], at[2 * P], at[3 * P]);
    munmap(at + 4 * P, P);
    FAILS("MADV_DONTNEED across a hole", ENOMEM, madvise(at, 8 * P, MADV_DONTNEED));
    check(at[0] == 0 && at[7 * P] == 0, "takes away what is around it", "%d %d", at[0], at[7 * P]);
    check(madvise(shared, 4 * P, MADV_DONTNEED) == 0 && shared[P] == 2,
          "shared memory keeps its contents", "%d", shared[P]);
    at[P] = 1;
    check_equal("MADV_FREE", madvise(at + P, P, MADV_FREE), 0);
    check(at[P] == 0 || at[P] == 1, "gives zeros or what was there", "%d", at[P]);
    FAILS("MADV_FREE of shared memory", EINVAL, madvise(shared, P, MADV_FREE));
    regions = space().regions;
    check_equal("MADV_RANDOM", madvise(at + P, P, MADV_RANDOM), 0);
    check_equal("MADV_SEQUENTIAL", madvise(at + 2 * P, P, MADV_SEQUENTIAL), 0);
    check_equal("MADV_WILLNEED", madvise(at, 3 * P, MADV_WILLNEED), 0);
    check_equal("MADV_NORMAL", madvise(at + P, 2 * P, MADV_NORMAL), 0);
    check_equal("regions are merged again", (long)(space().regions - regions), 0);

    check_equal("posix_madvise, unaligned", posix_madvise(at + 1, P, POSIX_MADV_NORMAL), EINVAL);
    check_equal("posix_madvise, unknown", posix_madvise(at, P, 5), EINVAL);
    check_equal("posix_madvise, a hole", posix_madvise(at, 8 * P, POSIX_MADV_NORMAL), ENOMEM);
    at[P] = 1;
    check_equal("posix_madvise, not needed", posix_madvise(at, 2 * P, POSIX_MADV_DONTNEED), 0);
    check_equal("loses nothing", at[P], 1);
    for (int advice = POSIX_MADV_NORMAL; advice <= POSIX_MADV_WILLNEED; advice++)
        check_equal("posix_madvise", posix_madvise(at, 3 * P, advice), 0);

    FAILS("msync, unaligned", EINVAL, msync(at + 1, P, MS_SYNC));
    FAILS("msync, unknown flags", EINVAL, msync(at, P, 8));
    FAILS("msync, both", EINVAL, msync(at, P, MS_SYNC | MS_ASYNC));
    FAILS("msync, a hole", ENOMEM, msync(at, 8 * P, MS_SYNC));
    FAILS("msync, beyond the end", ENOMEM, msync(at, TOO_LONG, MS_SYNC));
    check_equal("msync", msync(shared, 4 * P, MS_SYNC | MS_INVALIDATE), 0);
    check_equal("msync, asynchronous", msync(shared, 4 * P, MS_ASYNC), 0);

    unsigned char vector[8];
    FAILS("mincore, unaligned", EINVAL, mincore(at + 1, P, vector));
    FAILS("mincore, a hole", ENOMEM, mincore(at, 8 * P, vector));
    FAILS("mincore, beyond the end", ENOMEM, mincore(at, TOO_LONG, vector));
    FAILS("mincore, no vector", EFAULT, mincore(at, P, (unsigned char *)16));
    madvise(at, P, MADV_DONTNEED);
    check(mincore(at, 2 * P, vector) == 0 && !(vector[0] & 1) && vector[1] & 1, "mincore", "%d %d",
          vector[0], vector[1]);
    madvise(shared, 4 * P, MADV_DONTNEED);
    check(mincore(shared, 4 * P, vector) == 0 && vector[0] & 1 && vector[3] & 1,
          "mincore of an object's pages", "%d", vector[0]);
    munmap(at, 8 * P);
    munmap(shared, 4 * P);
}

/* --- mlock ------------------------------------------------------------------------------------- */

static void test_mlock(void)
{
    char *at = map_alone(8);
    unsigned long limit = pager_stat().frames_limit / 2 * P, regions;

    FAILS("mlock, a hole", ENOMEM, mlock(at, 9 * P));
    FAILS("mlock, length that wraps", EINVAL, mlock(at, ~0ul));
    FAILS("munlock, a hole", ENOMEM, munlock(at, 9 * P));
    check_equal("mlock of nothing", mlock(at, 0), 0);
    regions = space().regions;
    check_equal("mlock", mlock(at + P + 5, P), 0);
    check(!is_there(at) && is_there(at + P) && is_there(at + 2 * P) && !is_there(at + 3 * P),
          "brings in whole pages", "%d %d", is_there(at + P), is_there(at + 2 * P));
    check_equal("a region of its own", (long)(space().regions - regions), 2);
    FAILS("MADV_DONTNEED of locked memory", EINVAL, madvise(at, 8 * P, MADV_DONTNEED));
    FAILS("MADV_FREE of locked memory", EINVAL, madvise(at, 8 * P, MADV_FREE));
    FAILS("msync, invalidating locked memory", EBUSY, msync(at, 8 * P, MS_SYNC | MS_INVALIDATE));
    pid_t pid = rawfork();
    if (pid == 0)
        _exit(madvise(at, 8 * P, MADV_DONTNEED) != 0);
    check_equal("locks are not inherited", spawned_wait(pid), 0);
    check_equal("munlock", munlock(at, 8 * P), 0);
    check_equal("one region again", (long)(space().regions - regions), 0);
    char *big = map(limit / P);
    FAILS("mlock, more than may be", ENOMEM, mlock(big, limit));
    check_equal("the rest still may", mlock(big, 4 * P), 0);
    munmap(big, limit);

    FAILS("mlockall, no flags", EINVAL, mlockall(0));
    FAILS("mlockall, unknown flags", EINVAL, mlockall(16));
    check_equal("mlockall, current", mlockall(MCL_CURRENT), 0);
    check(is_there(at) && is_there(at + 7 * P), "all of it is there", "%d", is_there(at));
    check_equal("mlockall, future", mlockall(MCL_FUTURE), 0);
    char *later = map(3);
    check(later != MAP_FAILED && is_there(later) && is_there(later + 2 * P),
          "so is what comes later", "%p", (void *)later);
    FAILS("mmap, more than may be locked", EAGAIN, map(limit / P));
    FAILS("mremap, more than may be locked", EAGAIN, mremap(later, 3 * P, limit, MREMAP_MAYMOVE));
    later = mremap(later, 3 * P, 200 * P, MREMAP_MAYMOVE);
    check(later != MAP_FAILED && is_there(later + 199 * P), "what grows is there", "%p",
          (void *)later);
    FAILS("sbrk, more than may be locked", ENOMEM, sbrk((long)limit));
    char *heap = sbrk(8 * P);
    check(heap != (void *)-1 && is_there((void *)(((uintptr_t)heap + 4 * P) & ~PAGE_MASK)),
          "so is the heap", "%p", (void *)heap);
    sbrk(-(long)(8 * P));
    check_equal("munlockall", munlockall(), 0);
    check_equal("nothing is locked", madvise(at, 8 * P, MADV_DONTNEED), 0);
    check_equal("nor what comes later", is_there(map(1)), 0);
    FAILS("mlockall, more than may be", ENOMEM,
          map_flags(limit / P, ANONYMOUS | MAP_NORESERVE) ? mlockall(MCL_CURRENT) : 0);
    munmap(later, 200 * P);
    munmap(at, 8 * P);
}

/* --- shm_open ------------------------------------------------------------------------------------ */

static void test_shm(void)
{
    char name[100] = "/octavo-test";
    struct stat status;
    int fd, other;

    shm_unlink(name);
    FAILS("shm_open, no such name", ENOENT, shm_open(name, O_RDWR, 0));
    FAILS("shm_open, no slash", EINVAL, shm_open("octavo", O_RDWR | O_CREAT, 0600));
    FAILS("shm_open, two slashes", EINVAL, shm_open("/a/b", O_RDWR | O_CREAT, 0600));
    FAILS("shm_open, nothing but a slash", EINVAL, shm_open("/", O_RDWR | O_CREAT, 0600));
    FAILS("shm_open, for writing alone", EINVAL, shm_open(name, O_WRONLY | O_CREAT, 0600));
    FAILS("shm_open, unknown flags", EINVAL, shm_open(name, O_RDWR | O_APPEND, 0600));
    FAILS("shm_unlink, no such name", ENOENT, shm_unlink(name));
    memset(name + 1, 'x', 80);
    FAILS("shm_open, long name", ENAMETOOLONG, shm_open(name, O_RDWR | O_CREAT, 0600));
    FAILS("shm_unlink, long name", ENAMETOOLONG, shm_unlink(name));
    strcpy(name, "/octavo-test");

    fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    check(fd >= 0, "shm_open", "errno %d", errno);
    FAILS("shm_open, there is one", EEXIST, shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
    other = shm_open(name, O_RDONLY, 0);
    check(fstat(fd, &status) == 0 && status.st_size == 0 && S_ISREG(status.st_mode) &&
              (status.st_mode & 0777) == 0600,
          "a new one is empty", "%lo, %ld", (unsigned long)status.st_mode, (long)status.st_size);
    check_equal("ftruncate", ftruncate(fd, 3 * P - 100), 0);
    FAILS("ftruncate, read-only", EINVAL, ftruncate(other, 0));
    FAILS("ftruncate, too long", EFBIG, ftruncate(fd, 1l << 50));
    fstat(other, &status);
    check_equal("its size", (long)status.st_size, 3 * P - 100);
    FAILS("lseek", ESPIPE, lseek(fd, 0, SEEK_SET));
    FAILS("mmap, shared writing of what is read-only", EACCES,
          mmap(NULL, P, RW, MAP_SHARED, other, 0));

    char *at = mmap(NULL, 4 * P, RW, MAP_SHARED, fd, 0);
    char *seen = mmap(NULL, 2 * P, PROT_READ, MAP_SHARED, other, P);
    char *own = mmap(NULL, 2 * P, RW, MAP_PRIVATE, other, 0);
    check(at != MAP_FAILED && seen != MAP_FAILED && own != MAP_FAILED, "mmap of it", "errno %d",
          errno);
    FAILS("mprotect, writing to what is read-only", EACCES, mprotect(seen, P, RW));
    close(fd);
    close(other);
    at[P] = 5;
    at[0] = 4;
    check(seen[0] == 5 && own[P] == 5, "one memory in two mappings", "%d %d", seen[0], own[P]);
    own[0] = 9;
    at[P] = 6;
    check(at[0] == 4 && own[P] == 6, "a private one keeps its own", "%d %d", at[0], own[P]);
    pid_t pid = rawfork();
    if (pid == 0) { /* the fourth page is beyond the end */
        at[P + 1] = 7;
        at[3 * P] = 1;
        _exit(0);
    }
    check(spawned_wait(pid) == 128 + SIGBUS && at[P + 1] == 7, "beyond the end is SIGBUS", "%d",
          at[P + 1]);
    fd = shm_open(name, O_RDWR, 0);
    check_equal("another size", ftruncate(fd, P + 1), 0);
    check_equal("and back", ftruncate(fd, 4 * P), 0);
    check(at[0] == 4 && at[P] == 6 && at[P + 1] == 0 && seen[P] == 0, "what was cut off is zero",
          "%d %d %d", at[0], at[P], at[P + 1]);
    close(fd);
    check_equal("shm_unlink", shm_unlink(name), 0);
    at[2 * P] = 3;
    check_equal("it lives while it is mapped", seen[P], 3);
    struct pager_stat before = pager_stat();
    munmap(at, 4 * P);
    munmap(seen, 2 * P);
    munmap(own, 2 * P);
    check(before.frames_anon - pager_stat().frames_anon >= 4, "and goes with the last mapping",
          "%lu", (unsigned long)(before.frames_anon - pager_stat().frames_anon));

    unsigned n = 0;
    for (; n < 200; n++) {
        snprintf(name, sizeof(name), "/octavo-%u", n);
        if (shm_open(name, O_RDWR | O_CREAT, 0600) < 0)
            break;
    }
    check(n < 200 && errno == EMFILE, "open ones without end", "%u, errno %d", n, errno);
    for (int i = 3; i < 300; i++)
        close(i);
    unsigned all = n;
    for (; all < 1000; all++) {
        snprintf(name, sizeof(name), "/octavo-%u", all);
        if ((fd = shm_open(name, O_RDWR | O_CREAT, 0600)) < 0)
            break;
        close(fd);
    }
    check(all < 1000 && errno == ENOSPC, "names without end", "%u, errno %d", all, errno);
    while (all-- > 0) {
        snprintf(name, sizeof(name), "/octavo-%u", all);
        shm_unlink(name);
    }
}

/* --- code that was just written ------------------------------------------------------------------ */

static unsigned *volatile code;
static volatile unsigned round_made, wrong;

/* Runs on other harts: each value must be returned by the code of its round. */
static int run_code(void *argument)
{
    (void)argument;
    for (unsigned seen = 0; seen < 50;) {
        unsigned now = round_made;
        if (now == seen) {
            sys_yield();
            continue;
        }
        unsigned got = ((unsigned (*)(void))(uintptr_t)code)();
        wrong += got < now || got > now + 1; /* code is made before its round */
        seen = now;
    }
    return 0;
}

static void test_jit(void)
{
    struct thread *thread[3];

    code = (void *)map(1);
    for (int i = 0; i < 3; i++)
        thread_start(&thread[i], run_code, NULL);
    for (unsigned i = 1; i <= 50; i++) {
        unsigned *fresh = (void *)map(1);
        fresh[0] = 0x00000513u | i << 20; /* li a0, i */
        fresh[1] = 0x00008067u;           /* ret */
        mprotect(fresh, P, PROT_READ | PROT_EXEC);
        code = fresh;
        round_made = i;
        wrong += ((unsigned (*)(void))(uintptr_t)fresh)() != i;
        usleep(2000);
    }
    for (int i = 0; i < 3; i++)
        thread_join(thread[i], NULL);
    check_equal("code that was just written runs on every hart", wrong, 0);
}

int main(void)
{
    test_mmap();
    test_mprotect();
    test_mremap_errors();
    test_mremap();
    test_shared();
    test_madvise();
    test_mlock();
    test_shm();
    test_jit();
    return check_done();
}
