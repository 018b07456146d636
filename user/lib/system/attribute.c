/* SPDX-License-Identifier: MIT
 *
 * Changing what files are: modes, times, sizes, owners; umask. Files belong to whom the host says
 * and nobody can give them away: chown is EPERM unless nothing would change. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/path.h"

static long set_name(int directory, const char *path, const struct fs_setattr *set, unsigned flags)
{
    size_t length = strlen(path);
    struct fd device = {0};
    handle_t at;

    if (fd_device_name(path, &device) > 0)
        return set->valid & FS_SET_SIZE ? -EINVAL : 0;
    long result = path_place(directory, path, &at);
    if (result < 0)
        return result;
    char both[sizeof(*set) + length];
    memcpy(both, set, sizeof(*set));
    memcpy(both + sizeof(*set), path, length);
    struct message m = {.tag = PAGER_FILE_SETATTR, .w = {length, flags}};
    ipc_attach_handle(&m, at);
    ipc_attach_in(&m, both, sizeof(both));
    return path_send_pager(&m);
}

static int set_descriptor(int number, const struct fs_setattr *set)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    return (int)octavo_result(fd_ops(fd)->set ? fd_ops(fd)->set(fd, set) : -EINVAL);
}

/* --- Size ------------------------------------------------------------------------------------ */

int truncate(const char *path, off_t length)
{
    struct fs_setattr set = {.valid = FS_SET_SIZE, .size = (uint64_t)length};

    return (int)octavo_result(length < 0 ? -EINVAL : set_name(AT_FDCWD, path, &set, 0));
}

int ftruncate(int fd, off_t length)
{
    struct fs_setattr set = {.valid = FS_SET_SIZE, .size = (uint64_t)length};

    return length < 0 ? (int)octavo_result(-EINVAL) : set_descriptor(fd, &set);
}

