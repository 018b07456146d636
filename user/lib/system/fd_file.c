/* SPDX-License-Identifier: MIT
 *
 * Descriptors of regular files: open file descriptions of the pager (proto/file.h), which keeps the
 * offset and the flags, so that duplicates in other processes share them. */
#include <string.h>
#include "user/lib/system/fd.h"

static long file_sync(const struct fd *fd, int data_only)
{
    struct message m = {.tag = FILE_SYNC, .w = {(unsigned)data_only}};

    return ipc_request(fd->handle, &m);
}

/* A read stops early at an absent page of the buffer and after FILE_IO_MAX bytes; anywhere else it is
 * the end of the file. */
static long file_read(const struct fd *fd, void *buffer, size_t length, uint64_t offset)
{
    size_t done = 0;

    for (;;) {
        char *to = (char *)buffer + done;
        size_t wanted = length - done < FILE_IO_MAX ? length - done : FILE_IO_MAX;
        struct message m = {.tag = FILE_READ, .w = {wanted, offset}};
        ipc_attach_out(&m, to, wanted);
        long result = ipc_request(fd->handle, &m);
        if (result < 0)
            return done ? (long)done : result;
        done += m.w[0];
        if (offset != FILE_AT_POSITION)
            offset += m.w[0];
        bool early = m.w[0] == FILE_IO_MAX || ((uintptr_t)to + m.w[0]) % PAGE_SIZE == 0;
        if (m.w[0] == 0 || done == length || !early)
            return (long)done;
    }
}

static long file_write(const struct fd *fd, const void *buffer, size_t length, uint64_t offset)
{
    size_t done = 0;

    while (done < length) {
        size_t wanted = length - done < FILE_IO_MAX ? length - done : FILE_IO_MAX;
        struct message m = {.tag = FILE_WRITE, .w = {wanted, offset}};
        ipc_attach_in(&m, (const char *)buffer + done, wanted);
        long result = ipc_request(fd->handle, &m);
        if (result == 0 && m.w[0] == 0)
            result = -EIO;
        if (result < 0)
            return done ? (long)done : result;
        done += m.w[0];
        if (offset != FILE_AT_POSITION)
            offset += m.w[0];
    }
    long result = fd->flags & O_SYNC ? file_sync(fd, 0) : 0;
    return result < 0 ? result : (long)done;
}

static long file_seek(const struct fd *fd, off_t offset, int whence)
{
    struct message m = {.tag = FILE_SEEK, .w = {(unsigned long)offset, (unsigned)whence}};
    long result = ipc_request(fd->handle, &m);

    return result < 0 ? result : (long)m.w[0];
}

static long file_status(const struct fd *fd, struct stat *status)
{
    struct fs_stat record = {0};
    struct message m = {.tag = FILE_STAT, .w = {0, 0, 0, sizeof(record)}};

    ipc_attach_out(&m, &record, sizeof(record));
    long result = ipc_request(fd->handle, &m);
    if (result == 0)
        stat_convert(&record, status);
    return result;
}

static long file_set(const struct fd *fd, const struct fs_setattr *set)
{
    struct message m = {.tag = FILE_SETATTR};

    ipc_attach_in(&m, set, sizeof(*set));
    return ipc_request(fd->handle, &m);
}

static long file_flags(const struct fd *fd, unsigned change, unsigned flags)
{
    struct message m = {.tag = FILE_FLAGS, .w = {change, flags}};
    long result = ipc_request(fd->handle, &m);

    return result < 0 ? result : (long)m.w[0];
}

const struct fd_ops fd_file_ops = {
    .read = file_read,
    .write = file_write,
    .seek = file_seek,
    .status = file_status,
    .set = file_set,
    .sync = file_sync,
    .flags = file_flags,
};
