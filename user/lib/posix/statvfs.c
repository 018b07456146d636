/* SPDX-License-Identifier: MIT
 *
 * statvfs and statfs: what the share's file system has left. */
#include <errno.h>
#include <fcntl.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/path.h"

#define V9FS_MAGIC 0x01021997 /* Linux, statfs(2) */

/* path NULL: of the descriptor, of whatever kind: there is one file system. */
static long statvfs_get(int number, const char *path, struct fs_statfs *record)
{
    struct message m = {.tag = FS_STATFS, .w = {0, 0, 0, sizeof(*record)}};
    handle_t at = octavo_place;
    long result = 0;

    if (path)
        result = path_place(AT_FDCWD, path, &at);
    else if (!fd_get(number))
        result = -EBADF;
    else if (at == HANDLE_NONE)
        result = -ENOSYS;
    if (result < 0)
        return result;
    ipc_attach_out(&m, record, sizeof(*record));
    return path ? path_ask(at, &m, path) : ipc_request(at, &m);
}

static int statvfs_fill(long result, const struct fs_statfs *from, struct statvfs *to)
{
    if (octavo_result(result) < 0)
        return -1;
    *to = (struct statvfs){
        .f_bsize = from->block_size,
        .f_frsize = from->block_size,
        .f_blocks = from->blocks,
        .f_bfree = from->free,
        .f_bavail = from->available,
        .f_files = from->files,
        .f_ffree = from->files_free,
        .f_favail = from->files_free,
        .f_fsid = from->id,
        .f_namemax = from->name_max,
    };
    return 0;
}

int statvfs(const char *restrict path, struct statvfs *restrict record)
{
    struct fs_statfs got = {0};
    long result = statvfs_get(-1, path, &got);

    return statvfs_fill(result, &got, record);
}

int fstatvfs(int fd, struct statvfs *record)
{
    struct fs_statfs got = {0};
    long result = statvfs_get(fd, NULL, &got);

    return statvfs_fill(result, &got, record);
}

static int statfs_fill(long result, const struct fs_statfs *from, struct statfs *to)
{
    if (octavo_result(result) < 0)
        return -1;
    *to = (struct statfs){
        .f_type = V9FS_MAGIC,
        .f_bsize = from->block_size,
        .f_blocks = from->blocks,
        .f_bfree = from->free,
        .f_bavail = from->available,
        .f_files = from->files,
        .f_ffree = from->files_free,
        .f_fsid = {{(int)from->id, (int)(from->id >> 32)}},
        .f_namelen = from->name_max,
        .f_frsize = from->block_size,
    };
    return 0;
}

int statfs(const char *path, struct statfs *record)
{
    struct fs_statfs got = {0};
    long result = statvfs_get(-1, path, &got);

    return statfs_fill(result, &got, record);
}

int fstatfs(int fd, struct statfs *record)
{
    struct fs_statfs got = {0};
    long result = statvfs_get(fd, NULL, &got);

    return statfs_fill(result, &got, record);
}
