/* SPDX-License-Identifier: MIT
 *
 * Descriptors of pipes (proto/pipe.h), pipe and pipe2 (POSIX). Whether an end waits is kept by the
 * server, since all copies of a descriptor share it; the flag in the slot is what was last known. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <proto/init.h>
#include <proto/pipe.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

static handle_t pipe_factory;

void octavo_pipe_forked(void)
{
    pipe_factory = HANDLE_NONE; /* it is not inherited */
}

static long pipe_read(const struct fd *fd, void *buffer, size_t length, uint64_t offset)
{
    struct message m = {.tag = PIPE_READ | MSG_INTERRUPT, .w = {length}};

    (void)offset;
    if (length > PIPE_INLINE)
        ipc_attach_out(&m, buffer, length);
    long result = octavo_wait_request(fd->handle, &m);
    if (result < 0)
        return result;
    if (m.w[0] <= PIPE_INLINE)
        memcpy(buffer, &m.w[1], m.w[0]);
    return (long)m.w[0];
}

static long pipe_write_some(const struct fd *fd, const void *buffer, size_t length)
{
    struct message m = {.tag = PIPE_WRITE | MSG_INTERRUPT, .w = {length}};

    if (length <= PIPE_INLINE)
        memcpy(&m.w[1], buffer, length);
    else
        ipc_attach_in(&m, buffer, length);
    long result = octavo_wait_request(fd->handle, &m);
    return result < 0 ? result : (long)m.w[0];
}

static long pipe_write(const struct fd *fd, const void *buffer, size_t length, uint64_t offset)
{
    size_t done = 0;

    (void)offset;
    while (done < length) {
        long result = pipe_write_some(fd, (const char *)buffer + done, length - done);
        if (result == -EPIPE)
            raise(SIGPIPE);
        if (result == -EAGAIN && done)
            break;
        if (result < 0)
            return done ? (long)done : result;
        done += (size_t)result;
    }
    return (long)done;
}

static long pipe_status(const struct fd *fd, struct stat *status)
{
    struct message m = {.tag = PIPE_STATUS};
    long result = ipc_request(fd->handle, &m);

    if (result < 0)
        return result;
    status->st_ino = m.w[0];
    status->st_mode = S_IFIFO | 0600;
    status->st_nlink = 1;
    status->st_blksize = PIPE_ATOMIC;
    return 0;
}

/* A writer's POLLOUT promises room for PIPE_ATOMIC bytes. */
static long pipe_ready(const struct fd *fd)
{
    struct message m = {.tag = PIPE_STATUS};
    long result = ipc_request(fd->handle, &m);

    if (result < 0)
        return result;
    if (fd->kind == START_FD_PIPE_WRITE)
        return m.w[2] ? POLLERR : m.w[1] + PIPE_ATOMIC <= PIPE_CAPACITY ? POLLOUT : 0;
    return (m.w[1] ? POLLIN : 0) | (m.w[2] ? POLLHUP : 0);
}

static long pipe_flags(const struct fd *fd, unsigned change, unsigned flags)
{
    struct message m = {
        .tag = PIPE_FLAGS,
        .w = {change & O_NONBLOCK ? PIPE_NONBLOCK : 0, flags & O_NONBLOCK ? PIPE_NONBLOCK : 0}};
    long result = ipc_request(fd->handle, &m);

    return result < 0 ? result : (fd->flags & ~O_NONBLOCK) | (m.w[0] ? O_NONBLOCK : 0);
}

const struct fd_ops fd_pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .status = pipe_status,
    .ready = pipe_ready,
    .flags = pipe_flags,
};

static long pipe_factory_get(void)
{
    struct message m = {.tag = INIT_SERVICE, .w = {SERVICE_PIPE}};

    if (pipe_factory != HANDLE_NONE)
        return 0;
    long result = ipc_request(HANDLE_INIT, &m);
    if (result == 0)
        pipe_factory = (handle_t)m.w[0];
    return result == -ENODEV ? -ENFILE : result;
}

/* The two ends' handles, or a negative errno. */
static long pipe_make(handle_t *handle, int flags)
{
    struct message m = {.tag = PIPE_CREATE, .w = {flags & O_NONBLOCK ? PIPE_NONBLOCK : 0}};
    long result = pipe_factory_get();

    if (result < 0)
        return result;
    ipc_accept(2);
    result = ipc_request(pipe_factory, &m);
    ipc_accept(0);
    memcpy(handle, msg_page()->handle, 2 * sizeof(*handle));
    return result;
}

int pipe2(int ends[2], int flags)
{
    handle_t handle[2];
    struct fd fd = {.kind = START_FD_PIPE_READ, .close_on_exec = (flags & O_CLOEXEC) != 0};
    int number[2];

    if (flags & ~(O_CLOEXEC | O_NONBLOCK))
        return (int)octavo_result(-EINVAL);
    if (octavo_result(pipe_make(handle, flags)) < 0)
        return -1;
    fd.handle = handle[0];
    fd.flags = (uint16_t)(O_RDONLY | (flags & O_NONBLOCK));
    number[0] = fd_install(&fd, 0);
    if (number[0] < 0) {
        sys_close(handle[1]);
        return -1;
    }
    fd.kind = START_FD_PIPE_WRITE;
    fd.handle = handle[1];
    fd.flags = (uint16_t)(O_WRONLY | (flags & O_NONBLOCK));
    number[1] = fd_install(&fd, 0);
    if (number[1] < 0) {
        int error = errno;
        close(number[0]);
        errno = error;
        return -1;
    }
    ends[0] = number[0];
    ends[1] = number[1];
    return 0;
}

int pipe(int ends[2])
{
    return pipe2(ends, 0);
}
