/* SPDX-License-Identifier: MIT
 *
 * Names: links, removing, renaming, directories made and removed. unlink and rename go to the pager,
 * which keeps files that are open or cached; the rest to fs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/path.h"

int mkdirat(int directory, const char *path, mode_t mode)
{
    struct message m = {.tag = FS_MKDIR, .w = {0, mode & 07777 & ~octavo_umask}};

    return (int)octavo_result(path_ask_at(directory, &m, path));
}

int unlinkat(int directory, const char *path, int flags)
{
    struct message m = {.tag = PAGER_UNLINK};
    handle_t at;

    if (flags & ~AT_REMOVEDIR)
        return (int)octavo_result(-EINVAL);
    if (flags & AT_REMOVEDIR) {
        m = (struct message){.tag = FS_UNLINK, .w = {0, FS_UNLINK_DIRECTORY}};
        return (int)octavo_result(path_ask_at(directory, &m, path));
    }
    long result = path_place(directory, path, &at);
    return (int)octavo_result(result < 0 ? result : path_ask_pager(at, &m, path));
}

int remove(const char *path)
{
    int result = unlink(path);

    return result < 0 && errno == EISDIR ? rmdir(path) : result;
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    struct message m = {.tag = PAGER_RENAME};

    return (int)octavo_result(path_ask_two(&m, from_directory, from, to_directory, to));
}

int linkat(int from_directory, const char *from, int to_directory, const char *to, int flags)
{
    struct message m = {.tag = FS_LINK, .w = {0, 0, flags & AT_SYMLINK_FOLLOW ? FS_AT_FOLLOW : 0}};

    if (flags & ~AT_SYMLINK_FOLLOW)
        return (int)octavo_result(-EINVAL);
    return (int)octavo_result(path_ask_two(&m, from_directory, from, to_directory, to));
}

int symlinkat(const char *text, int directory, const char *path)
{
    struct message m = {.tag = FS_SYMLINK};

    return (int)octavo_result(path_ask_two(&m, AT_FDCWD, text, directory, path));
}

ssize_t readlinkat(int directory, const char *restrict path, char *restrict buffer, size_t length)
{
    struct message m = {.tag = FS_READLINK, .w = {0, 0, 0, length}};
    struct fd device = {0};

    if (length == 0 || fd_device_name(path, &device) > 0)
        return octavo_result(-EINVAL);
    ipc_attach_out(&m, buffer, length);
    long result = path_ask_at(directory, &m, path);
    return octavo_result(result < 0 ? result : (long)m.w[0]);
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

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }
int symlink(const char *text, const char *path) { return symlinkat(text, AT_FDCWD, path); }
int mknod(const char *path, mode_t mode, dev_t n) { return mknodat(AT_FDCWD, path, mode, n); }

ssize_t readlink(const char *restrict path, char *restrict buffer, size_t length)
{
    return readlinkat(AT_FDCWD, path, buffer, length);
}

void sync(void) { ipc_request(HANDLE_PAGER, &(struct message){.tag = PAGER_SYNC}); }
