/* SPDX-License-Identifier: MIT
 *
 * What fs does with a message: the table of requests, the places that its rights stand for, paths, and what
 * happens when the caller dies in between. */
#include "user/fs/request.h"
#include <errno.h>

/* --- Paths -------------------------------------------------------------------------------- */

int request_take_path(struct server_request *request, unsigned which, size_t offset, size_t length,
                      enum path_want want, struct path *path)
{
    struct path_buffer *buffer = &worker_of(request)->path[which];

    if (length == 0)
        return -ENOENT;
    if (length > FS_PATH_MAX)
        return -ENAMETOOLONG;
    *path = (struct path){.start = worker_of(request)->at[which]->fid,
                          .start_inode = worker_of(request)->at[which]->inode,
                          .buffer = buffer,
                          .length = length,
                          .want = want};
    return server_copy_in(request, offset, buffer->bytes, length);
}

int request_resolve(struct server_request *request, enum path_want want, struct path *path)
{
    int result = request_take_path(request, 0, 0, request->w[0], want, path);
    return result == 0 ? path_resolve(worker_of(request)->p9, path) : result;
}

/* --- The places of a request -------------------------------------------------------------- */

/* Handles that came: each is a place of this server, or of no use. */
static int take_places(struct server_request *request, struct worker *worker)
{
    int result = 0;

    for (unsigned i = 0; i < request->handles; i++) {
        if (request->handle[i] == HANDLE_NONE && i < 2)
            worker->came[i] = place_get(request->handle_badge[i]);
        if (i >= 2 || !worker->came[i])
            result = -EINVAL;
    }
    return result;
}

static int admit(struct server_request *request, unsigned who)
{
    struct worker *worker = worker_of(request);

    (void)who;
    worker->came[0] = worker->came[1] = NULL;
    worker->undo = 0;
    worker->place = place_get(request->badge);
    int result = take_places(request, worker);
    for (unsigned i = 0; i < 2; i++)
        worker->at[i] = worker->came[i] ? worker->came[i] : worker->place;
    request->client = worker; /* leave() has something to do */
    return worker->place ? result : -EPERM;
}

static void leave(struct server_request *request)
{
    struct worker *worker = request->client;

    if (!worker)
        return;
    for (unsigned i = 0; i < 2; i++)
        if (worker->came[i])
            place_put(worker->p9, worker->came[i]);
    if (worker->place)
        place_put(worker->p9, worker->place);
}

static void lost(struct server_request *request)
{
    struct worker *worker = worker_of(request);

    if (worker->undo)
        file_close(worker->p9, worker->place, worker->undo);
}

static void closed(void *context, unsigned long badge)
{
    place_close(((struct worker *)context)->p9, badge);
}

/* --- The server --------------------------------------------------------------------------- */

static const struct server_operation operations[] = {
    [FS_PLACE] = {place_handle, MSG_IN, 0, 1, 0},
    [FS_OPEN] = {open_handle, MSG_IN, 0, 1, 0},
    [FS_CLOSE] = {close_handle, 0, 0, 0, 0},
    [FS_READ] = {read_handle, MSG_OUT, 0, 0, 0},
    [FS_WRITE] = {write_handle, MSG_IN, 0, 0, 0},
    [FS_STAT] = {stat_handle, MSG_OUT, 0, 1, 0},
    [FS_SETATTR] = {setattr_handle, MSG_IN, 0, 1, 0},
    [FS_READDIR] = {readdir_handle, MSG_OUT, 0, 1, 0},
    [FS_MKDIR] = {mkdir_handle, MSG_IN, 0, 1, 0},
    [FS_UNLINK] = {unlink_handle, MSG_IN, 0, 1, 0},
    [FS_RENAME] = {rename_handle, MSG_IN, 0, 2, 0},
    [FS_SYMLINK] = {symlink_handle, MSG_IN, 0, 1, 0},
    [FS_READLINK] = {readlink_handle, MSG_IN | MSG_OUT, 0, 1, 0},
    [FS_LINK] = {link_handle, MSG_IN, 0, 2, 0},
    [FS_STATFS] = {statfs_handle, MSG_OUT, 0, 1, 0},
    [FS_FSYNC] = {fsync_handle, 0, 0, 0, 0},
};

const struct server fs_server = {.operations = operations,
                                 .count = sizeof(operations) / sizeof(operations[0]),
                                 .admit = admit,
                                 .leave = leave,
                                 .lost = lost,
                                 .closed = closed};
