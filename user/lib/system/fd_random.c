/* SPDX-License-Identifier: MIT
 *
 * /dev/random, /dev/urandom and the calls of the same purpose: bytes that nobody can guess, from
 * init, which has the machine's seed. Without a seed there is an error rather than a guess. */
#include <errno.h>
#include <proto/init.h>
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
        long result = ipc_request(HANDLE_INIT, &m);
        if (result < 0)
            return done ? (long)done : result;
        done += m.w[0];
    }
    return (long)done;
}

static long random_read(const struct fd *fd, void *buffer, size_t length, uint64_t offset)
{
    (void)fd, (void)offset;
    return random_fill(buffer, length);
}

static long random_write(const struct fd *fd, const void *buffer, size_t length, uint64_t offset)
{
    (void)fd, (void)buffer, (void)offset;
    return (long)length;
}

static long random_status(const struct fd *fd, struct stat *status)
{
    (void)fd;
    status->st_ino = status->st_rdev = DEV_RANDOM;
    status->st_mode = S_IFCHR | 0666;
    status->st_nlink = 1;
    status->st_blksize = 4096;
    return 0;
}

const struct fd_ops fd_random_ops = {
    .read = random_read,
    .write = random_write,
    .status = random_status,
};

ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
    if (flags & ~(GRND_NONBLOCK | GRND_RANDOM))
        return octavo_result(-EINVAL);
    return octavo_result(random_fill(buffer, length));
}

int getentropy(void *buffer, size_t length)
{
    if (length > ENTROPY_MAX)
        return (int)octavo_result(-EIO);
    return octavo_result(random_fill(buffer, length)) < 0 ? -1 : 0;
}
