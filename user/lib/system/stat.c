/* SPDX-License-Identifier: MIT
 *
 * What files are, by name: the stat family, and access. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/path.h"

static struct timespec stat_time(uint64_t seconds, uint32_t ns)
{
    return (struct timespec){.tv_sec = (time_t)seconds, .tv_nsec = ns};
}

void stat_convert(const struct fs_stat *from, struct stat *to)
{
    *to = (struct stat){
        .st_dev = 1,
        .st_ino = from->inode,
        .st_mode = from->mode,
        .st_nlink = (nlink_t)(from->links < 0xffff ? from->links : 0xffff),
        .st_uid = from->uid,
        .st_gid = from->gid,
        .st_rdev = from->rdev,
        .st_size = (off_t)from->size,
        .st_atim = stat_time(from->atime, from->atime_ns),
        .st_mtim = stat_time(from->mtime, from->mtime_ns),
        .st_ctim = stat_time(from->ctime, from->ctime_ns),
        .st_blksize = from->block_size,
        .st_blocks = (blkcnt_t)from->blocks,
    };
}

static long stat_at(int directory, const char *path, struct stat *status, int flags)
{
    struct fs_stat record = {0};
    struct fd device = {0};
    handle_t at;
    long result = fd_device_name(path, &device);

    if (result > 0) {
        memset(status, 0, sizeof(*status));
        return fd_ops(&device)->status(&device, status);
    }
    result = path_place(directory, path, &at);
    if (result == 0)
        result = path_status(at, path, flags & AT_SYMLINK_NOFOLLOW ? FS_AT_NOFOLLOW : 0, &record);
    if (result == 0)
        stat_convert(&record, status);
    return result;
}

int fstatat(int directory, const char *restrict path, struct stat *restrict status, int flags)
{
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return (int)octavo_result(-EINVAL);
    if (!*path && (flags & AT_EMPTY_PATH))
        return directory == AT_FDCWD ? stat(".", status) : fstat(directory, status);
    return (int)octavo_result(stat_at(directory, path, status, flags));
}

int stat(const char *restrict path, struct stat *restrict status)
{
    return (int)octavo_result(stat_at(AT_FDCWD, path, status, 0));
}

int lstat(const char *restrict path, struct stat *restrict status)
{
    return (int)octavo_result(stat_at(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW));
}

/* Whether the host lets us is known to the host alone, so a regular file is tried. Of the rest only the
 * mode can be looked at, as a superuser has it: reading and writing if anybody may. */
static long access_try(int directory, const char *path, int flags)
{
    int fd = openat(directory, path, flags | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    close(fd);
    return 0;
}

int faccessat(int directory, const char *path, int mode, int flags)
{
    struct stat status;
    long result = 0;

    if ((mode & ~(R_OK | W_OK | X_OK)) || (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW)))
        return (int)octavo_result(-EINVAL);
    if (fstatat(directory, path, &status, flags & AT_SYMLINK_NOFOLLOW) < 0)
        return -1;
    if (S_ISREG(status.st_mode)) {
        if ((mode & (R_OK | W_OK)) == (R_OK | W_OK))
            result = access_try(directory, path, O_RDWR);
        else if (mode & (R_OK | W_OK))
            result = access_try(directory, path, mode & W_OK ? O_WRONLY : O_RDONLY);
    } else if (((mode & R_OK) && !(status.st_mode & 0444)) ||
               ((mode & W_OK) && !(status.st_mode & 0222))) {
        result = -EACCES;
    }
    if ((mode & X_OK) && !(status.st_mode & 0111))
        result = -EACCES;
    return (int)octavo_result(result);
}

int access(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, 0);
}
