/* SPDX-License-Identifier: MIT
 *
 * /dev/null: a kind that needs no server. */
#include "user/lib/fd.h"

static long null_open(struct fd *fd, const char *path)
{
    (void)path;
    fd->handle = HANDLE_NONE;
    return 0;
}

static long null_read(const struct fd *fd, void *buffer, size_t length)
{
    (void)fd;
    (void)buffer;
    (void)length;
    return 0;
}

static long null_write(const struct fd *fd, const void *buffer, size_t length)
{
    (void)fd;
    (void)buffer;
    return (long)length;
}

static long null_seek(const struct fd *fd, off_t offset, int whence)
{
    (void)fd;
    (void)offset;
    (void)whence;
    return 0;
}

static long null_status(const struct fd *fd, struct stat *status)
{
    (void)fd;
    status->st_mode = S_IFCHR | 0666;
    status->st_nlink = 1;
    status->st_blksize = 4096;
    return 0;
}

const struct fd_ops fd_null_ops = {
    .paths = "/dev/null\0",
    .open = null_open,
    .read = null_read,
    .write = null_write,
    .seek = null_seek,
    .status = null_status,
};