/* Gives the file at least that size; what lies between is a hole, since the host gives no promise. */
int posix_fallocate(int fd, off_t offset, off_t length)
{
    struct stat status;

    if (offset < 0 || length <= 0)
        return EINVAL;
    if (__builtin_add_overflow(offset, length, &length))
        return EFBIG;
    if (fstat(fd, &status) < 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return ENODEV;
    return status.st_size >= length || ftruncate(fd, length) == 0 ? 0 : errno;
}

int posix_fadvise(int fd, off_t offset, off_t length, int advice)
{
    (void)offset;
    if (length < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE)
        return EINVAL;
    return fd_get(fd) ? 0 : EBADF;
}

/* --- Mode ------------------------------------------------------------------------------------ */

int fchmodat(int directory, const char *path, mode_t mode, int flags)
{
    struct fs_setattr set = {.valid = FS_SET_MODE, .mode = mode & 07777};

    if (flags & ~AT_SYMLINK_NOFOLLOW)
        return (int)octavo_result(-EINVAL);
    return (int)octavo_result(
        set_name(directory, path, &set, flags & AT_SYMLINK_NOFOLLOW ? FS_AT_NOFOLLOW : 0));
}

int chmod(const char *path, mode_t mode)
{
    return fchmodat(AT_FDCWD, path, mode, 0);
}

int fchmod(int fd, mode_t mode)
{
    struct fs_setattr set = {.valid = FS_SET_MODE, .mode = mode & 07777};

    return set_descriptor(fd, &set);
}

mode_t umask(mode_t mask)
{
    mode_t old = octavo_umask;

    octavo_umask = mask & 0777;
    return old;
}

/* --- Owner ----------------------------------------------------------------------------------- */

static int owner_change(const struct stat *status, uid_t owner, gid_t group)
{
    if ((owner == (uid_t)-1 || owner == status->st_uid) &&
        (group == (gid_t)-1 || group == status->st_gid))
        return 0;
    return (int)octavo_result(-EPERM);
}

int fchownat(int directory, const char *path, uid_t owner, gid_t group, int flags)
{
    struct stat status;

    return fstatat(directory, path, &status, flags) < 0 ? -1 : owner_change(&status, owner, group);
}

int chown(const char *path, uid_t owner, gid_t group)
{
    return fchownat(AT_FDCWD, path, owner, group, 0);
}

int lchown(const char *path, uid_t owner, gid_t group)
{
    return fchownat(AT_FDCWD, path, owner, group, AT_SYMLINK_NOFOLLOW);
}

int fchown(int fd, uid_t owner, gid_t group)
{
    struct stat status;

    return fstat(fd, &status) < 0 ? -1 : owner_change(&status, owner, group);
}

/* --- Times ----------------------------------------------------------------------------------- */

static int time_wrong(long ns)
{
    return ns != UTIME_NOW && ns != UTIME_OMIT && (ns < 0 || ns >= 1000000000);
}

/* times NULL: now, both. 0, or -1 with EINVAL. */
static int set_times(struct fs_setattr *set, const struct timespec times[2])
{
    *set = (struct fs_setattr){.valid = FS_SET_ATIME_NOW | FS_SET_MTIME_NOW};
    if (!times)
        return 0;
    if (time_wrong(times[0].tv_nsec) || time_wrong(times[1].tv_nsec)) {
        errno = EINVAL;
        return -1;
    }
    set->valid = times[0].tv_nsec == UTIME_NOW    ? FS_SET_ATIME_NOW
                 : times[0].tv_nsec == UTIME_OMIT ? 0
                                                  : FS_SET_ATIME;
    set->valid |= times[1].tv_nsec == UTIME_NOW    ? FS_SET_MTIME_NOW
                  : times[1].tv_nsec == UTIME_OMIT ? 0
                                                   : FS_SET_MTIME;
    set->atime = (uint64_t)times[0].tv_sec;
    set->mtime = (uint64_t)times[1].tv_sec;
    set->atime_ns = set->valid & FS_SET_ATIME ? (uint32_t)times[0].tv_nsec : 0;
    set->mtime_ns = set->valid & FS_SET_MTIME ? (uint32_t)times[1].tv_nsec : 0;
    return 0;
}

int utimensat(int directory, const char *path, const struct timespec times[2], int flags)
{
    struct fs_setattr set;

    if (flags & ~AT_SYMLINK_NOFOLLOW)
        return (int)octavo_result(-EINVAL);
    if (set_times(&set, times) < 0)
        return -1;
    return (int)octavo_result(
        set_name(directory, path, &set, flags & AT_SYMLINK_NOFOLLOW ? FS_AT_NOFOLLOW : 0));
}

int futimens(int fd, const struct timespec times[2])
{
    struct fs_setattr set;

    return set_times(&set, times) < 0 ? -1 : set_descriptor(fd, &set);
}

/* The same with microseconds; *to is what they are in nanoseconds. 0, or -1 with EINVAL. */
static int times_of(struct timespec to[2], const struct timeval from[2])
{
    for (int i = 0; i < 2; i++) {
        if (from[i].tv_usec < 0 || from[i].tv_usec >= 1000000) {
            errno = EINVAL;
            return -1;
        }
        to[i] = (struct timespec){.tv_sec = from[i].tv_sec, .tv_nsec = from[i].tv_usec * 1000};
    }
    return 0;
}

int utimes(const char *path, const struct timeval times[2])
{
    struct timespec t[2];

    if (times && times_of(t, times) < 0)
        return -1;
    return utimensat(AT_FDCWD, path, times ? t : NULL, 0);
}

int lutimes(const char *path, const struct timeval times[2])
{
    struct timespec t[2];

    if (times && times_of(t, times) < 0)
        return -1;
    return utimensat(AT_FDCWD, path, times ? t : NULL, AT_SYMLINK_NOFOLLOW);
}

int futimes(int fd, const struct timeval times[2])
{
    struct timespec t[2];

    if (times && times_of(t, times) < 0)
        return -1;
    return futimens(fd, times ? t : NULL);
}

int utime(const char *path, const struct utimbuf *times)
{
    if (!times)
        return utimensat(AT_FDCWD, path, NULL, 0);
    struct timespec t[2] = {{.tv_sec = times->actime}, {.tv_sec = times->modtime}};
    return utimensat(AT_FDCWD, path, t, 0);
}
