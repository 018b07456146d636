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

void octavo_pipe_forked(void) { pipe_factory = HANDLE_NONE; /* it is not inherited */ }

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

static long pipe_write(const struct fd *fd, const void *buffer, size_t length, uint64_t offset)
{
    struct message m = {.tag = PIPE_WRITE | MSG_INTERRUPT, .w = {length}};

    (void)offset;
    if (length <= PIPE_INLINE)
        memcpy(&m.w[1], buffer, length);
    else
        ipc_attach_in(&m, buffer, length);
    long result = octavo_wait_request(fd->handle, &m);
    if (result == -EPIPE)
        raise(SIGPIPE);
    return result < 0 ? result : (long)m.w[0];
}

static long pipe_status(const struct fd *fd, struct stat *status)
{
    long number = octavo_ask(fd->handle, &(struct message){.tag = PIPE_STATUS});

    return number < 0 ? number
                      : fd_other_status(status, (uint64_t)number, S_IFIFO | 0600, PIPE_ATOMIC);
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
    long result = octavo_ask(fd->handle, &m);

    return result < 0 ? result : (fd->flags & ~O_NONBLOCK) | (result ? O_NONBLOCK : 0);
}

const struct fd_ops fd_pipe_ops = {.read = pipe_read,
                                   .write = pipe_write,
                                   .status = pipe_status,
                                   .ready = pipe_ready,
                                   .flags = pipe_flags};

/* The two ends' handles; 0 or a negative errno. */
static long pipe_make(handle_t *handle, int flags)
{
    struct message m = {.tag = INIT_SERVICE, .w = {SERVICE_PIPE}};
    long result = pipe_factory ? 0 : octavo_ask(HANDLE_INIT, &m);

    if (result < 0)
        return result == -ENODEV ? -ENFILE : result;
    if (!pipe_factory)
        pipe_factory = (handle_t)result;
    m = (struct message){.tag = PIPE_CREATE, .w = {flags & O_NONBLOCK ? PIPE_NONBLOCK : 0}};
    ipc_accept(2);
    result = ipc_request(pipe_factory, &m);
    ipc_accept(0);
    memcpy(handle, msg_page()->handle, 2 * sizeof(*handle));
    return result;
}

int pipe2(int ends[2], int flags)
{
    handle_t handle[2];
    int number[2];

    if (flags & ~(O_CLOEXEC | O_NONBLOCK))
        return (int)octavo_result(-EINVAL);
    if (octavo_result(pipe_make(handle, flags)) < 0)
        return -1;
    for (int i = 0; i < 2; i++) {
        struct fd fd = {.kind = i ? START_FD_PIPE_WRITE : START_FD_PIPE_READ,
                        .close_on_exec = (flags & O_CLOEXEC) != 0,
                        .flags = (uint16_t)((i ? O_WRONLY : O_RDONLY) | (flags & O_NONBLOCK)),
                        .handle = handle[i]};
        number[i] = fd_install(&fd, 0);
        if (number[i] < 0 && i == 0)
            sys_close(handle[1]);
        if (number[i] < 0 && i == 1)
            close(number[0]); /* errno stays: it is open */
        if (number[i] < 0)
            return -1;
    }
    memcpy(ends, number, sizeof(number));
    return 0;
}

int pipe(int ends[2]) { return pipe2(ends, 0); }
