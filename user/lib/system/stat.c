/* SPDX-License-Identifier: MIT
 *
 * What files are, by name: the stat family, and access. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/path.h"

#define STAT_TIME(of)                                        \
    {                                                        \
        .tv_sec = (time_t)from->of, .tv_nsec = from->of##_ns \
    }

/* fs's record as POSIX has it, if there is one. */
static long stat_convert(long result, const struct fs_stat *from, struct stat *to)
{
    if (result < 0)
        return result;
    *to = (struct stat){
        .st_dev = 1,
        .st_ino = from->inode,
        .st_mode = from->mode,
        .st_nlink = (nlink_t)(from->links < 0xffff ? from->links : 0xffff),
        .st_uid = from->uid,
        .st_gid = from->gid,
        .st_rdev = from->rdev,
        .st_size = (off_t)from->size,
        .st_atim = STAT_TIME(atime),
        .st_mtim = STAT_TIME(mtime),
        .st_ctim = STAT_TIME(ctime),
        .st_blksize = from->block_size,
        .st_blocks = (blkcnt_t)from->blocks,
    };
    return 0;
}

long fd_file_status(handle_t right, unsigned operation, struct stat *status)
{
    struct fs_stat record = {0};
    struct message m = {.tag = operation, .w = {0, 0, 0, sizeof(record)}};

    ipc_attach_out(&m, &record, sizeof(record));
    return stat_convert(ipc_request(right, &m), &record, status);
}

static int stat_at(int directory, const char *path, struct stat *status, int flags)
{
    struct fs_stat record = {0};
    struct fd device = {0};
    handle_t at;
    long result = fd_device_name(path, &device);

    if (result > 0) {
        memset(status, 0, sizeof(*status));
        return (int)octavo_result(fd_ops(&device)->status(&device, status));
    }
    result = path_place(directory, path, &at);
    if (result == 0)
        result = path_status(at, path, flags & AT_SYMLINK_NOFOLLOW ? FS_AT_NOFOLLOW : 0, &record);
    return (int)octavo_result(stat_convert(result, &record, status));
}

int fstatat(int directory, const char *restrict path, struct stat *restrict status, int flags)
{
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return (int)octavo_result(-EINVAL);
    if (!*path && (flags & AT_EMPTY_PATH))
        return directory == AT_FDCWD ? stat(".", status) : fstat(directory, status);
    return stat_at(directory, path, status, flags);
}

int stat(const char *restrict path, struct stat *restrict status)
{
    return stat_at(AT_FDCWD, path, status, 0);
}

int lstat(const char *restrict path, struct stat *restrict status)
{
    return stat_at(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

/* Whether the host lets us is known to the host alone, so a regular file is tried. Of the rest only the
 * mode can be looked at, as a superuser has it: reading and writing if anybody may. */
int faccessat(int directory, const char *path, int mode, int flags)
{
    struct stat status;

    if ((mode & ~(R_OK | W_OK | X_OK)) || (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW)))
        return (int)octavo_result(-EINVAL);
    if (fstatat(directory, path, &status, flags & AT_SYMLINK_NOFOLLOW) < 0)
        return -1;
    if (S_ISREG(status.st_mode) && mode & (R_OK | W_OK)) {
        int access = !(mode & W_OK) ? O_RDONLY : mode & R_OK ? O_RDWR : O_WRONLY;
        int fd = openat(directory, path, access | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0)
            return -1;
        close(fd);
    } else if (((mode & R_OK) && !(status.st_mode & 0444)) ||
               ((mode & W_OK) && !(status.st_mode & 0222))) {
        return (int)octavo_result(-EACCES);
    }
    return (int)octavo_result((mode & X_OK) && !(status.st_mode & 0111) ? -EACCES : 0);
}

int access(const char *path, int mode) { return faccessat(AT_FDCWD, path, mode, 0); }
