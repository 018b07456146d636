/* SPDX-License-Identifier: MIT
 *
 * files [ROW...]: what files cost, in instructions, everything counted - the pager's and, where the host is
 * asked, fs's, too; part of `make bench`, see bench.c for the form of a row. Each sample of a fault row is one
 * pass over a mapped file of 1,024 pages, all cached. */
#include <errno.h>
#include <fcntl.h>
#include <octavo/query.h>
#include <octavo/syscall.h>
#include <octavo/tool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH "/bench-file"
#define PAGES 1024ul
#define BYTES (PAGES * PAGE_SIZE)
#define PASSES 5
#define SAMPLES 200
#define PRIORITY_BENCH (PRIORITY_USER - 1)

static unsigned long sample[SAMPLES];
static char buffer[65536];
static int file;

static inline unsigned long instructions(void)
{
    unsigned long n;

    __asm__ volatile("rdinstret %0" : "=r"(n)::"memory");
    return n;
}

_Noreturn static void fail(const char *what)
{
    tool_fail("files", what, errno);
}

static int compare(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

    return x < y ? -1 : x > y;
}

static void report(const char *name, unsigned n)
{
    qsort(sample, n, sizeof(sample[0]), compare);
    printf("%s\t%lu\t%lu\t%lu\tinstructions\n", name, sample[0], sample[n / 2], sample[n - 1]);
    fflush(stdout);
}

static void fault_around(unsigned long pages)
{
    struct message m = {.tag = PAGER_TUNE, .w = {PAGER_TUNE_AROUND, pages}};

    if (ipc_request(HANDLE_PAGER, &m) < 0)
        fail("fault-around");
}

static volatile char *map(int prot)
{
    char *at = mmap(NULL, BYTES, prot, MAP_SHARED, file, 0);

    if (at == MAP_FAILED)
        fail("mmap");
    return at;
}

static void read_faults(const char *name, unsigned long around)
{
    fault_around(around);
    for (int i = 0; i < PASSES; i++) {
        volatile char *at = map(PROT_READ);
        unsigned long start = instructions();
        for (unsigned long page = 0; page < PAGES; page++)
            (void)at[page * PAGE_SIZE];
        sample[i] = (instructions() - start + PAGES / 2) / PAGES;
        munmap((char *)at, BYTES);
    }
    report(name, PASSES);
}

static void bench_fault(const char *name)
{
    read_faults(name, 1);
}

static void bench_fault_seq(const char *name)
{
    read_faults(name, 16);
}

/* First writes to clean pages; they are written back between two passes, which is not counted. */
static void bench_fault_write(const char *name)
{
    fault_around(1);
    for (int i = 0; i < PASSES; i++) {
        volatile char *at = map(PROT_READ | PROT_WRITE);
        unsigned long start = instructions();
        for (unsigned long page = 0; page < 64; page++)
            at[page * PAGE_SIZE] = (char)i;
        sample[i] = (instructions() - start + 32) / 64;
        msync((char *)at, BYTES, MS_SYNC);
        munmap((char *)at, BYTES);
    }
    report(name, PASSES);
}

/* Copies a page out of a mapping, the faults of a pass in order included. */
static void bench_mmap_read(const char *name)
{
    fault_around(16);
    for (int i = 0; i < PASSES; i++) {
        volatile char *at = map(PROT_READ);
        unsigned long start = instructions();
        for (unsigned long page = 0; page < PAGES; page++)
            memcpy(buffer, (char *)at + page * PAGE_SIZE, PAGE_SIZE);
        sample[i] = (instructions() - start + PAGES / 2) / PAGES;
        munmap((char *)at, BYTES);
    }
    report(name, PASSES);
}

static void bench_read(const char *name)
{
    for (int i = 0; i < SAMPLES; i++) {
        unsigned long start = instructions();
        if (pread(file, buffer, PAGE_SIZE, (off_t)(i * PAGE_SIZE)) != PAGE_SIZE)
            fail("read");
        sample[i] = instructions() - start;
    }
    report(name, SAMPLES);
}

static void bench_write(const char *name)
{
    for (int i = 0; i < 32; i++) {
        unsigned long start = instructions();
        if (pwrite(file, buffer, PAGE_SIZE, (off_t)(i * PAGE_SIZE)) != PAGE_SIZE)
            fail("write");
        sample[i] = instructions() - start;
    }
    fsync(file);
    report(name, 32);
}

static void bench_open(const char *name)
{
    for (int i = 0; i < SAMPLES; i++) {
        unsigned long start = instructions();
        int fd = open(PATH, O_RDONLY);
        if (fd < 0)
            fail("open");
        close(fd);
        sample[i] = instructions() - start;
    }
    report(name, SAMPLES);
}

static void bench_stat(const char *name)
{
    struct stat status;

    for (int i = 0; i < SAMPLES; i++) {
        unsigned long start = instructions();
        if (stat(PATH, &status) < 0)
            fail("stat");
        sample[i] = instructions() - start;
    }
    report(name, SAMPLES);
}

static const struct row {
    const char *name;
    void (*run)(const char *name);
} rows[] = {
    {"fault_file", bench_fault},             /* read of a cached page of a file, one page a fault */
    {"fault_file_seq", bench_fault_seq},     /* the same in order, with fault-around, a page */
    {"fault_file_write", bench_fault_write}, /* first write to a clean page of a shared mapping */
    {"read_4k", bench_read},                 /* pread, cached */
    {"write_4k", bench_write},               /* pwrite, cached; to the host later */
    {"mmap_read_4k", bench_mmap_read},       /* copying a page out of a mapping, in order */
    {"open_close", bench_open}, /* a cached file; the host is asked for its attributes */
    {"stat", bench_stat},
};

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 1;
}

int main(int argc, char **argv)
{
    sys_thread_control(0, THREAD_SET_PRIORITY, PRIORITY_BENCH, 0);
    file = open(PATH, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0)
        return 0; /* without a share there is nothing to measure */
    memset(buffer, 1, sizeof(buffer));
    for (unsigned long at = 0; at < BYTES; at += sizeof(buffer))
        if (pwrite(file, buffer, sizeof(buffer), (off_t)at) < 0)
            fail("write");
    fsync(file);
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (wanted(rows[i].name, argc, argv))
            rows[i].run(rows[i].name);
    close(file);
    unlink(PATH);
    return 0;
}
