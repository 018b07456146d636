/* SPDX-License-Identifier: MIT
 *
 * Descriptors of directories: places (proto/fs.h). What is in them is read by readdir (directory.c),
 * which keeps its own position; the descriptor's own is always 0. */
#include <unistd.h>
#include "user/lib/system/fd.h"

static long directory_read(const struct fd *fd, void *buffer, size_t length, uint64_t offset)
{
    (void)fd, (void)buffer, (void)length, (void)offset;
    return -EISDIR;
}

static long directory_write(const struct fd *fd, const void *buffer, size_t length, uint64_t offset)
{
    (void)fd, (void)buffer, (void)length, (void)offset;
    return -EBADF;
}

static long directory_seek(const struct fd *fd, off_t offset, int whence)
{
    (void)fd;
    return whence >= SEEK_SET && whence <= SEEK_END && offset == 0 ? 0 : -EINVAL;
}

static long directory_status(const struct fd *fd, struct stat *status)
{
    struct fs_stat record = {0};
    struct message m = {.tag = FS_STAT, .w = {0, 0, 0, sizeof(record)}};

    ipc_attach_out(&m, &record, sizeof(record));
    long result = ipc_request(fd->handle, &m);
    if (result == 0)
        stat_convert(&record, status);
    return result;
}

static long directory_set(const struct fd *fd, const struct fs_setattr *set)
{
    struct message m = {.tag = FS_SETATTR};

    ipc_attach_in(&m, set, sizeof(*set));
    return set->valid & FS_SET_SIZE ? -EINVAL : ipc_request(fd->handle, &m);
}

static long directory_sync(const struct fd *fd, int data_only)
{
    struct message m = {.tag = FS_FSYNC, .w = {0, (unsigned)data_only}};

    return ipc_request(fd->handle, &m);
}

const struct fd_ops fd_directory_ops = {
    .read = directory_read,
    .write = directory_write,
    .seek = directory_seek,
    .status = directory_status,
    .set = directory_set,
    .sync = directory_sync,
};
