/* SPDX-License-Identifier: MIT
 *
 * memory [ROW...]: what memory operations cost a page, in instructions, everything counted; part of
 * `make bench`, see bench.c for the form of a row. Each sample is one window of 2,048 pages, one page
 * a fault. */
#include <octavo/query.h>
#include <octavo/syscall.h>
#include <octavo/tool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define WINDOWS 5
#define PAGES 2048ul
#define BYTES (PAGES * PAGE_SIZE)
#define PRIORITY_BENCH (PRIORITY_USER - 1)

static unsigned long sample[WINDOWS];

static inline unsigned long instructions(void)
{
    unsigned long n;

    __asm__ volatile("rdinstret %0" : "=r"(n)::"memory");
    return n;
}

_Noreturn static void fail(const char *what, long result)
{
    tool_fail("memory", what, result < 0 ? (int)-result : 0);
}

static int compare(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

    return x < y ? -1 : x > y;
}

static void report(const char *name)
{
    qsort(sample, WINDOWS, sizeof(sample[0]), compare);
    printf("%s\t%lu\t%lu\t%lu\tinstructions\n", name, sample[0], sample[WINDOWS / 2],
           sample[WINDOWS - 1]);
    fflush(stdout);
}

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
    report(name);
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
    report(name);
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
    report(name);
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
    report(name);
}

static const struct row {
    const char *name;
    void (*run)(const char *name);
} rows[] = {
    {"zero_read", bench_read},         /* first read of an anonymous page */
    {"cow_break", bench_cow},          /* first write to a page shared after fork */
    {"munmap_page", bench_munmap},     /* a touched page, of many in one munmap */
    {"populate_page", bench_populate}, /* MAP_POPULATE */
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

int main(int argc, char **argv)
{
    struct message m = {.tag = PAGER_TUNE, .w = {PAGER_TUNE_AROUND, 1}};

    tool_arguments(argc, argv, 0, ROWS, "memory [row...]");
    long result = ipc_request(HANDLE_PAGER, &m);
    if (result < 0)
        fail("fault-around", result);
    result = sys_thread_control(0, THREAD_SET_PRIORITY, PRIORITY_BENCH, 0);
    if (result < 0)
        fail("priority", result);
    for (unsigned i = 0; i < ROWS; i++) {
        bool wanted = argc == 1;
        for (int a = 1; a < argc; a++)
            wanted |= strcmp(argv[a], rows[i].name) == 0;
        if (wanted)
            rows[i].run(rows[i].name);
    }
    return 0;
}
