/* SPDX-License-Identifier: MIT
 *
 * Uses more memory than there is, for evict.py; exits with 0 if every byte was right.
 *
 *     evict_do children N PAGES STEPS    N programs at once (demo/thrash), frames are sampled meanwhile
 *     evict_do fork PAGES                two that share pages copy-on-write, most of them in swap
 *     evict_do shared PAGES              two that share memory
 *     evict_do file PATH PAGES           a file, written through a mapping
 *     evict_do locked PAGES              pages that must stay, beside others that must not
 *     evict_do pressure PAGES            the kernel is short of memory after sys_null, says evict.py's gdb
 *     evict_do stat                      only what is printed at the end: numbers of the pager
 *
 * octavo-test: helper */
#include <fcntl.h>
#include <octavo/query.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/rawfork.h"
#include "tests/guest/spawned.h"

#define WORDS (PAGE_SIZE / sizeof(uint64_t))
#define RW (PROT_READ | PROT_WRITE)

static struct pager_stat stat_now(void)
{
    struct pager_stat stat = {0};

    query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL);
    return stat;
}

static unsigned long peak;

static void sample(void)
{
    struct pager_stat stat = stat_now();

    if (stat.frames_used > peak)
        peak = stat.frames_used;
}

/* --- pages whose contents can be told --- */

static uint64_t seed = 1;

static uint64_t dice(uint64_t sides)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % sides;
}

static uint64_t word(uint64_t page, uint64_t i, uint64_t version)
{
    return (page << 40 | version << 20 | i) * 0x9e3779b97f4a7c15;
}

static void fill(volatile uint64_t *at, uint64_t page, uint64_t version)
{
    for (uint64_t i = 0; i < WORDS; i++)
        at[page * WORDS + i] = word(page, i, version);
}

static void check(const volatile uint64_t *at, uint64_t page, uint64_t version)
{
    for (uint64_t i = 0; i < WORDS; i++)
        if (at[page * WORDS + i] != word(page, i, version)) {
            printf("page %lu, version %lu, word %lu: %lx\n", (unsigned long)page,
                   (unsigned long)version, (unsigned long)i, (unsigned long)at[page * WORDS + i]);
            exit(1);
        }
}

static uint64_t *map(uint64_t pages, int flags, int fd)
{
    void *at = mmap(NULL, pages * PAGE_SIZE, RW, flags, fd, 0);

    if (at == MAP_FAILED) {
        perror("mmap");
        exit(2);
    }
    return at;
}

/* --- what is done --- */

static int run_children(char **argv)
{
    enum { MOST = 16 };
    long n = strtol(argv[0], NULL, 0);
    pid_t pid[MOST];
    char number[MOST][8];
    int bad = 0;

    for (long i = 0; i < n && i < MOST; i++) {
        snprintf(number[i], sizeof(number[i]), "%ld", i + 1);
        char *child[] = {"/demo/thrash", argv[1], argv[2], number[i], NULL};
        pid[i] = spawned_start(child, NULL, NULL);
    }
    for (long i = 0; i < n && i < MOST; i++) {
        int status = 0;
        for (;;) {
            sample();
            pid_t done = waitpid(pid[i], &status, WNOHANG);
            if (done == pid[i] || done < 0)
                break;
            sys_futex_wait((uintptr_t)&peak, (unsigned)peak, (unsigned long)sys_clock() + 20000000);
        }
        bad |= status;
    }
    return bad != 0;
}

/* Both write some of the pages that they share, and see their own. */
static int run_fork(uint64_t pages)
{
    uint64_t *at = map(pages, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    uint8_t *version = calloc(pages, 1);
    int own;

    for (uint64_t page = 0; page < pages; page++)
        fill(at, page, 0);
    pid_t child = rawfork();
    own = child == 0 ? 100 : 0;
    seed = child == 0 ? 7 : 8;
    for (uint64_t step = 0; step < 3 * pages; step++) {
        uint64_t page = dice(pages);
        check(at, page, version[page] ? version[page] + (uint64_t)own : 0);
        if (dice(4) == 0)
            fill(at, page, ++version[page] + (uint64_t)own);
        if (step % 64 == 0)
            sample();
    }
    for (uint64_t page = 0; page < pages; page++)
        check(at, page, version[page] ? version[page] + (uint64_t)own : 0);
    if (child == 0)
        _exit(0);
    return spawned_wait(child);
}

/* One writes the even pages, the other one the odd ones; at the end each sees all. */
static int run_shared(uint64_t pages)
{
    uint64_t *at = map(pages, MAP_SHARED | MAP_ANONYMOUS, -1);
    pid_t child = rawfork();
    uint64_t own = child == 0;

    for (uint64_t round = 1; round <= 3; round++)
        for (uint64_t page = own; page < pages; page += 2) {
            if (round > 1)
                check(at, page, round - 1);
            fill(at, page, round);
        }
    if (child == 0)
        _exit(0);
    int status = spawned_wait(child);
    for (uint64_t page = 0; page < pages; page++)
        check(at, page, 3);
    sample();
    return status;
}

static int run_file(const char *path, uint64_t pages)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || ftruncate(fd, (off_t)(pages * PAGE_SIZE)) < 0) {
        perror(path);
        return 2;
    }
    uint64_t *at = map(pages, MAP_SHARED, fd);
    for (uint64_t round = 1; round <= 2; round++)
        for (uint64_t page = 0; page < pages; page++) {
            if (round > 1)
                check(at, page, round - 1);
            fill(at, page, round);
            if (page % 32 == 0)
                sample();
        }
    for (uint64_t page = 0; page < pages; page++)
        check(at, page, 2);
    /* A new page of it, from a buffer that is absent: the frame is given up again, and then taken. */
    if (pwrite(fd, map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1), PAGE_SIZE,
               (off_t)(pages * PAGE_SIZE)) != PAGE_SIZE ||
        ftruncate(fd, (off_t)(pages * PAGE_SIZE)) < 0)
        return 4;
    return msync(at, pages * PAGE_SIZE, MS_SYNC) < 0 || close(fd) < 0 ? 3 : 0;
}

