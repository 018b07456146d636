/* SPDX-License-Identifier: MIT
 *
 * Names: links, removing, renaming, directories made and removed. unlink and rename go to the pager,
 * which keeps files that are open or cached; the rest to fs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/path.h"

static int name_request(int directory, const char *path, enum fs_operation operation,
                        unsigned long argument)
{
    struct message m = {.tag = operation, .w = {0, argument}};
    handle_t at;
    long result = path_place(directory, path, &at);

    return (int)octavo_result(result < 0 ? result : path_ask(at, &m, path));
}

int mkdirat(int directory, const char *path, mode_t mode)
{
    return name_request(directory, path, FS_MKDIR, mode & 07777 & ~octavo_umask);
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

int unlinkat(int directory, const char *path, int flags)
{
    struct message m = {.tag = PAGER_UNLINK};
    handle_t at;

    if (flags & ~AT_REMOVEDIR)
        return (int)octavo_result(-EINVAL);
    if (flags & AT_REMOVEDIR)
        return name_request(directory, path, FS_UNLINK, FS_UNLINK_DIRECTORY);
    long result = path_place(directory, path, &at);
    return (int)octavo_result(result < 0 ? result : path_ask_pager(at, &m, path));
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
    if (unlink(path) == 0)
        return 0;
    return errno == EISDIR ? rmdir(path) : -1;
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    struct message m = {.tag = PAGER_RENAME};

    return (int)octavo_result(path_ask_two(&m, &(struct path_end){from_directory, from},
                                           &(struct path_end){to_directory, to}));
}

int rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int linkat(int from_directory, const char *from, int to_directory, const char *to, int flags)
{
    struct message m = {.tag = FS_LINK, .w = {0, 0, flags & AT_SYMLINK_FOLLOW ? FS_AT_FOLLOW : 0}};

    if (flags & ~AT_SYMLINK_FOLLOW)
        return (int)octavo_result(-EINVAL);
    return (int)octavo_result(path_ask_two(&m, &(struct path_end){from_directory, from},
                                           &(struct path_end){to_directory, to}));
}

int link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int symlinkat(const char *text, int directory, const char *path)
{
    struct message m = {.tag = FS_SYMLINK};

    return (int)octavo_result(
        path_ask_two(&m, &(struct path_end){AT_FDCWD, text}, &(struct path_end){directory, path}));
}

int symlink(const char *text, const char *path)
{
    return symlinkat(text, AT_FDCWD, path);
}

ssize_t readlinkat(int directory, const char *restrict path, char *restrict buffer, size_t length)
{
    struct message m = {.tag = FS_READLINK, .w = {0, 0, 0, length}};
    struct fd device = {0};
    handle_t at;

    if (length == 0 || fd_device_name(path, &device) > 0)
        return octavo_result(-EINVAL);
    long result = path_place(directory, path, &at);
    ipc_attach_out(&m, buffer, length);
    if (result == 0)
        result = path_ask(at, &m, path);
    return octavo_result(result < 0 ? result : (long)m.w[0]);
}

ssize_t readlink(const char *restrict path, char *restrict buffer, size_t length)
{
    return readlinkat(AT_FDCWD, path, buffer, length);
}

/* There are no files of other kinds to make. */
int mknodat(int directory, const char *path, mode_t mode, dev_t device)
{
    (void)device;
    if ((mode & S_IFMT) != S_IFREG && (mode & S_IFMT) != 0)
        return (int)octavo_result(-EPERM);
    int fd = openat(directory, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    return fd < 0 ? -1 : close(fd);
}

int mknod(const char *path, mode_t mode, dev_t device)
{
    return mknodat(AT_FDCWD, path, mode, device);
}

void sync(void)
{
    struct message m = {.tag = PAGER_SYNC};

    ipc_request(HANDLE_PAGER, &m);
}
