/* SPDX-License-Identifier: MIT
 *
 * What is asked about, and set of, a file by its id or its path. */
#include "user/fs/dev.h"
#include "user/fs/fid.h"
#include "user/fs/request.h"
#include <errno.h>

#define NS_PER_SECOND 1000000000u
#define SET_ALL \
    (FS_SET_MODE | FS_SET_SIZE | FS_SET_ATIME | FS_SET_MTIME | FS_SET_ATIME_NOW | FS_SET_MTIME_NOW)

/* What "id or path" means. */
struct target {
    struct path path;
    struct file *file;
    uint32_t fid;
};

/* w[0] length or 0, w[1] id. at: where the path is in `in`. 0: to be put; SERVER_ANSWERED; an errno. */
static int target_get(struct server_request *request, unsigned long flags, size_t at,
                      struct target *target)
{
    int result = 0;

    *target = (struct target){.file = NULL};
    if (flags & ~(unsigned long)FS_AT_NOFOLLOW)
        return -EINVAL;
    if (request->w[0]) {
        enum path_want want = flags & FS_AT_NOFOLLOW ? PATH_NOFOLLOW : PATH_FOLLOW;
        result = request_take_path(request, 0, at, request->w[0], want, &target->path);
        if (result == 0)
            result = path_resolve(worker_of(request)->p9, &target->path);
        target->fid = target->path.fid;
    } else if (request->w[1] == 0) {
        target->fid = worker_of(request)->at[0]->fid;
    } else {
        target->file = file_get(worker_of(request)->place, request->w[1]);
        if (!target->file)
            return -EBADF;
        target->fid = target->file->fid;
    }
    return result;
}

static void target_put(struct server_request *request, struct target *target)
{
    path_done(worker_of(request)->p9, &target->path);
    if (target->file)
        file_put(worker_of(request)->p9, target->file);
}

/* Copies the record out, at most w[3] bytes of it. */
static int give_record(struct server_request *request, const void *record, size_t size)
{
    size_t length = request->w[3] < size ? request->w[3] : size;
    request->word[0] = length;
    return server_copy_out(request, 0, record, length);
}

int stat_handle(struct server_request *request)
{
    struct target target;
    struct fs_stat stat;
    int result = target_get(request, request->w[2], 0, &target);

    if (result != 0)
        return result;
    result = node_getattr(worker_of(request)->p9, target.fid, &stat);
    target_put(request, &target);
    return result < 0 ? result : give_record(request, &stat, sizeof stat);
}

int statfs_handle(struct server_request *request)
{
    struct target target;
    struct fs_statfs statfs;
    int result = target_get(request, 0, 0, &target);

    if (result != 0)
        return result;
    result = node_statfs(worker_of(request)->p9, target.fid, &statfs);
    target_put(request, &target);
    return result < 0 ? result : give_record(request, &statfs, sizeof statfs);
}

static int check_setattr(const struct fs_setattr *set)
{
    const uint32_t both_a = FS_SET_ATIME | FS_SET_ATIME_NOW,
                   both_m = FS_SET_MTIME | FS_SET_MTIME_NOW;

    if (set->valid & ~(uint32_t)SET_ALL || (set->valid & both_a) == both_a ||
        (set->valid & both_m) == both_m || (set->valid & FS_SET_SIZE && set->size > INT64_MAX) ||
        (set->valid & FS_SET_ATIME && set->atime_ns >= NS_PER_SECOND) ||
        (set->valid & FS_SET_MTIME && set->mtime_ns >= NS_PER_SECOND) ||
        (set->valid & FS_SET_MODE && set->mode & ~07777u))
        return -EINVAL;
    return 0;
}

/* QEMU's server changes an open file by the name that it was opened by. What has that name now may be
 * another file, which must not suffer for it: -ENOENT. */
static int check_name(struct p9 *p9, const struct file *file)
{
    uint32_t fid = fid_get(); /* one that is not open is looked at by its name */
    struct fs_stat stat;

    if (fid == P9_NO_FID)
        return -ENFILE;
    int result = p9_walk(p9, file->fid, fid, NULL, 0, NULL);
    if (result < 0) {
        fid_put(fid);
        return result;
    }
    result = p9_getattr(p9, fid, &stat);
    if (result == 0 && stat.inode != file->qid.path)
        result = -ENOENT;
    fid_put_clunk(p9, fid);
    return result;
}

int setattr_handle(struct server_request *request)
{
    struct target target;
    struct fs_setattr set;
    int result = server_copy_in(request, 0, &set, sizeof set);

    if (result == 0)
        result = check_setattr(&set);
    if (result == 0)
        result = target_get(request, request->w[2], sizeof set, &target);
    if (result != 0)
        return result;
    if (set.valid & FS_SET_SIZE && target.file && target.file->access == FS_O_RDONLY)
        result = -EINVAL; /* ftruncate(3) */
    if (result == 0 && target.file && !dev_has(target.fid))
        result = check_name(worker_of(request)->p9, target.file);
    if (result == 0 && set.valid)
        result = node_setattr(worker_of(request)->p9, target.fid, &set);
    target_put(request, &target);
    return result;
}
