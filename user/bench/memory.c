/* SPDX-License-Identifier: MIT
 *
 * memory [ROW...]: what memory operations cost a page, in instructions, everything counted; part of
 * `make bench` (measure.h). Each sample is one window of 2,048 pages, one page
 * a fault. */
#include <sys/mman.h>
#include "measure.h"

#define WINDOWS 5
#define PAGES 2048ul
#define BYTES (PAGES * PAGE_SIZE)

static unsigned long sample[WINDOWS];

static volatile char *window(void)
{
    char *at = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED)
        fail("no memory for a window", 0);
    return at;
}

static void write_all(volatile char *at)
{
    for (volatile char *end = at + BYTES; at < end; at += PAGE_SIZE)
        *at = 1;
}

static void take(int i, unsigned long start)
{
    sample[i] = (instructions() - start + PAGES / 2) / PAGES;
}

/* Writes pages that another space shares: each is copied. */
static void bench_cow(const char *name)
{
    for (int i = 0; i < WINDOWS; i++) {
        volatile char *at = window();
        write_all(at);
        struct message m = {.tag = PAGER_CLONE};
        ipc_accept(1);
        long result = ipc_request(HANDLE_PAGER, &m);
        if (result < 0)
            fail("clone", result);
        handle_t space = msg_page()->handle[0];
        unsigned long start = instructions();
        write_all(at);
        take(i, start);
        sys_close(space);
        munmap((char *)at, BYTES);
    }
    report(name, sample, WINDOWS);
}

/* Reads pages that nobody has touched. */
static void bench_read(const char *name)
{
    for (int i = 0; i < WINDOWS; i++) {
        volatile char *at = window();
        unsigned long start = instructions();
        for (unsigned long page = 0; page < PAGES; page++)
            (void)at[page * PAGE_SIZE];
        take(i, start);
        munmap((char *)at, BYTES);
    }
    report(name, sample, WINDOWS);
}

static void bench_munmap(const char *name)
{
    for (int i = 0; i < WINDOWS; i++) {
        volatile char *at = window();
        write_all(at);
        unsigned long start = instructions();
        munmap((char *)at, BYTES);
        take(i, start);
    }
    report(name, sample, WINDOWS);
}

static void bench_populate(const char *name)
{
    for (int i = 0; i < WINDOWS; i++) {
        unsigned long start = instructions();
        char *at = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        take(i, start);
        munmap(at, BYTES);
    }
    report(name, sample, WINDOWS);
}

static const struct row rows[] = {
    {"zero_read", bench_read},         /* first read of an anonymous page */
    {"cow_break", bench_cow},          /* first write to a page shared after fork */
    {"munmap_page", bench_munmap},     /* a touched page, of many in one munmap */
    {"populate_page", bench_populate}, /* MAP_POPULATE */
};

int main(int argc, char **argv)
{
    fault_around(1);
    MEASURE_ROWS(argc, argv, rows);
    return 0;
}
