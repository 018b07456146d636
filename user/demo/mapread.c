/* SPDX-License-Identifier: MIT
 *
 * mapread [file]: the same file read with read() and through a mapping, twice each, with what it cost:
 * bytes that were copied into this program, calls, page faults. The pages of a mapping are the very
 * frames that the pager keeps of the file; read() copies out of them. Without a file, one of 4 MiB is
 * made. Status 0: both ways gave the same bytes. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FILE_BYTES (4ul << 20)
#define READ_BYTES 4096ul

struct cost {
    unsigned long copied, calls;
    uint64_t sum;
};

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* FNV-1a over words: every byte counts, and so does its place. */
static uint64_t sum_of(uint64_t sum, const void *memory, size_t length)
{
    const uint8_t *byte = memory;

    for (size_t i = 0; i < length; i++)
        sum = (sum ^ byte[i]) * 0x100000001b3ul;
    return sum;
}

static void make_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    uint32_t *block = malloc(READ_BYTES), value = 1;

    if (fd < 0 || !block)
        fail(path);
    for (size_t at = 0; at < FILE_BYTES; at += READ_BYTES) {
        for (size_t i = 0; i < READ_BYTES / 4; i++)
            block[i] = value = value * 1664525 + 1013904223;
        if (write(fd, block, READ_BYTES) != (ssize_t)READ_BYTES)
            fail(path);
    }
    free(block);
    if (close(fd) < 0)
        fail(path);
}

static struct cost by_read(int fd, size_t size)
{
    static char buffer[READ_BYTES];
    struct cost cost = {0};
    ssize_t n;

    (void)size;
    lseek(fd, 0, SEEK_SET);
    while (cost.calls++, (n = read(fd, buffer, sizeof(buffer))) > 0) {
        cost.sum = sum_of(cost.sum, buffer, (size_t)n);
        cost.copied += (unsigned long)n;
    }
    if (n < 0)
        fail("read");
    return cost;
}

static struct cost by_mapping(int fd, size_t size)
{
    struct cost cost = {.calls = 2};
    void *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

    if (map == MAP_FAILED)
        fail("mmap");
    cost.sum = sum_of(0, map, size);
    munmap(map, size);
    return cost;
}

static struct cost show(const char *name, struct cost (*way)(int fd, size_t size), int fd,
                        size_t size)
{
    struct rusage before, after;

    getrusage(RUSAGE_SELF, &before);
    struct cost cost = way(fd, size);
    getrusage(RUSAGE_SELF, &after);
    printf("%-22s %9lu bytes copied %6lu calls %6ld minor %4ld major faults\n", name, cost.copied,
           cost.calls, after.ru_minflt - before.ru_minflt, after.ru_majflt - before.ru_majflt);
    return cost;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "/tmp/mapread.data";
    struct stat status;

    if (argc < 2) {
        mkdir("/tmp", 0777);
        make_file(path);
    }
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &status) < 0)
        fail(path);
    size_t size = (size_t)status.st_size;
    printf("%s: %zu bytes\n", path, size);
    struct cost read1 = show("read()", by_read, fd, size);
    struct cost map1 = show("mapping", by_mapping, fd, size);
    struct cost read2 = show("read() again", by_read, fd, size);
    struct cost map2 = show("mapping again", by_mapping, fd, size);
    bool same = read1.sum == map1.sum && read1.sum == read2.sum && read1.sum == map2.sum;
    puts(same ? "the bytes were the same each time" : "THE BYTES DIFFER");
    if (argc < 2)
        unlink(path);
    return !same;
}