static int run_locked(uint64_t pages)
{
    uint64_t *locked = map(8, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    uint64_t *at = map(pages, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    unsigned char there[8];

    if (mlock(locked, 8 * PAGE_SIZE) < 0)
        return 2;
    for (uint64_t page = 0; page < 8; page++)
        fill(locked, page, 5);
    for (uint64_t page = 0; page < pages; page++)
        fill(at, page, 1);
    if (mincore(locked, sizeof(there) * PAGE_SIZE, there) < 0)
        return 3;
    for (uint64_t page = 0; page < 8; page++)
        if (!there[page])
            return 4;
    for (uint64_t page = 0; page < pages; page++)
        check(at, page, 1);
    for (uint64_t page = 0; page < 8; page++)
        check(locked, page, 5);
    return 0;
}

/* The pager gives 128 frames back, evicting pages, and takes some again when it needs them. */
static int run_pressure(uint64_t pages)
{
    uint64_t *at = map(pages, MAP_PRIVATE | MAP_ANONYMOUS, -1), most = stat_now().frames_limit;
    enum { TABLES = 60 };
    struct pager_stat s;
    unsigned round = 0;

    for (uint64_t page = 0; page < pages; page++)
        fill(at, page, 1);
    volatile char *far = mmap(NULL, (size_t)TABLES << 21, PROT_READ,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    sys_null();
    for (uint64_t i = 0; i < TABLES; i++) /* frames of the kernel's, and none of the pager's */
        (void)far[i << 21];
    for (s = stat_now(); s.relieved < 128 && round < 1000; s = stat_now(), round++)
        sys_futex_wait((uintptr_t)&peak, (unsigned)peak, (unsigned long)sys_clock() + 20000000);
    printf("relieved %lu, limit %lu of %lu, %lu used, %lu evictions\n", (unsigned long)s.relieved,
           (unsigned long)s.frames_limit, (unsigned long)most, (unsigned long)s.frames_used,
           (unsigned long)s.evictions);
    if (s.relieved != 128 || s.frames_limit > most - 64 || s.frames_used > s.frames_limit)
        return 4;
    for (round = 0; stat_now().frames_limit <= s.frames_limit && round < 200; round++)
        for (uint64_t page = 0; page < pages; page++)
            check(at, page, 1);
    return stat_now().frames_limit > s.frames_limit ? 0 : 5;
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc > 4 && !strcmp(argv[1], "children"))
        status = run_children(argv + 2);
    else if (argc > 2 && !strcmp(argv[1], "fork"))
        status = run_fork(strtoul(argv[2], NULL, 0));
    else if (argc > 2 && !strcmp(argv[1], "shared"))
        status = run_shared(strtoul(argv[2], NULL, 0));
    else if (argc > 3 && !strcmp(argv[1], "file"))
        status = run_file(argv[2], strtoul(argv[3], NULL, 0));
    else if (argc > 2 && !strcmp(argv[1], "locked"))
        status = run_locked(strtoul(argv[2], NULL, 0));
    else if (argc > 2 && !strcmp(argv[1], "pressure"))
        status = run_pressure(strtoul(argv[2], NULL, 0));
    struct pager_stat s = stat_now();
    printf("\nstat frames=%lu peak=%lu limit=%lu evictions=%lu dirty=%lu refused=%lu harvests=%lu "
           "killed=%lu "
           "written=%lu read=%lu in=%lu errors=%lu slots=%lu used=%lu policy=%s edges=",
           s.frames_used, peak, s.frames_limit, s.evictions, s.evictions_dirty,
           s.refused_nominations, s.harvests, s.killed, s.swap_written, s.swap_read, s.swap_ins,
           s.swap_errors, s.swap_slots, s.swap_used, s.policy);
    for (unsigned from = 0; from < 5; from++)
        for (unsigned to = 0; to < 5; to++)
            printf("%s%lu", from + to ? "," : "", s.edges[from][to]);
    printf("\n");
    return status;
}
