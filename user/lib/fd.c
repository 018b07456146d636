/* SPDX-License-Identifier: MIT
 *
 * The table of descriptors and the POSIX calls on them. What a descriptor does is its kind's
 * business (fd.h); here is only what all kinds share. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/lock.h>
#include <unistd.h>
#include "user/lib/fd.h"

static const struct fd_ops *const fd_kinds[] = {
    [START_FD_CON] = &fd_con_ops,
    [START_FD_NULL] = &fd_null_ops,
};
#define FD_KINDS (sizeof(fd_kinds) / sizeof(fd_kinds[0]))

static struct fd fd_table[OCTAVO_FD_MAX];
static int fd_used; /* no slot from here on is open: most programs have three */

static void fd_set(int number, const struct fd *fd)
{
    fd_table[number] = *fd;
    if (number >= fd_used)
        fd_used = number + 1;
}

void octavo_fd_inherit(int fd, unsigned kind, handle_t handle)
{
    if (kind < FD_KINDS && fd_kinds[kind])
        fd_set(fd, &(struct fd){.kind = (uint8_t)kind, .flags = O_RDWR, .handle = handle});
}

int fd_limit(void)
{
    return fd_used;
}

const struct fd *fd_slot(int fd)
{
    return &fd_table[fd];
}

struct fd *fd_get(int fd)
{
    if (fd >= 0 && fd < OCTAVO_FD_MAX && fd_table[fd].kind)
        return &fd_table[fd];
    errno = EBADF;
    return NULL;
}

const struct fd *fd_find_kind(unsigned kind)
{
    for (int i = 0; i < fd_used; i++)
        if (fd_table[i].kind == kind)
            return &fd_table[i];
    return NULL;
}

static const struct fd_ops *fd_ops(const struct fd *fd)
{
    return fd_kinds[fd->kind];
}

/* Puts *file into the lowest free slot from `first` on; the slot, or -1 with EMFILE. */
static int fd_install(const struct fd *file, int first)
{
    int result = -1;

    __LIBC_LOCK();
    for (int i = first; i < OCTAVO_FD_MAX && result < 0; i++)
        if (!fd_table[i].kind) {
            fd_set(i, file);
            result = i;
        }
    __LIBC_UNLOCK();
    if (result < 0)
        errno = EMFILE;
    return result;
}

/* Empties a slot; the handle goes with the last descriptor that has it. */
static void fd_release(struct fd *fd)
{
    handle_t handle = fd->handle;

    __LIBC_LOCK();
    *fd = (struct fd){0};
    for (int i = 0; i < fd_used && handle != HANDLE_NONE; i++)
        if (fd_table[i].kind && fd_table[i].handle == handle)
            handle = HANDLE_NONE;
    __LIBC_UNLOCK();
    if (handle != HANDLE_NONE)
        sys_close(handle);
}

static int fd_path_matches(const struct fd_ops *ops, const char *path)
{
    for (const char *name = ops->paths; name && *name; name += strlen(name) + 1)
        if (strcmp(name, path) == 0)
            return 1;
    return 0;
}

int open(const char *path, int flags, ...)
{
    for (unsigned kind = 0; kind < FD_KINDS; kind++) {
        if (!fd_kinds[kind] || !fd_path_matches(fd_kinds[kind], path))
            continue;
        struct fd file = {.kind = (uint8_t)kind,
                          .close_on_exec = (flags & O_CLOEXEC) != 0,
                          .flags = (uint16_t)flags};
        if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
            errno = EEXIST;
            return -1;
        }
        if (octavo_result(fd_kinds[kind]->open(&file, path)) < 0)
            return -1;
        return fd_install(&file, 0);
    }
    errno = flags & O_CREAT ? EROFS : ENOENT;
    return -1;
}

int close(int number)
{
    struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    fd_release(fd);
    return 0;
}

ssize_t read(int number, void *buffer, size_t length)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    if ((fd->flags & O_ACCMODE) == O_WRONLY)
        return octavo_result(-EBADF);
    return length ? octavo_result(fd_ops(fd)->read(fd, buffer, length)) : 0;
}

ssize_t write(int number, const void *buffer, size_t length)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    if ((fd->flags & O_ACCMODE) == O_RDONLY)
        return octavo_result(-EBADF);
    return length ? octavo_result(fd_ops(fd)->write(fd, buffer, length)) : 0;
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

int stat(const char *restrict path, struct stat *restrict status)
{
    int fd = open(path, O_RDONLY);

    if (fd < 0)
        return -1;
    int result = fstat(fd, status);
    close(fd);
    return result;
}

int isatty(int number)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return 0;
    return octavo_result(fd_ops(fd)->terminal ? fd_ops(fd)->terminal(fd) : -ENOTTY) == 0;
}

static int fd_duplicate(int number, int first, int close_on_exec)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    if (first < 0 || first >= OCTAVO_FD_MAX) {
        errno = EINVAL;
        return -1;
    }
    struct fd copy = *fd;
    copy.close_on_exec = close_on_exec != 0;
    return fd_install(&copy, first);
}

int dup(int number)
{
    return fd_duplicate(number, 0, 0);
}

int dup2(int number, int target)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    if (target < 0 || target >= OCTAVO_FD_MAX) {
        errno = EBADF;
        return -1;
    }
    if (target != number) {
        if (fd_table[target].kind)
            fd_release(&fd_table[target]);
        fd_set(target, fd);
        fd_table[target].close_on_exec = 0;
    }
    return target;
}

int fcntl(int number, int command, ...)
{
    struct fd *fd = fd_get(number);
    va_list list;

    if (!fd)
        return -1;
    va_start(list, command);
    int argument = va_arg(list, int); /* garbage where the command has none, and not used then */
    va_end(list);
    switch (command) {
    case F_DUPFD:
        return fd_duplicate(number, argument, 0);
    case F_DUPFD_CLOEXEC:
        return fd_duplicate(number, argument, 1);
    case F_GETFD:
        return fd->close_on_exec ? FD_CLOEXEC : 0;
    case F_SETFD:
        fd->close_on_exec = (argument & FD_CLOEXEC) != 0;
        return 0;
    case F_GETFL:
        return fd->flags;
    case F_SETFL:
        fd->flags = (uint16_t)((fd->flags & O_ACCMODE) | (argument & O_APPEND));
        return 0;
    }
    errno = EINVAL;
    return -1;
}
