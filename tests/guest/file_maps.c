/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * Mapped files, from inside a program: what tests/guest/files.py runs in a share of its own.
 *
 *     file_maps map        every way to map one
 *     file_maps beyond     dies of SIGBUS */
#include <errno.h>
#include <fcntl.h>
#include <octavo/query.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/guest/check.h"

static char a[30000], b[10];

static char *map(int fd, size_t length, int prot, int flags, off_t offset)
{
    char *at = mmap(NULL, length, prot, flags, fd, offset);

    return at == MAP_FAILED ? NULL : at;
}

static void map_errors(int fd, int reader)
{
    check(!map(reader, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 0) && errno == EACCES,
          "shared and writable of a reader", "errno %d", errno);
    char *at = map(reader, 4096, PROT_READ, MAP_SHARED, 0);
    check(mprotect(at, 4096, PROT_READ | PROT_WRITE) < 0 && errno == EACCES, "made writable later",
          "errno %d", errno);
    munmap(at, 4096);
    int writer = open("/mapped", O_WRONLY);
    check(!map(writer, 4096, PROT_READ, MAP_PRIVATE, 0) && errno == EACCES, "of a writer",
          "errno %d", errno);
    close(writer);
    check(!map(fd, 4096, PROT_READ, MAP_SHARED, 100) && errno == EINVAL, "offset in a page",
          "errno %d", errno);
    check(!map(99, 4096, PROT_READ, MAP_SHARED, 0) && errno == EBADF, "no file", "errno %d", errno);
}

