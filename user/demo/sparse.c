/* SPDX-License-Identifier: MIT
 *
 * sparse [file]: a file of 1 GiB with nothing in it but one word near its end, mapped whole, of which
 * three pages are touched. Shows that neither the host's disk, nor fs, nor memory has to hold it. Status
 * 0: what it says is true. */
#include <fcntl.h>
#include <octavo/query.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define GIBIBYTE (1ul << 30)
#define MARK "sparse!"

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int make_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || ftruncate(fd, GIBIBYTE) < 0 ||
        pwrite(fd, MARK, sizeof(MARK), (off_t)(GIBIBYTE - PAGE_SIZE)) != sizeof(MARK) ||
        fsync(fd) < 0)
        fail(path);
    return fd;
}

/* Pages of the region at `start` that are mapped in this program, as `pmap` shows it. */
static unsigned long resident(uintptr_t start)
{
    struct pager_region region[24];
    unsigned long answer[4];

    if (query_pager(PAGER_REGIONS, 0, 0, region, sizeof(region), answer) < 0)
        return ~0ul;
    for (unsigned long i = 0; i < answer[0]; i++)
        if (region[i].start == start) {
            printf("pmap: %010lx-%010lx %7luK %6luK resident\n", (unsigned long)region[i].start,
                   (unsigned long)region[i].end,
                   (unsigned long)(region[i].end - region[i].start) / 1024,
                   (unsigned long)region[i].resident * (PAGE_SIZE / 1024));
            return region[i].resident;
        }
    return ~0ul;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "/tmp/sparse.data";
    struct stat status;

    mkdir("/tmp", 0777);
    int fd = make_file(path);
    if (fstat(fd, &status) < 0)
        fail(path);
    printf("%s: %ld bytes, %ld KiB of them on the host's disk\n", path, (long)status.st_size,
           (long)status.st_blocks / 2);
    /* At random, or the pager would bring more than the three pages. */
    const char *map = mmap(NULL, GIBIBYTE, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        fail("mmap");
    madvise((void *)map, GIBIBYTE, MADV_RANDOM);
    unsigned long before = resident((uintptr_t)map);
    int good =
        map[0] == 0 && map[GIBIBYTE / 2] == 0 && strcmp(map + GIBIBYTE - PAGE_SIZE, MARK) == 0;
    printf("three pages touched: %s\n", good ? "two of zeros, and the word" : "WRONG BYTES");
    unsigned long after = resident((uintptr_t)map);
    good &= before == 0 && after == 3;
    munmap((void *)map, GIBIBYTE);
    close(fd);
    if (argc < 2)
        unlink(path);
    return !good;
}
