/* SPDX-License-Identifier: MIT
 *
 * The table of descriptors: what is open, duplicates, flags. What a descriptor does is its kind's
 * business (fd.h); reading and writing are in fd_io.c, names in open.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/lock.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

static const struct fd_ops *const fd_kinds[] = {
    [START_FD_CON] = &fd_con_ops,        [START_FD_NULL] = &fd_null_ops,
    [START_FD_FILE] = &fd_file_ops,      [START_FD_DIRECTORY] = &fd_directory_ops,
    [START_FD_PIPE_READ] = &fd_pipe_ops, [START_FD_PIPE_WRITE] = &fd_pipe_ops,
    [START_FD_ZERO] = &fd_zero_ops,      [START_FD_RANDOM] = &fd_random_ops,
};
#define FD_KINDS (sizeof(fd_kinds) / sizeof(fd_kinds[0]))

static struct fd fd_table[OCTAVO_FD_MAX];
static int fd_used; /* no slot from here on is open: most programs have three */

void (*fd_before_close)(const struct fd *fd);

static void fd_put(int number, const struct fd *fd)
{
    fd_table[number] = *fd;
    if (number >= fd_used)
        fd_used = number + 1;
}

/* --- Across the start of a program (proto/start.h) ----------------------------------------- */

void octavo_fd_inherit(int number, uint64_t value)
{
    unsigned kind = (unsigned)(value >> 32) & 0xff, flags = (unsigned)(value >> 40);
    unsigned access = flags & (START_FD_READ | START_FD_WRITE);
    struct fd fd = {.kind = (uint8_t)kind, .handle = (handle_t)value, .flags = O_RDWR};

    if (kind >= FD_KINDS || !fd_kinds[kind])
        return;
    if (access == START_FD_READ)
        fd.flags = O_RDONLY;
    if (access == START_FD_WRITE)
        fd.flags = O_WRONLY;
    fd.flags |= (uint16_t)((flags & START_FD_APPEND ? O_APPEND : 0) |
                           (flags & START_FD_NONBLOCK ? O_NONBLOCK : 0) |
                           (flags & START_FD_SYNC ? O_SYNC : 0));
    fd_put(number, &fd);
}

uint64_t fd_start_value(const struct fd *fd)
{
    int access = fd->flags & O_ACCMODE;
    unsigned flags = access == O_RDONLY ? START_FD_READ : access == O_WRONLY ? START_FD_WRITE : 0;

    flags |= (fd->flags & O_APPEND ? START_FD_APPEND : 0) |
             (fd->flags & O_NONBLOCK ? START_FD_NONBLOCK : 0) |
             (fd->flags & O_SYNC ? START_FD_SYNC : 0);
    return fd->handle | (uint64_t)fd->kind << 32 | (uint64_t)flags << 40;
}

int fd_limit(void)
{
    return fd_used;
}

const struct fd *fd_slot(int fd)
{
    return &fd_table[fd];
}

/* --- Slots --------------------------------------------------------------------------------- */

struct fd *fd_get(int fd)
{
    if (fd >= 0 && fd < OCTAVO_FD_MAX && fd_table[fd].kind)
        return &fd_table[fd];
    errno = EBADF;
    return NULL;
}

struct fd *fd_get_for(int number, int without)
{
    struct fd *fd = fd_get(number);

    if (!fd || (fd->flags & O_ACCMODE) != without)
        return fd;
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

const struct fd_ops *fd_ops(const struct fd *fd)
{
    return fd_kinds[fd->kind];
}

/* Closes a handle that no descriptor has any more. The caller holds the library's lock. */
static void fd_drop_handle(handle_t handle)
{
    for (int i = 0; i < fd_used && handle != HANDLE_NONE; i++)
        if (fd_table[i].kind && fd_table[i].handle == handle)
            handle = HANDLE_NONE;
    if (handle != HANDLE_NONE)
        sys_close(handle);
}

int fd_install(const struct fd *file, int first)
{
    int result = -1;

    __LIBC_LOCK();
    for (int i = first; i < OCTAVO_FD_MAX && result < 0; i++)
        if (!fd_table[i].kind) {
            fd_put(i, file);
            result = i;
        }
    if (result < 0)
        fd_drop_handle(file->handle);
    __LIBC_UNLOCK();
    if (result < 0)
        errno = EMFILE;
    return result;
}

int close(int number)
{
    struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    if (fd_before_close)
        fd_before_close(fd);
    __LIBC_LOCK();
    handle_t handle = fd->handle;
    *fd = (struct fd){0};
    fd_drop_handle(handle);
    __LIBC_UNLOCK();
    return 0;
}

/* --- Duplicates ---------------------------------------------------------------------------- */

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

static int fd_replace(int number, int target, int close_on_exec)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    if (target < 0 || target >= OCTAVO_FD_MAX) {
        errno = EBADF;
        return -1;
    }
    if (target != number) {
        if (fd_before_close && fd_table[target].kind)
            fd_before_close(&fd_table[target]);
        __LIBC_LOCK();
        handle_t old = fd_table[target].kind ? fd_table[target].handle : HANDLE_NONE;
        fd_put(target, fd);
        fd_table[target].close_on_exec = close_on_exec != 0;
        fd_drop_handle(old);
        __LIBC_UNLOCK();
    }
    return target;
}

int dup2(int number, int target)
{
    return fd_replace(number, target, 0);
}

int dup3(int number, int target, int flags)
{
    if (number == target || (flags & ~O_CLOEXEC)) {
        errno = EINVAL;
        return -1;
    }
    return fd_replace(number, target, flags & O_CLOEXEC);
}

/* --- Flags --------------------------------------------------------------------------------- */

/* O_APPEND and O_NONBLOCK belong to the open file, which others may share; its kind knows. */
static int fd_get_flags(struct fd *fd)
{
    long flags = fd_ops(fd)->flags ? fd_ops(fd)->flags(fd, 0, 0) : 0;

    if (flags < 0)
        return (int)octavo_result(flags);
    if (fd_ops(fd)->flags)
        fd->flags = (uint16_t)((fd->flags & (O_ACCMODE | O_SYNC)) | (flags & FD_FLAGS));
    return fd->flags;
}

static int fd_set_flags(struct fd *fd, int flags)
{
    const unsigned change = O_APPEND | O_NONBLOCK;
    long result = 0;

    if (fd_ops(fd)->flags)
        result = fd_ops(fd)->flags(fd, change, (unsigned)flags & change);
    if (result < 0)
        return (int)octavo_result(result);
    fd->flags = (uint16_t)((fd->flags & ~change) | ((unsigned)flags & change));
    return 0;
}

int fcntl(int number, int command, ...)
{
    struct fd *fd = fd_get(number);
    va_list list;

    if (!fd)
        return -1;
    va_start(list, command);
    void *pointer =
        va_arg(list, void *); /* garbage where the command has none, and not used then */
    int argument = (int)(uintptr_t)pointer;
    va_end(list);
    switch (command) {
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
        return (int)octavo_result(octavo_record_lock(number, command, pointer));
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
        return fd_get_flags(fd);
    case F_SETFL:
        return fd_set_flags(fd, argument);
    }
    errno = EINVAL;
    return -1;
}
