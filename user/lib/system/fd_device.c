/* SPDX-License-Identifier: MIT
 *
 * /dev/null, /dev/zero and /dev/random, kinds that need no file server, and the calls of the last one's
 * purpose: bytes that nobody can guess, from init, which has the machine's seed. Without a seed there is an
 * error rather than a guess. */
#include <errno.h>
#include <proto/init.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

#define ENTROPY_MAX 256u /* bytes that getentropy gives at most (BSD) */

static long random_fill(void *buffer, size_t length)
{
    size_t done = 0;

    while (done < length) {
        size_t wanted = length - done < INIT_RANDOM_MAX ? length - done : INIT_RANDOM_MAX;
        struct message m = {.tag = INIT_RANDOM, .w = {wanted}};
        ipc_attach_out(&m, (char *)buffer + done, wanted);
        long result = octavo_ask(HANDLE_INIT, &m);
        if (result < 0)
            return done ? (long)done : result;
        done += (size_t)result;
    }
    return (long)done;
}

static long device_read(const struct fd *fd, void *buffer, size_t length, uint64_t offset)
{
    (void)offset;
    if (fd->kind == START_FD_RANDOM)
        return random_fill(buffer, length);
    if (fd->kind == START_FD_NULL)
        return 0;
    memset(buffer, 0, length);
    return (long)length;
}

static long device_write(const struct fd *fd, const void *buffer, size_t length, uint64_t offset)
{
    (void)fd, (void)buffer, (void)offset;
    return (long)length;
}

static long device_seek(const struct fd *fd, off_t offset, int whence)
{
    (void)fd, (void)offset, (void)whence;
    return 0;
}

long fd_other_status(struct stat *status, uint64_t number, mode_t mode, unsigned block)
{
    status->st_ino = number;
    status->st_rdev = S_ISCHR(mode) ? number : 0;
    status->st_mode = mode;
    status->st_nlink = 1;
    status->st_blksize = block;
    return 0;
}

static long device_status(const struct fd *fd, struct stat *status)
{
    return fd_other_status(status,
                           fd->kind == START_FD_NULL   ? DEV_NULL
                           : fd->kind == START_FD_ZERO ? DEV_ZERO
                                                       : DEV_RANDOM,
                           S_IFCHR | 0666, 4096);
}

const struct fd_ops fd_null_ops = {
    .read = device_read, .write = device_write, .seek = device_seek, .status = device_status};
const struct fd_ops fd_random_ops = {
    .read = device_read, .write = device_write, .status = device_status};

ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
    bool known = !(flags & ~(GRND_NONBLOCK | GRND_RANDOM));

    return octavo_result(known ? random_fill(buffer, length) : -EINVAL);
}

int getentropy(void *buffer, size_t length)
{
    return octavo_result(length > ENTROPY_MAX ? -EIO : random_fill(buffer, length)) < 0 ? -1 : 0;
}
