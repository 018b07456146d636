/* SPDX-License-Identifier: MIT
 *
 * The table of descriptors: what is open, duplicates, flags. What a descriptor does is its kind's
 * business (fd.h); reading and writing are in fd_io.c, names in open.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

static const struct fd_ops *const fd_kinds[] = {
    [START_FD_CON] = &fd_con_ops,        [START_FD_NULL] = &fd_null_ops,
    [START_FD_FILE] = &fd_file_ops,      [START_FD_DIRECTORY] = &fd_directory_ops,
    [START_FD_PIPE_READ] = &fd_pipe_ops, [START_FD_PIPE_WRITE] = &fd_pipe_ops,
    [START_FD_ZERO] = &fd_null_ops,      [START_FD_RANDOM] = &fd_random_ops,
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

void octavo_fd_inherit(int number, uint64_t value)
{
    unsigned kind = (unsigned)(value >> 32) & 0xff;

    if (kind < FD_KINDS && fd_kinds[kind])
        fd_put(number, &(struct fd){.kind = (uint8_t)kind,
                                    .handle = (handle_t)value,
                                    .flags = (uint16_t)(value >> START_FD_FLAGS_SHIFT)});
}

uint64_t fd_start_value(const struct fd *fd)
{
    return fd->handle | (uint64_t)fd->kind << 32 | (uint64_t)fd->flags << START_FD_FLAGS_SHIFT;
}

int fd_limit(void) { return fd_used; }

const struct fd *fd_slot(int fd) { return &fd_table[fd]; }

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

const struct fd_ops *fd_ops(const struct fd *fd) { return fd_kinds[fd->kind]; }

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
    int result = -EMFILE;

    octavo_lock();
    for (int i = first; i < OCTAVO_FD_MAX && result < 0; i++)
        if (!fd_table[i].kind) {
            fd_put(i, file);
            result = i;
        }
    if (result < 0)
        fd_drop_handle(file->handle);
    octavo_unlock();
    return (int)octavo_result(result);
}

/* Puts *file, or nothing, in the place of what is in the slot. */
static void fd_exchange(int number, const struct fd *file)
{
    struct fd old = fd_table[number];

    if (fd_before_close && old.kind)
        fd_before_close(&fd_table[number]);
    octavo_lock();
    fd_put(number, file);
    fd_drop_handle(old.kind ? old.handle : HANDLE_NONE);
    octavo_unlock();
}

int close(int number)
{
    if (!fd_get(number))
        return -1;
    fd_exchange(number, &(struct fd){0});
    return 0;
}

static int fd_duplicate(int number, int first, bool close_on_exec)
{
    const struct fd *fd = fd_get(number);

    if (!fd || first < 0 || first >= OCTAVO_FD_MAX)
        return (int)octavo_result(fd ? -EINVAL : -EBADF);
    struct fd copy = *fd;
    copy.close_on_exec = close_on_exec;
    return fd_install(&copy, first);
}

static int fd_replace(int number, int target, bool close_on_exec)
{
    const struct fd *fd = fd_get(number);

    if (!fd || target < 0 || target >= OCTAVO_FD_MAX)
        return (int)octavo_result(-EBADF);
    struct fd copy = *fd;
    copy.close_on_exec = close_on_exec;
    if (target != number)
        fd_exchange(target, &copy);
    return target;
}

int dup(int number) { return fd_duplicate(number, 0, false); }
int dup2(int number, int target) { return fd_replace(number, target, false); }

int dup3(int number, int target, int flags)
{
    if (number == target || (flags & ~O_CLOEXEC))
        return (int)octavo_result(-EINVAL);
    return fd_replace(number, target, flags & O_CLOEXEC);
}

/* O_APPEND and O_NONBLOCK belong to the open file, which others may share; its kind knows. */
static long fd_get_flags(struct fd *fd)
{
    long flags = fd_ops(fd)->flags ? fd_ops(fd)->flags(fd, 0, 0) : fd->flags;

    if (flags >= 0)
        fd->flags = (uint16_t)((fd->flags & (O_ACCMODE | O_SYNC)) | (flags & FD_FLAGS));
    return flags < 0 ? flags : fd->flags;
}

static long fd_set_flags(struct fd *fd, int flags)
{
    const unsigned change = O_APPEND | O_NONBLOCK, to = (unsigned)flags & change;
    long result = fd_ops(fd)->flags ? fd_ops(fd)->flags(fd, change, to) : 0;

    if (result >= 0)
        fd->flags = (uint16_t)((fd->flags & ~change) | to);
    return result < 0 ? result : 0;
}

int fcntl(int number, int command, ...)
{
    struct fd *fd = fd_get(number);
    va_list list;

    if (!fd)
        return -1;
    va_start(list, command);
    void *pointer = va_arg(list, void *); /* not used by commands that have no third argument */
    int argument = (int)(uintptr_t)pointer;
    va_end(list);
    switch (command) {
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
        return (int)octavo_result(octavo_record_lock(number, command, pointer));
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        return fd_duplicate(number, argument, command == F_DUPFD_CLOEXEC);
    case F_GETFD:
        return fd->close_on_exec ? FD_CLOEXEC : 0;
    case F_SETFD:
        fd->close_on_exec = (argument & FD_CLOEXEC) != 0;
        return 0;
    case F_GETFL:
        return (int)octavo_result(fd_get_flags(fd));
    case F_SETFL:
        return (int)octavo_result(fd_set_flags(fd, argument));
    }
    return (int)octavo_result(-EINVAL);
}
