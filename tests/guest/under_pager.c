/* SPDX-License-Identifier: MIT
 *
 * What is different for a program under a pager that is not the first, run by own_pagers.py: files are the
 * upper pager's, mappings of them are copies. Arguments: what to do.
 *
 *     files      reading, writing and mapping files, in the current folder; a child that is executed
 *     primes     counts the primes in /made/primes/SIZE, forward and backward; tells what the pager made
 *     hostile    rights that are no files, handed over to be mapped; files that cannot be mapped
 *
 * octavo-test: helper */
#include <errno.h>
#include <fcntl.h>
#include <octavo/query.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/guest/check.h"

static void fails(const char *name, int error, long result)
{
    check(result == -1 && errno == error, name, "%ld, %d", result, errno);
}

#define FAILS(name, error, call) fails(name, error, (long)(call))

static void *map(int fd, size_t length, int prot, int flags)
{
    return mmap(NULL, length, prot, flags, fd, 0);
}

/* --- files --- */

static void fill(char *bytes, size_t length, unsigned seed)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(i * 31 + i / 4096 * 7 + seed);
}

static void map_copies(void)
{
    static char bytes[20000], other[20000];
    int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0644);
    struct stat stat;

    fill(bytes, sizeof(bytes), 1);
    fill(other, sizeof(other), 2);
    check_equal("write", write(fd, bytes, sizeof(bytes)), sizeof(bytes));
    char *first = map(fd, sizeof(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE);
    check(first != MAP_FAILED && memcmp(first, bytes, sizeof(bytes)) == 0,
          "a mapping has what was written", "%d", errno);
    check(first[20479] == 0, "zeros behind the end", "%d", first[20479]);
    first[0] = 99;
    check_equal("its own writes are nobody's else", pread(fd, other, 1, 0) + other[0], 2);
    fill(other, sizeof(other), 2);
    check_equal("pwrite", pwrite(fd, other, sizeof(other), 0), sizeof(other));
    check(memcmp(first + 1, bytes + 1, sizeof(bytes) - 1) == 0, "the mapping is a copy", " ");
    char *second = map(fd, sizeof(bytes), PROT_READ, MAP_SHARED);
    check(second != MAP_FAILED && memcmp(second, other, sizeof(other)) == 0,
          "a new mapping has what is new", "%d", errno);
    FAILS("a shared mapping is not writable", EACCES,
          mprotect(second, 4096, PROT_READ | PROT_WRITE));
    FAILS("shared and writable", ENODEV, map(fd, 4096, PROT_READ | PROT_WRITE, MAP_SHARED));
    close(fd);
    check(memcmp(second, other, sizeof(other)) == 0, "mappings outlive close", " ");
    check(lstat("data", &stat) == 0 && stat.st_size == sizeof(other), "its size", "%ld",
          (long)stat.st_size);
    check_equal("rename", rename("data", "renamed"), 0);
    check_equal("truncate", truncate("renamed", 5), 0);
    check(memcmp(second, other, sizeof(other)) == 0, "mappings outlive truncate", " ");
    check_equal("unlink", unlink("renamed"), 0);
    check(memcmp(second, other, sizeof(other)) == 0, "mappings outlive unlink", " ");
    FAILS("it is gone", ENOENT, open("renamed", O_RDONLY));
    munmap(first, sizeof(bytes));
    munmap(second, sizeof(bytes));
}

static void shared_offset(void)
{
    int fd = open("offset", O_RDWR | O_CREAT | O_TRUNC, 0644), status = 0;
    char text[8] = "";

    check_equal("append", write(fd, "abcdef", 6) + lseek(fd, 0, SEEK_SET), 6);
    if (fork() == 0)
        _exit(read(fd, text, 3) == 3 && memcmp(text, "abc", 3) == 0 ? 7 : 1);
    wait(&status);
    check_equal("a child reads", status, 7 << 8);
    check_equal("the offset is shared", lseek(fd, 0, SEEK_CUR), 3);
    FAILS("exclusive", EEXIST, open("offset", O_RDWR | O_CREAT | O_EXCL, 0644));
    FAILS("a folder", EISDIR, open(".", O_RDWR));
    FAILS("no such file", ENOENT, open("none/none", O_RDONLY));
    check_equal("fsync", fsync(fd), 0);
    sync();
    close(fd);
    fd = open("offset", O_WRONLY);
    FAILS("a mapping of what cannot be read", EACCES, map(fd, 4096, PROT_READ, MAP_PRIVATE));
    close(fd);
    fd = open("offset", O_RDONLY);
    FAILS("shared and writable, of what cannot be written", EACCES,
          map(fd, 4096, PROT_READ | PROT_WRITE, MAP_SHARED));
    close(fd);
    unlink("offset");
}

