/* SPDX-License-Identifier: MIT
 *
 * Reading, writing and the other calls on open descriptors, as far as all kinds share them. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

/* The descriptor is one that reading or writing may be asked of: 0, or a negative errno. other: the access
 * that it must not have been opened with. */
static long fd_check(const struct fd *fd, size_t length, uint64_t offset, int other)
{
    if (!fd || (fd->flags & O_ACCMODE) == other)
        return -EBADF;
    if (offset != FILE_AT_POSITION && !fd_ops(fd)->seek)
        return -ESPIPE;
    return length > SSIZE_MAX ? -EINVAL : 0;
}

static ssize_t fd_read(int number, void *buffer, size_t length, uint64_t offset)
{
    const struct fd *fd = fd_get(number);
    long result = fd_check(fd, length, offset, O_WRONLY);

    if (result == 0 && (length > 0 || fd->kind == START_FD_DIRECTORY))
        result = fd_ops(fd)->read(fd, buffer, length, offset);
    return octavo_result(result);
}

/* All of it, but for an error or a signal behind the first byte. */
static ssize_t fd_write(int number, const void *buffer, size_t length, uint64_t offset)
{
    const struct fd *fd = fd_get(number);
    long result = fd_check(fd, length, offset, O_RDONLY);
    size_t done = 0;

    while (result >= 0 && done < length) {
        result = fd_ops(fd)->write(fd, (const char *)buffer + done, length - done, offset);
        if (result == 0)
            result = -EIO;
        if (result < 0)
            break;
        done += (size_t)result;
        if (offset != FILE_AT_POSITION)
            offset += (size_t)result;
    }
    if (result > 0 && fd->flags & O_SYNC && fd_ops(fd)->sync) {
        result = fd_ops(fd)->sync(fd, 0);
        return result < 0 ? octavo_result(result) : (ssize_t)done;
    }
    return done ? (ssize_t)done : octavo_result(result);
}

ssize_t read(int fd, void *to, size_t length) { return fd_read(fd, to, length, FILE_AT_POSITION); }

ssize_t write(int fd, const void *from, size_t length)
{
    return fd_write(fd, from, length, FILE_AT_POSITION);
}

ssize_t pread(int fd, void *to, size_t length, off_t offset)
{
    return offset < 0 ? octavo_result(-EINVAL) : fd_read(fd, to, length, (uint64_t)offset);
}

ssize_t pwrite(int fd, const void *from, size_t length, off_t offset)
{
    return offset < 0 ? octavo_result(-EINVAL) : fd_write(fd, from, length, (uint64_t)offset);
}

static bool pieces_wrong(const struct iovec *piece, int count)
{
    size_t sum = 0;

    if (count <= 0 || count > IOV_MAX)
        return true;
    for (int i = 0; i < count; i++)
        if (piece[i].iov_len > SSIZE_MAX || (sum += piece[i].iov_len) > SSIZE_MAX)
            return true;
    return false;
}

/* Reads or writes the pieces, one call each until one is short: another process's may come in between.
 * at: FILE_AT_POSITION, or the first byte's offset. */
static ssize_t fd_pieces(int fd, bool writes, const struct iovec *piece, int count, uint64_t at)
{
    ssize_t sum = 0;

    if (pieces_wrong(piece, count))
        return octavo_result(-EINVAL);
    for (int i = 0; i < count; i++) {
        ssize_t done = writes ? fd_write(fd, piece[i].iov_base, piece[i].iov_len, at)
                              : fd_read(fd, piece[i].iov_base, piece[i].iov_len, at);
        if (done < 0)
            return sum ? sum : -1;
        sum += done;
        if (at != FILE_AT_POSITION)
            at += (uint64_t)done;
        if ((size_t)done < piece[i].iov_len)
            break;
    }
    return sum;
}

ssize_t readv(int fd, const struct iovec *piece, int count)
{
    return fd_pieces(fd, false, piece, count, FILE_AT_POSITION);
}

ssize_t writev(int fd, const struct iovec *piece, int count)
{
    return fd_pieces(fd, true, piece, count, FILE_AT_POSITION);
}

ssize_t preadv(int fd, const struct iovec *piece, int count, off_t offset)
{
    return offset < 0 ? octavo_result(-EINVAL)
                      : fd_pieces(fd, false, piece, count, (uint64_t)offset);
}

ssize_t pwritev(int fd, const struct iovec *piece, int count, off_t offset)
{
    return offset < 0 ? octavo_result(-EINVAL)
                      : fd_pieces(fd, true, piece, count, (uint64_t)offset);
}

off_t lseek(int number, off_t offset, int whence)
{
    return octavo_result(FD_DO(number, seek, -ESPIPE, offset, whence));
}

int fstat(int number, struct stat *status)
{
    memset(status, 0, sizeof(*status));
    return (int)octavo_result(FD_DO(number, status, -EINVAL, status));
}

int isatty(int number) { return octavo_result(FD_DO(number, terminal, -ENOTTY)) == 0; }
int fsync(int number) { return (int)octavo_result(FD_DO(number, sync, -EINVAL, 0)); }
int fdatasync(int number) { return (int)octavo_result(FD_DO(number, sync, -EINVAL, 1)); }
