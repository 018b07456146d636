/* SPDX-License-Identifier: MIT
 *
 * open and openat. Regular files are opened by the pager, directories by fs as places; the files of
 * /dev are kinds of this library, whether a file server shows them or not. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/path.h"

_Static_assert(O_CREAT == FS_O_CREATE && O_TRUNC == FS_O_TRUNCATE && O_EXCL == FS_O_EXCLUSIVE &&
                   O_NOFOLLOW == FS_O_NOFOLLOW && O_APPEND == FILE_O_APPEND &&
                   O_NONBLOCK == FILE_O_NONBLOCK,
               "proto/fs.h, proto/file.h");
#define OPEN_FLAGS \
    (O_ACCMODE | O_CREAT | O_TRUNC | O_EXCL | O_NOFOLLOW | O_APPEND | O_NONBLOCK) /* pager's */

static const struct {
    const char *path;
    uint16_t number, kind;
} open_devices[] = {
    {"/dev/null", DEV_NULL, START_FD_NULL},       {"/dev/zero", DEV_ZERO, START_FD_ZERO},
    {"/dev/random", DEV_RANDOM, START_FD_RANDOM}, {"/dev/urandom", DEV_RANDOM, START_FD_RANDOM},
    {"/dev/console", DEV_CONSOLE, START_FD_CON},  {"/dev/tty", DEV_TTY, START_FD_CON},
};

/* The device of that name, or of that number. 1: *file is it; 0: there is none; or a negative errno. The
 * console is the one that one of the descriptors already has. */
static int open_device(const char *path, uint64_t number, struct fd *file)
{
    for (unsigned i = 0; i < sizeof(open_devices) / sizeof(open_devices[0]); i++)
        if (path ? strcmp(path, open_devices[i].path) == 0 : number == open_devices[i].number) {
            bool is_console = open_devices[i].kind == START_FD_CON;
            const struct fd *console = is_console ? fd_find_kind(START_FD_CON) : NULL;
            file->kind = (uint8_t)open_devices[i].kind;
            file->handle = console ? console->handle : HANDLE_NONE;
            return is_console && !console ? -ENXIO : 1;
        }
    return 0;
}

/* The number of N in "/dev/fd/N" and of /dev/stdin ...; -1: none. */
static int open_descriptor_name(const char *path)
{
    static const char *const names[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    char *end;

    for (int i = 0; i < 3; i++)
        if (strcmp(path, names[i]) == 0)
            return i;
    if (strncmp(path, "/dev/fd/", 8) != 0 || !isdigit((unsigned char)path[8]))
        return -1;
    unsigned long number = strtoul(path + 8, &end, 10);
    return *end || number > OCTAVO_FD_MAX ? -1 : (int)number;
}

int fd_device_name(const char *path, struct fd *file)
{
    if (strncmp(path, "/dev/", 5) != 0)
        return 0;
    int result = open_device(path, 0, file);
    int number = result ? -1 : open_descriptor_name(path);
    if (number < 0)
        return result;
    const struct fd *fd = fd_get(number);
    if (!fd)
        return -ENOENT;
    file->kind = fd->kind;
    file->handle = fd->handle;
    return 1;
}

static long open_directory(handle_t at, const char *path, int flags, struct fd *file)
{
    struct fs_stat record = {0};
    long result = 0;

    if ((flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)))
        return -EISDIR;
    if (flags & O_NOFOLLOW)
        result = path_status(at, path, FS_AT_NOFOLLOW, &record);
    if (result == 0 && S_ISLNK(record.mode))
        result = flags & O_DIRECTORY ? -ENOTDIR : -ELOOP;
    file->kind = START_FD_DIRECTORY;
    return result < 0 ? result : path_new_place(at, path, &file->handle);
}

static long open_file(handle_t at, const char *path, int flags, mode_t mode, struct fd *file)
{
    struct message m = {.tag = PAGER_OPEN,
                        .w = {0, (unsigned)flags & OPEN_FLAGS, mode & 07777 & ~octavo_umask}};

    ipc_accept(1);
    long result = path_ask_pager(at, &m, path);
    ipc_accept(0);
    file->kind = START_FD_FILE;
    if (result == 0)
        file->handle = msg_page()->handle[0];
    return result;
}

/* What neither is: a device of fs's /dev. */
static long open_special(handle_t at, const char *path, struct fd *file)
{
    struct fs_stat record = {0};
    long result = path_status(at, path, 0, &record);

    if (result == 0 && S_ISCHR(record.mode))
        result = open_device(NULL, record.rdev, file);
    return result > 0 ? 0 : -ENXIO;
}

static long open_name(int directory, const char *path, int flags, mode_t mode, struct fd *file)
{
    handle_t at;
    long result = fd_device_name(path, file);

    if (result > 0 && (flags & O_DIRECTORY))
        return -ENOTDIR;
    if (result > 0)
        return (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL) ? -EEXIST : 0;
    if (result == 0)
        result = path_place(directory, path, &at);
    if (result == -ENOENT && *path && octavo_place == HANDLE_NONE && (flags & O_CREAT))
        result = -EROFS;
    if (result < 0)
        return result;
    if ((flags & O_DIRECTORY) && !(flags & O_CREAT))
        return open_directory(at, path, flags, file);
    result = open_file(at, path, flags, mode, file);
    if (result == -EISDIR || (result == -ENOSYS && !(flags & (O_CREAT | O_ACCMODE))))
        return open_directory(at, path, flags, file);
    if (result == -ENXIO)
        return open_special(at, path, file);
    return result;
}

static int open_at(int directory, const char *path, int flags, mode_t mode)
{
    struct fd file = {.close_on_exec = (flags & O_CLOEXEC) != 0,
                      .flags = (uint16_t)(flags & (O_ACCMODE | FD_FLAGS))};

    if ((flags & O_ACCMODE) == O_ACCMODE)
        return (int)octavo_result(-EINVAL);
    long result = open_name(directory, path, flags, flags & O_CREAT ? mode : 0, &file);
    return result < 0 ? (int)octavo_result(result) : fd_install(&file, 0);
}

int openat(int directory, const char *path, int flags, ...)
{
    va_list list;

    va_start(list, flags);
    mode_t mode = va_arg(list, mode_t); /* not used without O_CREAT */
    va_end(list);
    return open_at(directory, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list list;

    va_start(list, flags);
    mode_t mode = va_arg(list, mode_t);
    va_end(list);
    return open_at(AT_FDCWD, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
    return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
