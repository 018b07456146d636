/* SPDX-License-Identifier: MIT
 *
 * Descriptors of regular files: open file descriptions of the pager (proto/file.h), which keeps the
 * offset and the flags, so that duplicates in other processes share them. And of directories: places
 * (proto/fs.h). What is in those is read by readdir (directory.c), which keeps its own position; the
 * descriptor's own is always 0. */
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

static long file_status(const struct fd *fd, struct stat *status)
{
    return fd_file_status(fd->handle, fd->kind == START_FD_FILE ? FILE_STAT : FS_STAT, status);
}

static long file_set(const struct fd *fd, const struct fs_setattr *set)
{
    struct message m = {.tag = fd->kind == START_FD_FILE ? FILE_SETATTR : FS_SETATTR};

    if (fd->kind == START_FD_DIRECTORY && set->valid & FS_SET_SIZE)
        return -EINVAL;
    ipc_attach_in(&m, set, sizeof(*set));
    return ipc_request(fd->handle, &m);
}

static long file_sync(const struct fd *fd, int data_only)
{
    struct message m = {.tag = FILE_SYNC, .w = {(unsigned)data_only}};

    if (fd->kind == START_FD_DIRECTORY)
        m = (struct message){.tag = FS_FSYNC, .w = {0, (unsigned)data_only}};
    return ipc_request(fd->handle, &m);
}

/* --- Regular files ------------------------------------------------------------------------ */

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
        long result = octavo_ask(fd->handle, &m);
        if (result < 0)
            return done ? (long)done : result;
        done += (size_t)result;
        if (offset != FILE_AT_POSITION)
            offset += (size_t)result;
        bool early = result == FILE_IO_MAX || ((uintptr_t)to + (size_t)result) % PAGE_SIZE == 0;
        if (result == 0 || done == length || !early)
            return (long)done;
    }
}

static long file_write(const struct fd *fd, const void *buffer, size_t length, uint64_t offset)
{
    size_t wanted = length < FILE_IO_MAX ? length : FILE_IO_MAX;
    struct message m = {.tag = FILE_WRITE, .w = {wanted, offset}};

    ipc_attach_in(&m, buffer, wanted);
    return octavo_ask(fd->handle, &m);
}

static long file_seek(const struct fd *fd, off_t offset, int whence)
{
    struct message m = {.tag = FILE_SEEK, .w = {(unsigned long)offset, (unsigned)whence}};

    return octavo_ask(fd->handle, &m);
}

static long file_flags(const struct fd *fd, unsigned change, unsigned flags)
{
    struct message m = {.tag = FILE_FLAGS, .w = {change, flags}};

    return octavo_ask(fd->handle, &m);
}

const struct fd_ops fd_file_ops = {.read = file_read,
                                   .write = file_write,
                                   .seek = file_seek,
                                   .status = file_status,
                                   .set = file_set,
                                   .sync = file_sync,
                                   .flags = file_flags};

/* --- Directories -------------------------------------------------------------------------- */

static long directory_read(const struct fd *fd, void *buffer, size_t length, uint64_t offset)
{
    (void)fd, (void)buffer, (void)length, (void)offset;
    return -EISDIR;
}

static long directory_seek(const struct fd *fd, off_t offset, int whence)
{
    (void)fd;
    return whence >= SEEK_SET && whence <= SEEK_END && offset == 0 ? 0 : -EINVAL;
}

/* It is never open for writing. */
const struct fd_ops fd_directory_ops = {.read = directory_read,
                                        .seek = directory_seek,
                                        .status = file_status,
                                        .set = file_set,
                                        .sync = file_sync};
