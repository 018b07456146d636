/* SPDX-License-Identifier: MIT
 *
 * Making, moving and removing names. The host does it and says what is wrong; here is decided only what
 * POSIX says of "." and ".." as a last name, and of slashes behind it, which the host never sees. */
#include "user/fs/dev.h"
#include "user/fs/fid.h"
#include "user/fs/request.h"
#include <errno.h>

/* What is at the name that the path ends with: its type into *type (QID_*), or an errno. */
static int look(struct p9 *p9, const struct path *path, uint8_t *type)
{
    struct wire_qid qid;
    uint32_t fid = fid_get();
    int result =
        fid == P9_NO_FID ? -ENFILE : p9_walk(p9, path->directory, fid, &path->name, 1, &qid);

    if (result < 0) {
        fid_put(fid);
        return result;
    }
    fid_put_clunk(p9, fid);
    *type = qid.type;
    return 0;
}

/* What changes /dev: itself, what is in it, what is not. 0: the path has nothing to do with it. */
static int refuse(const struct path *path, int itself, int there, int absent)
{
    struct wire_qid qid;
    uint32_t fid;

    if (!path->is_dev)
        return 0;
    if (!dev_has(path->directory))
        return itself;
    return dev_walk(path->directory, path->name, &fid, &qid) < 0 ? absent : there;
}

static int refuse_new(const struct path *path)
{
    return refuse(path, -EEXIST, -EEXIST, -EROFS);
}

/* Whether a new name that is not for a directory may be made there. always_look: the host will not be
 * asked. */
static int check_new(struct p9 *p9, const struct path *path, bool always_look)
{
    uint8_t type;

    if (path->last != PATH_NAME)
        return -EEXIST;
    if (path->is_dev)
        return refuse_new(path);
    if (!path->is_slashed && !always_look)
        return 0;
    int result = look(p9, path, &type);
    if (result == -ENOENT && !path->is_slashed)
        return 0;
    return result < 0 ? result : -EEXIST;
}

int mkdir_handle(struct server_request *request)
{
    struct path path;
    int result = request_resolve(request, PATH_PARENT, &path);

    if (result != 0)
        return result;
    if (path.last != PATH_NAME)
        result = -EEXIST;
    else
        result = refuse_new(&path);
    if (result == 0)
        result = p9_mkdir(worker_of(request)->p9, path.directory, path.name,
                          (uint32_t)request->w[1] & 07777);
    path_done(worker_of(request)->p9, &path);
    return result;
}

/* What cannot be removed, by its last name. */
static int check_unlink(struct p9 *p9, const struct path *path, bool is_directory)
{
    uint8_t type;

    switch (path->last) {
    case PATH_DOT:
        return is_directory ? -EINVAL : -EISDIR;
    case PATH_DOTDOT:
        return is_directory ? -ENOTEMPTY : -EISDIR;
    case PATH_SLASH:
        return is_directory ? -EBUSY : -EISDIR;
    default:
        break;
    }
    int result = refuse(path, is_directory ? -EBUSY : -EISDIR, -EROFS, -ENOENT);
    if (result < 0 || is_directory || !path->is_slashed)
        return result;
    result = look(p9, path, &type);
    if (result < 0)
        return result;
    return type & QID_DIRECTORY ? -EISDIR : -ENOTDIR;
}

int unlink_handle(struct server_request *request)
{
    bool is_directory = request->w[1] == FS_UNLINK_DIRECTORY;
    struct path path;

    if (request->w[1] > FS_UNLINK_DIRECTORY)
        return -EINVAL;
    int result = request_resolve(request, PATH_PARENT, &path);
    if (result != 0)
        return result;
    result = check_unlink(worker_of(request)->p9, &path, is_directory);
    if (result == 0)
        result = p9_unlink(worker_of(request)->p9, path.directory, path.name, is_directory);
    path_done(worker_of(request)->p9, &path);
    return result;
}

