/* SPDX-License-Identifier: MIT
 *
 * Reading, writing and the other calls on open descriptors, as far as all kinds share them. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

static ssize_t fd_read(int number, void *buffer, size_t length, uint64_t offset)
{
    const struct fd *fd = fd_get_for(number, O_WRONLY);

    if (!fd)
        return -1;
    if (offset != FILE_AT_POSITION && !fd_ops(fd)->seek)
        return octavo_result(-ESPIPE);
    if (length > SSIZE_MAX)
        return octavo_result(-EINVAL);
    if (length == 0 && fd->kind != START_FD_DIRECTORY)
        return 0;
    return octavo_result(fd_ops(fd)->read(fd, buffer, length, offset));
}

static ssize_t fd_write(int number, const void *buffer, size_t length, uint64_t offset)
{
    const struct fd *fd = fd_get_for(number, O_RDONLY);

    if (!fd)
        return -1;
    if (offset != FILE_AT_POSITION && !fd_ops(fd)->seek)
        return octavo_result(-ESPIPE);
    if (length > SSIZE_MAX)
        return octavo_result(-EINVAL);
    if (length == 0)
        return 0;
    return octavo_result(fd_ops(fd)->write(fd, buffer, length, offset));
}

ssize_t read(int fd, void *buffer, size_t length)
{
    return fd_read(fd, buffer, length, FILE_AT_POSITION);
}

ssize_t write(int fd, const void *buffer, size_t length)
{
    return fd_write(fd, buffer, length, FILE_AT_POSITION);
}

ssize_t pread(int fd, void *buffer, size_t length, off_t offset)
{
    return offset < 0 ? octavo_result(-EINVAL) : fd_read(fd, buffer, length, (uint64_t)offset);
}

ssize_t pwrite(int fd, const void *buffer, size_t length, off_t offset)
{
    return offset < 0 ? octavo_result(-EINVAL) : fd_write(fd, buffer, length, (uint64_t)offset);
}

/* One call a piece, until one is short: another process's may come in between. 0: the count is bad. */
static int iov_right(const struct iovec *piece, int count)
{
    size_t sum = 0;

    if (count <= 0 || count > IOV_MAX) {
        errno = EINVAL;
        return 0;
    }
    for (int i = 0; i < count; i++)
        if (piece[i].iov_len > SSIZE_MAX || (sum += piece[i].iov_len) > SSIZE_MAX) {
            errno = EINVAL;
            return 0;
        }
    return 1;
}

/* Reads or writes the pieces; offset: FILE_AT_POSITION, or of the first byte. */
static ssize_t fd_pieces(int fd, int writes, const struct iovec *piece, int count, uint64_t offset)
{
    ssize_t sum = 0;

    if (!iov_right(piece, count))
        return -1;
    for (int i = 0; i < count; i++) {
        uint64_t at = offset == FILE_AT_POSITION ? offset : offset + (uint64_t)sum;
        ssize_t done = writes ? fd_write(fd, piece[i].iov_base, piece[i].iov_len, at)
                              : fd_read(fd, piece[i].iov_base, piece[i].iov_len, at);
        if (done < 0)
            return sum ? sum : -1;
        sum += done;
        if ((size_t)done < piece[i].iov_len)
            break;
    }
    return sum;
}

ssize_t readv(int fd, const struct iovec *piece, int count)
{
    return fd_pieces(fd, 0, piece, count, FILE_AT_POSITION);
}

ssize_t writev(int fd, const struct iovec *piece, int count)
{
    return fd_pieces(fd, 1, piece, count, FILE_AT_POSITION);
}

ssize_t preadv(int fd, const struct iovec *piece, int count, off_t offset)
{
    if (offset < 0)
        return octavo_result(-EINVAL);
    return fd_pieces(fd, 0, piece, count, (uint64_t)offset);
}

ssize_t pwritev(int fd, const struct iovec *piece, int count, off_t offset)
{
    if (offset < 0)
        return octavo_result(-EINVAL);
    return fd_pieces(fd, 1, piece, count, (uint64_t)offset);
}

off_t lseek(int number, off_t offset, int whence)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    return octavo_result(fd_ops(fd)->seek ? fd_ops(fd)->seek(fd, offset, whence) : -ESPIPE);
}

int fstat(int number, struct stat *status)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    memset(status, 0, sizeof(*status));
    return (int)octavo_result(fd_ops(fd)->status(fd, status));
}

int isatty(int number)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return 0;
    return octavo_result(fd_ops(fd)->terminal ? fd_ops(fd)->terminal(fd) : -ENOTTY) == 0;
}

static int fd_sync(int number, int data_only)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    return (int)octavo_result(fd_ops(fd)->sync ? fd_ops(fd)->sync(fd, data_only) : -EINVAL);
}

int fsync(int fd)
{
    return fd_sync(fd, 0);
}

int fdatasync(int fd)
{
    return fd_sync(fd, 1);
}
