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

/* flags: AT_SYMLINK_NOFOLLOW or none. */
static int set_name(int directory, const char *path, const struct fs_setattr *set, int flags)
{
    size_t length = strlen(path);
    struct fd device = {0};
    handle_t at;
    long result = flags & ~AT_SYMLINK_NOFOLLOW ? -EINVAL : fd_device_name(path, &device);

    if (result > 0)
        return (int)octavo_result(set->valid & FS_SET_SIZE ? -EINVAL : 0);
    if (result == 0)
        result = path_place(directory, path, &at);
    if (result < 0)
        return (int)octavo_result(result);
    char both[sizeof(*set) + length];
    memcpy(both, set, sizeof(*set));
    memcpy(both + sizeof(*set), path, length);
    struct message m = {.tag = PAGER_FILE_SETATTR, .w = {length, flags ? FS_AT_NOFOLLOW : 0}};
    ipc_attach_handle(&m, at);
    ipc_attach_in(&m, both, sizeof(both));
    return (int)octavo_result(path_send_pager(&m));
}

static int set_descriptor(int fd, const struct fs_setattr *set)
{
    return (int)octavo_result(FD_DO(fd, set, -EINVAL, set));
}

/* --- Size ------------------------------------------------------------------------------------ */

int truncate(const char *path, off_t length)
{
    struct fs_setattr set = {.valid = FS_SET_SIZE, .size = (uint64_t)length};

    return length < 0 ? (int)octavo_result(-EINVAL) : set_name(AT_FDCWD, path, &set, 0);
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

    return set_name(directory, path, &set, flags);
}

int chmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, 0); }

int fchmod(int fd, mode_t mode)
{
    return set_descriptor(fd, &(struct fs_setattr){.valid = FS_SET_MODE, .mode = mode & 07777});
}

mode_t umask(mode_t mask)
{
    mode_t old = octavo_umask;

    octavo_umask = mask & 0777;
    return old;
}

/* --- Owner ----------------------------------------------------------------------------------- */

static int owner_change(int found, const struct stat *status, uid_t owner, gid_t group)
{
    bool same = (owner == (uid_t)-1 || owner == status->st_uid) &&
                (group == (gid_t)-1 || group == status->st_gid);

    return found < 0 ? -1 : (int)octavo_result(same ? 0 : -EPERM);
}

int fchownat(int directory, const char *path, uid_t owner, gid_t group, int flags)
{
    struct stat status = {0};
    int found = fstatat(directory, path, &status, flags);

    return owner_change(found, &status, owner, group);
}

int fchown(int fd, uid_t owner, gid_t group)
{
    struct stat status = {0};
    int found = fstat(fd, &status);

    return owner_change(found, &status, owner, group);
}

int chown(const char *path, uid_t owner, gid_t group)
{
    return fchownat(AT_FDCWD, path, owner, group, 0);
}

int lchown(const char *path, uid_t owner, gid_t group)
{
    return fchownat(AT_FDCWD, path, owner, group, AT_SYMLINK_NOFOLLOW);
}

/* --- Times ----------------------------------------------------------------------------------- */

/* What FS_SET_* a time is: the moment itself, the present, or none. */
static uint32_t time_kind(const struct timespec *t, uint32_t set, uint32_t now)
{
    return t->tv_nsec == UTIME_NOW ? now : t->tv_nsec == UTIME_OMIT ? 0 : set;
}

/* Whether the times are none that there are. NULL: now, both. */
static bool times_wrong(struct fs_setattr *set, const struct timespec times[2])
{
    static const struct timespec now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    const struct timespec *t = times ? times : now;

    set->valid = time_kind(&t[0], FS_SET_ATIME, FS_SET_ATIME_NOW) |
                 time_kind(&t[1], FS_SET_MTIME, FS_SET_MTIME_NOW);
    set->atime = (uint64_t)t[0].tv_sec;
    set->mtime = (uint64_t)t[1].tv_sec;
    set->atime_ns = set->valid & FS_SET_ATIME ? (uint32_t)t[0].tv_nsec : 0;
    set->mtime_ns = set->valid & FS_SET_MTIME ? (uint32_t)t[1].tv_nsec : 0;
    return (set->valid & FS_SET_ATIME && (unsigned long)t[0].tv_nsec >= 1000000000) ||
           (set->valid & FS_SET_MTIME && (unsigned long)t[1].tv_nsec >= 1000000000);
}

int utimensat(int directory, const char *path, const struct timespec times[2], int flags)
{
    struct fs_setattr set = {0};

    if (times_wrong(&set, times))
        return (int)octavo_result(-EINVAL);
    return set_name(directory, path, &set, flags);
}

int futimens(int fd, const struct timespec times[2])
{
    struct fs_setattr set = {0};

    return times_wrong(&set, times) ? (int)octavo_result(-EINVAL) : set_descriptor(fd, &set);
}

/* The same with microseconds: to[2], or NULL for NULL. Wrong ones stay wrong. */
static const struct timespec *times_of(struct timespec to[2], const struct timeval from[2])
{
    for (int i = 0; from && i < 2; i++) {
        bool wrong = from[i].tv_usec < 0 || from[i].tv_usec >= 1000000;
        to[i].tv_sec = from[i].tv_sec;
        to[i].tv_nsec = wrong ? 1000000000 : from[i].tv_usec * 1000;
    }
    return from ? to : NULL;
}

int utimes(const char *path, const struct timeval times[2])
{
    return utimensat(AT_FDCWD, path, times_of((struct timespec[2]){{0}}, times), 0);
}

int lutimes(const char *path, const struct timeval times[2])
{
    return utimensat(AT_FDCWD, path, times_of((struct timespec[2]){{0}}, times),
                     AT_SYMLINK_NOFOLLOW);
}

int futimes(int fd, const struct timeval times[2])
{
    return futimens(fd, times_of((struct timespec[2]){{0}}, times));
}

int utime(const char *path, const struct utimbuf *times)
{
    struct timespec t[2] = {{.tv_sec = times ? times->actime : 0},
                            {.tv_sec = times ? times->modtime : 0}};

    return utimensat(AT_FDCWD, path, times ? t : NULL, 0);
}
