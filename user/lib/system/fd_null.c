/* SPDX-License-Identifier: MIT
 *
 * /dev/null and /dev/zero: kinds that need no server. */
#include <string.h>
#include "user/lib/system/fd.h"

static long null_read(const struct fd *fd, void *buffer, size_t length, uint64_t offset)
{
    (void)fd, (void)buffer, (void)length, (void)offset;
    return 0;
}

static long zero_read(const struct fd *fd, void *buffer, size_t length, uint64_t offset)
{
    (void)fd, (void)offset;
    memset(buffer, 0, length);
    return (long)length;
}

static long null_write(const struct fd *fd, const void *buffer, size_t length, uint64_t offset)
{
    (void)fd, (void)buffer, (void)offset;
    return (long)length;
}

static long null_seek(const struct fd *fd, off_t offset, int whence)
{
    (void)fd, (void)offset, (void)whence;
    return 0;
}

static long null_status(const struct fd *fd, struct stat *status)
{
    status->st_ino = status->st_rdev = fd->kind == START_FD_ZERO ? DEV_ZERO : DEV_NULL;
    status->st_mode = S_IFCHR | 0666;
    status->st_nlink = 1;
    status->st_blksize = 4096;
    return 0;
}

const struct fd_ops fd_null_ops = {
    .read = null_read,
    .write = null_write,
    .seek = null_seek,
    .status = null_status,
};

const struct fd_ops fd_zero_ops = {
    .read = zero_read,
    .write = null_write,
    .seek = null_seek,
    .status = null_status,
};