/* Takes two paths out of `in` and resolves them. 0: both are to be put. */
static int resolve_two(struct server_request *request, enum path_want want, struct path path[2])
{
    size_t first = request->w[0];

    if (request->handles == 1)
        return -EINVAL;
    int result = request_take_path(request, 0, 0, first, want, &path[0]);
    if (result == 0)
        result = request_take_path(request, 1, first, request->w[1], PATH_PARENT, &path[1]);
    if (result == 0)
        result = path_resolve(worker_of(request)->p9, &path[0]);
    if (result != 0)
        return result;
    result = path_resolve(worker_of(request)->p9, &path[1]);
    if (result < 0)
        path_done(worker_of(request)->p9, &path[0]);
    return result;
}

static int check_rename(struct p9 *p9, const struct path path[2])
{
    uint8_t type;

    if (path[0].last != PATH_NAME || path[1].last != PATH_NAME)
        return -EBUSY;
    int result = refuse(&path[0], -EBUSY, -EROFS, -ENOENT);
    if (result == 0)
        result = refuse(&path[1], -EBUSY, -EROFS, -EROFS);
    if (result < 0 || (!path[0].is_slashed && !path[1].is_slashed))
        return result;
    result = look(p9, &path[0], &type);
    if (result < 0)
        return result;
    return type & QID_DIRECTORY ? 0 : -ENOTDIR;
}

int rename_handle(struct server_request *request)
{
    struct path path[2];
    int result = resolve_two(request, PATH_PARENT, path);

    if (result != 0)
        return result;
    result = check_rename(worker_of(request)->p9, path);
    if (result == 0)
        result = p9_rename(worker_of(request)->p9, path[0].directory, path[0].name,
                           path[1].directory, path[1].name);
    path_done(worker_of(request)->p9, &path[0]);
    path_done(worker_of(request)->p9, &path[1]);
    return result;
}

int link_handle(struct server_request *request)
{
    struct path path[2];

    if (request->w[2] & ~(unsigned long)FS_AT_FOLLOW)
        return -EINVAL;
    int result =
        resolve_two(request, request->w[2] & FS_AT_FOLLOW ? PATH_FOLLOW : PATH_NOFOLLOW, path);
    if (result != 0)
        return result;
    bool is_directory = path[0].qid.type & QID_DIRECTORY;
    result = check_new(worker_of(request)->p9, &path[1], is_directory);
    if (result == 0 && is_directory)
        result = -EPERM;
    if (result == 0 && dev_has(path[0].fid))
        result = -EXDEV;
    if (result == 0)
        result = p9_link(worker_of(request)->p9, path[1].directory, path[1].name, path[0].fid);
    path_done(worker_of(request)->p9, &path[0]);
    path_done(worker_of(request)->p9, &path[1]);
    return result;
}

int symlink_handle(struct server_request *request)
{
    struct path_buffer *target = &worker_of(request)->path[1];
    size_t length = request->w[0];
    struct path path;

    if (length == 0)
        return -ENOENT;
    if (length > FS_PATH_MAX)
        return -ENAMETOOLONG;
    int result = server_copy_in(request, 0, target->bytes, length);
    if (result == 0)
        result = request_take_path(request, 0, length, request->w[1], PATH_PARENT, &path);
    for (size_t i = 0; result == 0 && i < length; i++)
        if (target->bytes[i] == '\0')
            result = -EINVAL;
    if (result == 0)
        result = path_resolve(worker_of(request)->p9, &path);
    if (result != 0)
        return result;
    result = check_new(worker_of(request)->p9, &path, false);
    if (result == 0)
        result = p9_symlink(worker_of(request)->p9, path.directory, path.name,
                            (struct wire_name){target->bytes, length});
    path_done(worker_of(request)->p9, &path);
    return result;
}

int readlink_handle(struct server_request *request)
{
    struct path path;
    struct wire_name target;
    int result = request_resolve(request, PATH_NOFOLLOW, &path);

    if (result != 0)
        return result;
    if (!(path.qid.type & QID_SYMLINK))
        result = -EINVAL;
    else
        result = p9_readlink(worker_of(request)->p9, path.fid, &target);
    if (result == 0) { /* before the next request to the host: it lies in the reply */
        request->word[0] = target.length < request->w[3] ? target.length : request->w[3];
        result = server_copy_out(request, 0, target.bytes, request->word[0]);
    }
    path_done(worker_of(request)->p9, &path);
    return result;
}