static void map_shared(int fd)
{
    char *at = map(fd, 40960, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    char *again = map(fd, 8192, PROT_READ, MAP_SHARED, 4096);

    check(at && again, "map", "errno %d", errno);
    check(memcmp(at, a, 30000) == 0 && memcmp(again, a + 4096, 8192) == 0, "what was written",
          "differs");
    check(at[30000] == 0 && at[32767] == 0, "zeros behind the end", "%d", at[30000]);
    at[5000] = 'M';
    check(again[5000 - 4096] == 'M', "a second mapping sees it", "%d", again[904]);
    pread(fd, b, 1, 5000);
    check(b[0] == 'M', "read sees it", "%d", b[0]);
    pwrite(fd, "W", 1, 5001);
    check(at[5001] == 'W', "the mapping sees write", "%d", at[5001]);
    at[30001] = 'T'; /* beyond the end: nobody's */
    check_equal("msync", msync(at, 40960, MS_SYNC), 0);
    at[5002] = 'N'; /* clean, so the first write faults again */
    pread(fd, b, 1, 5002);
    check(b[0] == 'N', "after cleaning", "%d", b[0]);
    check_equal("grow", ftruncate(fd, 35000), 0);
    check(at[30001] == 0 && at[32768] == 0, "the tail is zero then", "%d", at[30001]);
    at[33000] = 'G';
    check_equal("shrink", ftruncate(fd, 20000), 0);
    check(at[19999] == a[19999] && at[20000] == 0, "the new end", "%d %d", at[19999], at[20000]);
    check_equal("grow again", ftruncate(fd, 35000), 0);
    check(at[33000] == 0 && at[20001] == 0, "nothing comes back", "%d", at[33000]);
    munmap(again, 8192);
    at[34000] = 'L';
    munmap(at, 40960);
    pread(fd, b, 1, 34000);
    check(b[0] == 'L', "mappings are over, what they wrote is not", "%d", b[0]);
}

static void map_private(int fd)
{
    char *at = map(fd, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0);

    pwrite(fd, "one", 3, 0);
    check(memcmp(at, "one", 3) == 0, "private sees the file", "%d", at[0]);
    at[0] = 'O';
    pread(fd, b, 3, 0);
    check(memcmp(b, "one", 3) == 0, "the file does not see it", "%.3s", b);
    pwrite(fd, "two", 3, 0);
    check(memcmp(at, "One", 3) == 0, "a copy stays", "%d", at[0]);
    munmap(at, 8192);
}

static void map_outlives(void)
{
    int fd = open("/gone", O_RDWR | O_CREAT, 0600);

    pwrite(fd, "kept", 4, 8191);
    char *at = map(fd, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    close(fd);
    check_equal("unlink", unlink("/gone"), 0);
    check(memcmp(at + 8191, "kept", 4) == 0, "outlives close and unlink", "%.4s", at + 8191);
    at[0] = 1;
    check_equal("msync of it", msync(at, 16384, MS_SYNC), 0);
    munmap(at, 16384);
}

/* A file of two names stays one file, whichever of them goes and whatever is written meanwhile. */
static void map_two_names(void)
{
    int fd = open("/opened-as", O_RDWR | O_CREAT, 0600);

    check_equal("write", pwrite(fd, "first", 5, 0), 5);
    check_equal("link", link("/opened-as", "/other-name"), 0);
    char *at = map(fd, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    check_equal("the name by which it was opened goes", unlink("/opened-as"), 0);
    memcpy(at, "again", 5);
    int other =
        open("/other-name", O_RDWR); /* the host has an older time of change, and nothing else */
    check(pread(other, b, 5, 0) == 5 && memcmp(b, "again", 5) == 0, "what is read there", "%.5s",
          b);
    check_equal("write there", pwrite(other, "third", 5, 0), 5);
    check(memcmp(at, "third", 5) == 0, "one file", "%.5s", at);
    close(open("/in-its-place", O_RDWR | O_CREAT, 0600));
    check_equal("link again", link("/other-name", "/third-name"), 0);
    memcpy(at, "moved", 5);
    check_equal("another takes a name", rename("/in-its-place", "/other-name"), 0);
    check_equal("written to the host", fsync(other), 0);
    close(other);
    other = open("/third-name", O_RDWR);
    check(pread(other, b, 5, 0) == 5 && memcmp(b, "moved", 5) == 0, "what is read there", "%.5s",
          b);
    check_equal("write there", pwrite(other, "fifth", 5, 0), 5);
    check(memcmp(at, "fifth", 5) == 0, "one file still", "%.5s", at);
    check_equal("written to the host", fsync(other), 0);
    close(other);
    close(fd);
    munmap(at, 4096);
}

static void map_sparse(void)
{
    static struct pager_stat before, after;
    int fd = open("/sparse", O_RDWR | O_CREAT, 0600);

    ftruncate(fd, 1l << 30);
    pwrite(fd, "middle", 6, 1l << 29);
    fsync(fd);
    char *at = map(fd, 1l << 30, PROT_READ, MAP_SHARED, 0);
    query_pager(PAGER_STAT, 0, 0, &before, sizeof(before), NULL);
    check(at[0] == 0 && at[(1l << 30) - 1] == 0 && memcmp(at + (1l << 29), "middle", 6) == 0,
          "three pages of a gigabyte", "wrong");
    query_pager(PAGER_STAT, 0, 0, &after, sizeof(after), NULL);
    check(after.file_reads - before.file_reads < 64, "little is read", "%lu pages",
          after.file_reads - before.file_reads);
    munmap(at, 1l << 30);
    close(fd);
}

static void run_map(void)
{
    int fd = open("/mapped", O_RDWR | O_CREAT | O_TRUNC, 0644), reader = open("/mapped", O_RDONLY);

    for (size_t i = 0; i < sizeof(a); i++)
        a[i] = (char)((i * 7 + 3) ^ (i >> 8));
    check_equal("write", write(fd, a, sizeof(a)), sizeof(a));
    map_errors(fd, reader);
    map_shared(fd);
    map_private(fd);
    close(fd);
    close(reader);
    map_outlives();
    map_two_names();
    map_sparse();
}

/* A child that ends by touching what is beyond the end, or behind a truncation. */
static void run_beyond(void)
{
    int fd = open("/beyond", O_RDWR | O_CREAT | O_TRUNC, 0644);

    ftruncate(fd, 100);
    volatile char *at = map(fd, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    at[99] = 1;
    at[4095] = 1;
    printf("still here\n");
    fflush(stdout);
    at[4096] = 1;
    printf("not reached\n");
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    if (strcmp(mode, "map") == 0)
        run_map();
    else if (strcmp(mode, "beyond") == 0)
        run_beyond();
    return check_done();
}
