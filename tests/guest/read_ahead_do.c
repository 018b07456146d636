/* SPDX-License-Identifier: MIT
 *
 * What madvise does for files, by the pager's counters: how many pages were read, and how many faults had to
 * wait for that. For files.py, which makes /a, /b, /c and /d, of 96 pages, that nobody has read yet.
 *
 * octavo-test: helper */
#include <fcntl.h>
#include <octavo/query.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/guest/check.h"

#define PAGES 96u

static unsigned long reads(void)
{
    struct pager_stat stat;

    query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL);
    return stat.file_reads;
}

static unsigned long majors(void)
{
    struct pager_space space;

    query_pager(PAGER_SPACE, 0, 0, &space, sizeof(space), NULL);
    return space.major;
}

static volatile char *map(const char *path)
{
    int fd = open(path, O_RDONLY);
    void *at = mmap(NULL, PAGES * PAGE_SIZE, PROT_READ, MAP_SHARED, fd, 0);

    check(fd >= 0 && at != MAP_FAILED, path, "%d, %p", fd, at);
    close(fd);
    return at;
}

/* Touches every step-th page: the faults that waited, and *pages that were read. */
static unsigned long touch(volatile char *at, unsigned step, unsigned long *pages)
{
    unsigned long before = reads(), waited = majors();

    for (unsigned page = 0; page < PAGES; page += step)
        (void)at[page * PAGE_SIZE];
    waited = majors() - waited;
    *pages = reads() - before;
    return waited;
}

int main(void)
{
    unsigned long pages, waited, warm = reads() + majors();
    volatile char *at = map("/a");

    waited = touch(at, 1, &pages);
    check(pages == PAGES && waited < PAGES / 4, "in order, more and more is read at once",
          "%lu pages, %lu waited (%lu)", pages, waited, warm);
    at = map("/b");
    check_equal("MADV_RANDOM", madvise((void *)at, PAGES * PAGE_SIZE, MADV_RANDOM), 0);
    waited = touch(at, 2, &pages);
    check(pages == PAGES / 2 && waited == PAGES / 2, "one page at a time", "%lu pages, %lu waited",
          pages, waited);
    at = map("/c");
    check_equal("MADV_SEQUENTIAL", madvise((void *)at, PAGES * PAGE_SIZE, MADV_SEQUENTIAL), 0);
    waited = touch(at, PAGES, &pages);
    check(pages == 32 && waited == 1, "as much as there may be", "%lu pages, %lu waited", pages,
          waited);
    at = map("/d");
    unsigned long before = reads();
    check_equal("MADV_WILLNEED", madvise((void *)at, 40 * PAGE_SIZE, MADV_WILLNEED), 0);
    check_equal("reads at once", (long)(reads() - before), 40);
    unsigned char there[40] = {0};
    for (unsigned i = 0; i < 2000 && memchr(there, 0, sizeof(there)); i++) {
        usleep(10000);
        mincore((void *)at, sizeof(there) * PAGE_SIZE, there);
    }
    waited = majors();
    for (unsigned page = 0; page < 40; page++)
        (void)at[page * PAGE_SIZE];
    check_equal("and nobody waits", (long)(majors() - waited), 0);
    return check_done();
}
