/* SPDX-License-Identifier: MIT
 *
 * Reading directories (POSIX.1-2017 <dirent.h>). A stream has its own position: fs's cursor behind
 * the entry that was given last. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

#define DIRECTORY_BUFFER 4096u

struct __dirstream {
    int fd;
    size_t at, end;  /* of buffer: what has not been given yet */
    uint64_t cursor; /* behind the last entry given */
    struct dirent entry;
    char buffer[DIRECTORY_BUFFER] __attribute__((aligned(8)));
};

DIR *fdopendir(int number)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return NULL;
    if (fd->kind != START_FD_DIRECTORY) {
        errno = ENOTDIR;
        return NULL;
    }
    DIR *d = malloc(sizeof(*d));
    if (d) {
        d->fd = number;
        d->at = d->end = d->cursor = 0;
    }
    return d;
}

int closedir(DIR *d)
{
    int fd = d->fd;

    free(d);
    return close(fd);
}

int dirfd(DIR *d)
{
    return d->fd;
}

/* More entries; 0 at the end, or a negative errno. */
static long directory_fill(DIR *d)
{
    struct message m = {.tag = FS_READDIR, .w = {0, d->cursor, sizeof(d->buffer)}};
    const struct fd *fd = fd_get(d->fd);

    if (!fd || fd->kind != START_FD_DIRECTORY)
        return -EBADF;
    ipc_attach_out(&m, d->buffer, sizeof(d->buffer));
    long result = ipc_request(fd->handle, &m);
    d->at = 0;
    d->end = result < 0 ? 0 : m.w[0];
    return result < 0 ? result : (long)d->end;
}

/* The first entries are read at once: that tells whether they may be. */
DIR *opendir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    long result = d ? directory_fill(d) : 0;

    if (result < 0) {
        closedir(d);
        errno = (int)-result;
        return NULL;
    }
    if (!d && fd >= 0)
        close(fd);
    return d;
}

struct dirent *readdir(DIR *d)
{
    if (d->at >= d->end) {
        long result = directory_fill(d);
        if (result <= 0) {
            if (result < 0)
                errno = (int)-result;
            return NULL;
        }
    }
    const struct fs_entry *from = (const struct fs_entry *)(void *)(d->buffer + d->at);
    d->entry.d_ino = from->inode;
    d->entry.d_off = (off_t)from->cursor;
    d->entry.d_reclen = sizeof(d->entry);
    d->entry.d_type = from->type;
    memcpy(d->entry.d_name, from->name, from->name_length);
    d->entry.d_name[from->name_length] = '\0';
    d->at += from->length;
    d->cursor = from->cursor;
    return &d->entry;
}

int readdir_r(DIR *restrict d, struct dirent *restrict entry, struct dirent **restrict result)
{
    int before = errno;

    errno = 0;
    *result = readdir(d);
    int error = errno;
    errno = before;
    if (*result)
        *result = memcpy(entry, *result, sizeof(*entry));
    return *result ? 0 : error;
}

void seekdir(DIR *d, long place)
{
    d->at = d->end = 0;
    d->cursor = (uint64_t)place;
}

void rewinddir(DIR *d)
{
    seekdir(d, 0);
}

long telldir(DIR *d)
{
    return (long)d->cursor;
}