/* A program of the share: it is read through the upper pager, again when it has changed. */
static void executes(const char *self)
{
    int status = 0;

    for (int i = 0; i < 2; i++) {
        if (fork() == 0) {
            execl(self, self, "leaf", (char *)NULL);
            _exit(1);
        }
        wait(&status);
        check_equal("a program is executed", status, 42 << 8);
    }
    if (fork() == 0) {
        execl("./none", "none", (char *)NULL);
        _exit(errno == ENOENT ? 5 : 1);
    }
    wait(&status);
    check_equal("one that is not there is not", status, 5 << 8);
}

/* --- primes --- */

static unsigned long count(const char *from, size_t size, bool backward)
{
    unsigned long found = 0;

    for (size_t i = 0; i < size; i++)
        found += from[backward ? size - 1 - i : i] == '*';
    return found;
}

static void primes(size_t size)
{
    char name[64], bytes[101];
    struct pager_stat pager;
    struct stat s;

    snprintf(name, sizeof(name), "/made/primes/%zu", size);
    int fd = open(name, O_RDONLY);
    char *at = map(fd, size, PROT_READ, MAP_SHARED);
    check(fd >= 0 && at != MAP_FAILED, "it can be mapped", "%d", errno);
    check(stat(name, &s) == 0 && (size_t)s.st_size == size && fstat(fd, &s) == 0 &&
              (size_t)s.st_size == size && S_ISREG(s.st_mode),
          "its size", "%ld", (long)s.st_size);
    printf("primes %lu %lu\n", count(at, size, false), count(at, size, true));
    char *copy = map(fd, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    copy[4] = '+';
    check(at[4] == '.' && copy[4] == '+' && copy[5] == '*', "a private mapping is private", "%c",
          at[4]);
    check(pread(fd, bytes, 100, (off_t)size - 50) == 50 && memcmp(bytes, at + size - 50, 50) == 0,
          "read ends where it ends", " ");
    FAILS("it cannot be written", EACCES, open(name, O_RDWR));
    FAILS("nor truncated", EINVAL, ftruncate(fd, 0));
    FAILS("nor its mode changed", EPERM, fchmod(fd, 0600));
    FAILS("another name", ENOENT, open("/made/none", O_RDONLY));
    FAILS("no number", ENOENT, open("/made/primes/1x", O_RDONLY));
    check_equal("fsync", fsync(fd), 0);
    query_pager(PAGER_STAT, 0, 0, &pager, sizeof(pager), NULL);
    printf("made %lu of %lu, %lu frames\n", (unsigned long)pager.image_reads,
           (unsigned long)(size + 4095) / 4096, (unsigned long)pager.frames_limit);
}

/* --- hostile --- */

static long map_right(handle_t right)
{
    struct message m = {.tag = PAGER_MMAP, .w = {0, 4096, PROT_READ | MAP_PRIVATE << 8, 0}};

    ipc_attach_handle(&m, right);
    return ipc_request(HANDLE_PAGER, &m);
}

static void hostile(void)
{
    long port = sys_port_create(), own = sys_right_create((unsigned long)port, 1, 0);
    struct message m = {.tag = PAGER_CREATE};

    check_equal("a right of my own, which nobody would answer", map_right((handle_t)own), -EBADF);
    ipc_accept(1);
    check_equal("create", ipc_request(HANDLE_PAGER, &m), 0);
    handle_t space = msg_page()->handle[0];
    ipc_accept(0);
    check_equal("a space", map_right(space), -EBADF);
    sys_close(space);
    check_equal("and still there", own > 0 && getpid() > 0, 1);
    int fd = open("/dev/null", O_RDONLY);
    FAILS("a device", ENODEV, map(fd, 4096, PROT_READ, MAP_PRIVATE));
    FAILS("a folder", ENODEV, map(open(".", O_RDONLY | O_DIRECTORY), 4096, PROT_READ, MAP_PRIVATE));
    for (int i = 0; i < 600; i++) { /* more than the upper pager lets one space open */
        fd = open("/made-by-nobody", O_RDONLY | O_CREAT, 0644);
        if (fd < 0)
            break;
    }
    check(fd < 0 && (errno == EMFILE || errno == ENFILE), "too many open files", "%d", errno);
    unlink("/made-by-nobody");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "leaf") == 0)
        return 42;
    if (argc == 2 && strcmp(argv[1], "files") == 0) {
        map_copies();
        shared_offset();
        executes(argv[0]);
    } else if (argc == 3 && strcmp(argv[1], "primes") == 0) {
        primes(strtoul(argv[2], NULL, 0));
    } else {
        hostile();
    }
    return check_done();
}
