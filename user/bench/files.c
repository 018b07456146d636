/* SPDX-License-Identifier: MIT
 *
 * files [ROW...]: what files cost, in instructions, everything counted - the pager's and, where the host is
 * asked, fs's, too, but not the time that the host needs; part of `make bench` (measure.h). Each sample of a
 * fault row is one pass over a mapped file of 1,024 pages, all cached. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "measure.h"

#define PATH "/bench-file"
#define PAGES 1024ul
#define BYTES (PAGES * PAGE_SIZE)
#define PASSES 5
#define SAMPLES 200

static unsigned long sample[SAMPLES];
static char buffer[65536];
static int file;

static volatile char *map(int prot)
{
    char *at = mmap(NULL, BYTES, prot, MAP_SHARED, file, 0);

    if (at == MAP_FAILED)
        fail("mmap", -errno);
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
    report(name, sample, PASSES);
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
    report(name, sample, PASSES);
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
    report(name, sample, PASSES);
}

static void bench_read(const char *name)
{
    for (int i = 0; i < SAMPLES; i++) {
        unsigned long start = instructions();
        if (pread(file, buffer, PAGE_SIZE, (off_t)(i * PAGE_SIZE)) != PAGE_SIZE)
            fail("read", -errno);
        sample[i] = instructions() - start;
    }
    report(name, sample, SAMPLES);
}

static void bench_write(const char *name)
{
    for (int i = 0; i < 32; i++) {
        unsigned long start = instructions();
        if (pwrite(file, buffer, PAGE_SIZE, (off_t)(i * PAGE_SIZE)) != PAGE_SIZE)
            fail("write", -errno);
        sample[i] = instructions() - start;
    }
    fsync(file);
    report(name, sample, 32);
}

static void bench_open(const char *name)
{
    for (int i = 0; i < SAMPLES; i++) {
        unsigned long start = busy_instructions();
        int fd = open(PATH, O_RDONLY);
        if (fd < 0)
            fail("open", -errno);
        close(fd);
        sample[i] = busy_instructions() - start;
    }
    report(name, sample, SAMPLES);
}

static void bench_stat(const char *name)
{
    struct stat status;

    for (int i = 0; i < SAMPLES; i++) {
        unsigned long start = busy_instructions();
        if (stat(PATH, &status) < 0)
            fail("stat", -errno);
        sample[i] = busy_instructions() - start;
    }
    report(name, sample, SAMPLES);
}

static const struct row rows[] = {
    {"fault_file", bench_fault},             /* read of a cached page of a file, one page a fault */
    {"fault_file_seq", bench_fault_seq},     /* the same in order, with fault-around, a page */
    {"fault_file_write", bench_fault_write}, /* first write to a clean page of a shared mapping */
    {"read_4k", bench_read},                 /* pread, cached */
    {"write_4k", bench_write},               /* pwrite, cached; to the host later */
    {"mmap_read_4k", bench_mmap_read},       /* copying a page out of a mapping, in order */
    {"open_close", bench_open}, /* a cached file; the host is asked for its attributes */
    {"stat", bench_stat},
};

int main(int argc, char **argv)
{
    file = open(PATH, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0)
        return 0; /* without a share there is nothing to measure */
    memset(buffer, 1, sizeof(buffer));
    for (unsigned long at = 0; at < BYTES; at += sizeof(buffer))
        if (pwrite(file, buffer, sizeof(buffer), (off_t)at) < 0)
            fail("write", -errno);
    fsync(file);
    MEASURE_ROWS(argc, argv, rows);
    close(file);
    unlink(PATH);
    return 0;
}
