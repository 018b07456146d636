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

struct octavo_directory {
    int fd;
    size_t at, end;  /* of buffer: what has not been given yet */
    uint64_t cursor; /* behind the last entry given */
    struct dirent entry;
    char buffer[DIRECTORY_BUFFER] __attribute__((aligned(8)));
};

DIR *fdopendir(int number)
{
    const struct fd *fd = fd_get(number);
    bool is_one = fd && fd->kind == START_FD_DIRECTORY;
    DIR *d = is_one ? malloc(sizeof(*d)) : NULL;

    if (fd && !is_one)
        errno = ENOTDIR;
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

int dirfd(DIR *d) { return d->fd; }

/* More entries; 0 at the end, or a negative errno. */
static long directory_fill(DIR *d)
{
    struct message m = {.tag = FS_READDIR, .w = {0, d->cursor, sizeof(d->buffer)}};
    const struct fd *fd = fd_get(d->fd);

    if (!fd || fd->kind != START_FD_DIRECTORY)
        return -EBADF;
    ipc_attach_out(&m, d->buffer, sizeof(d->buffer));
    long result = octavo_ask(fd->handle, &m);
    d->at = 0;
    d->end = result < 0 ? 0 : (size_t)result;
    return result;
}

/* The first entries are read at once: that tells whether they may be. */
DIR *opendir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);

    if (d && octavo_result(directory_fill(d)) >= 0)
        return d;
    free(d);
    if (fd >= 0)
        close(fd);
    return NULL;
}

struct dirent *readdir(DIR *d)
{
    if (d->at >= d->end && octavo_result(directory_fill(d)) <= 0)
        return NULL;
    const struct fs_entry *from = (const struct fs_entry *)(void *)(d->buffer + d->at);
    d->entry = (struct dirent){.d_ino = from->inode,
                               .d_off = (off_t)from->cursor,
                               .d_reclen = sizeof(d->entry),
                               .d_type = from->type};
    memcpy(d->entry.d_name, from->name, from->name_length);
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

void rewinddir(DIR *d) { seekdir(d, 0); }

long telldir(DIR *d) { return (long)d->cursor; }
