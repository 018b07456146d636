/* SPDX-License-Identifier: MIT
 *
 * Scattered reads and writes (POSIX.1-2017 <sys/uio.h>), with BSD's preadv and pwritev. One message a
 * piece: another process's write may come between two. */
#ifndef OCTAVO_SYS_UIO_H
#define OCTAVO_SYS_UIO_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iovec {
    void *iov_base;
    size_t iov_len;
};

#define UIO_MAXIOV 1024

ssize_t readv(int fd, const struct iovec *pieces, int count);
ssize_t writev(int fd, const struct iovec *pieces, int count);
ssize_t preadv(int fd, const struct iovec *pieces, int count, off_t offset);
ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t offset);

#ifdef __cplusplus
}
#endif

#endif
