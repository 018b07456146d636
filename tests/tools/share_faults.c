/* SPDX-License-Identifier: MIT
 *
 * A host whose disk fails: loaded into QEMU by LD_PRELOAD (tests/guest/file_faults.py), it lets reading,
 * writing and synchronising of the share's files fail, or take long, as the file that
 * $OCTAVO_SHARE_FAULTS names says. The guest itself writes that file. Lines are
 *
 *     read|write|sync NAME FROM TO ERRNO      bytes FROM .. TO of a file whose name ends in NAME; a
 *                                             negative ERRNO is a delay, in ms
 *
 * A transfer that begins before FROM goes up to there, as on a disk with a bad block. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

typedef ssize_t transfer(int fd, const struct iovec *vector, int count, off64_t offset);

static int text_of(const char *path, char *text, size_t room)
{
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = fd < 0 ? 0 : read(fd, text, room - 1);

    if (fd >= 0)
        close(fd);
    text[n < 0 ? 0 : n] = '\0';
    return n > 0;
}

static int is_named(int fd, const char *name)
{
    char link[64], path[4096];

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof(path) - 1);
    if (n < (ssize_t)strlen(name))
        return 0;
    path[n] = '\0';
    return strcmp(path + n - strlen(name), name) == 0;
}

/* What becomes of `length` bytes from `offset` on: how many may go, or -1 and errno. */
static ssize_t verdict(const char *what, int fd, off64_t offset, size_t length)
{
    char text[1024], *line, *rest;

    if (!text_of(getenv("OCTAVO_SHARE_FAULTS"), text, sizeof(text)))
        return (ssize_t)length;
    for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char kind[16], name[64];
        long long from, to;
        int error;
        if (sscanf(line, "%15s %63s %lld %lld %d", kind, name, &from, &to, &error) != 5 ||
            strcmp(kind, what) != 0 || offset >= to || offset + (off64_t)length <= from ||
            !is_named(fd, name))
            continue;
        if (error < 0) {
            usleep((unsigned)-error * 1000u);
        } else if (offset < from) {
            length = (size_t)(from - offset);
        } else {
            errno = error;
            return -1;
        }
    }
    return (ssize_t)length;
}

static ssize_t pass(const char *what, const char *real, int fd, const struct iovec *vector,
                    int count, off64_t offset)
{
    struct iovec part[64];
    size_t length = 0;

    for (int i = 0; i < count; i++)
        length += vector[i].iov_len;
    ssize_t n = verdict(what, fd, offset, length);
    if (n < 0)
        return -1;
    transfer *go = (transfer *)dlsym(RTLD_NEXT, real);
    if ((size_t)n == length || count > 64)
        return go(fd, vector, count, offset);
    int used = 0;
    for (; used < count && n > 0; used++) {
        part[used] = vector[used];
        if (part[used].iov_len > (size_t)n)
            part[used].iov_len = (size_t)n;
        n -= (ssize_t)part[used].iov_len;
    }
    return go(fd, part, used, offset);
}

ssize_t preadv64(int fd, const struct iovec *vector, int count, off64_t offset)
{
    return pass("read", "preadv64", fd, vector, count, offset);
}

ssize_t pwritev64(int fd, const struct iovec *vector, int count, off64_t offset)
{
    return pass("write", "pwritev64", fd, vector, count, offset);
}

static int synchronise(const char *real, int fd)
{
    return verdict("sync", fd, 0, 1) < 0 ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, real))(fd);
}

int fsync(int fd)
{
    return synchronise("fsync", fd);
}

int fdatasync(int fd)
{
    return synchronise("fdatasync", fd);
}
