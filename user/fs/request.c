/* SPDX-License-Identifier: MIT
 *
 * From a message to its one answer: the table of requests, buffers, and what happens when the caller
 * dies in between. */
#include "user/fs/request.h"
#include <errno.h>

#define RESTART_MAX 4096ul /* bytes that the kernel faults in at a time */

static const struct operation {
    int (*handle)(struct request *request);
    unsigned long buffers; /* MSG_IN, MSG_OUT that must come with it */
    unsigned handles;      /* that may come with it */
} operations[] = {
    [FS_PLACE] = {place_handle, MSG_IN, 1},
    [FS_OPEN] = {open_handle, MSG_IN, 1},
    [FS_CLOSE] = {close_handle, 0, 0},
    [FS_READ] = {read_handle, MSG_OUT, 0},
    [FS_WRITE] = {write_handle, MSG_IN, 0},
    [FS_STAT] = {stat_handle, MSG_OUT, 1},
    [FS_SETATTR] = {setattr_handle, MSG_IN, 1},
    [FS_READDIR] = {readdir_handle, MSG_OUT, 1},
    [FS_MKDIR] = {mkdir_handle, MSG_IN, 1},
    [FS_UNLINK] = {unlink_handle, MSG_IN, 1},
    [FS_RENAME] = {rename_handle, MSG_IN, 2},
    [FS_SYMLINK] = {symlink_handle, MSG_IN, 1},
    [FS_READLINK] = {readlink_handle, MSG_IN | MSG_OUT, 1},
    [FS_LINK] = {link_handle, MSG_IN, 2},
    [FS_STATFS] = {statfs_handle, MSG_OUT, 1},
    [FS_FSYNC] = {fsync_handle, 0, 0},
};

/* --- Buffers ------------------------------------------------------------------------------ */

int request_restart(struct request *request, unsigned long direction, size_t offset, size_t length)
{
    struct message m = {.tag = MSG_RESTART,
                        .w = {direction, offset, length < RESTART_MAX ? length : RESTART_MAX},
                        .token = request->token};
    long result = ipc_reply(&m);
    return result < 0 && result != -ESTALE ? (int)result : REQUEST_DONE;
}

static int request_copy(struct request *request, unsigned long direction, size_t offset, void *own,
                        size_t length)
{
    long done = sys_copy(request->token, direction, offset, (unsigned long)own, length);
    if (done < 0)
        return (int)done;
    if ((size_t)done == length)
        return 0;
    return request_restart(request, direction, offset + (size_t)done, length - (size_t)done);
}

int request_copy_in(struct request *request, size_t offset, void *to, size_t length)
{
    return request_copy(request, COPY_IN, offset, to, length);
}

int request_copy_out(struct request *request, size_t offset, const void *from, size_t length)
{
    return request_copy(request, COPY_OUT, offset, (void *)(uintptr_t)from, length);
}

int request_take_path(struct request *request, unsigned which, size_t offset, size_t length,
                      enum path_want want, struct path *path)
{
    struct path_buffer *buffer = &request->worker->path[which];

    if (length == 0)
        return -ENOENT;
    if (length > FS_PATH_MAX)
        return -ENAMETOOLONG;
    *path = (struct path){.start = request->at[which]->fid,
                          .start_inode = request->at[which]->inode,
                          .buffer = buffer,
                          .length = length,
                          .want = want};
    return request_copy_in(request, offset, buffer->bytes, length);
}

int request_resolve(struct request *request, enum path_want want, struct path *path)
{
    int result = request_take_path(request, 0, 0, request->w[0], want, path);
    return result == 0 ? path_resolve(request->p9, path) : result;
}

/* --- One request -------------------------------------------------------------------------- */

/* The places that came as handles. All of them are taken out of the message, whatever is wrong. */
static int take_places(struct request *request)
{
    int result = 0;

    request->at[0] = request->at[1] = NULL;
    for (unsigned i = 0; i < request->handles; i++) {
        handle_t foreign = msg_page()->handle[i];
        if (foreign != HANDLE_NONE)
            sys_close(foreign);
        else if (i < 2)
            request->at[i] = place_get(msg_page()->badge[i]);
        if (i >= 2 || !request->at[i])
            result = -EINVAL;
    }
    return result;
}

static int check(const struct request *request, unsigned long tag)
{
    unsigned long label = MSG_LABEL(tag);
    if (label >= sizeof operations / sizeof operations[0] || !operations[label].handle)
        return -ENOSYS;
    unsigned long buffers = operations[label].buffers;
    if ((tag & buffers) != buffers || request->handles > operations[label].handles)
        return -EINVAL;
    return 0;
}

static int work(struct request *request, unsigned long badge, unsigned long tag)
{
    int result = take_places(request);

    request->place = place_get(badge);
    if (!request->place)
        result = -EPERM;
    if (result == 0)
        result = check(request, tag);
    if (result == 0) {
        struct place *at[2] = {request->at[0], request->at[1]};
        for (unsigned i = 0; i < 2; i++)
            if (!request->at[i])
                request->at[i] = request->place;
        result = operations[MSG_LABEL(tag)].handle(request);
        request->at[0] = at[0];
        request->at[1] = at[1];
    }
    return result;
}

/* Answers. An answer with a handle may not fit into the caller's table; then it is that error. */
static void answer(struct request *request, int result)
{
    struct message m = {.tag = result < 0 ? (unsigned long)-result : 0, .token = request->token};

    for (unsigned i = 0; i < 4; i++)
        m.w[i] = result < 0 ? 0 : request->word[i];
    if (request->give != HANDLE_NONE)
        ipc_attach_handle(&m, request->give);
    long sent = ipc_reply(&m);
    if (sent < 0 && request->undo)
        file_close(request->p9, request->place, request->undo);
    if (sent < 0 && sent != -ESTALE) {
        m = (struct message){.tag = (unsigned long)-sent, .token = request->token};
        ipc_reply(&m);
    }
}

static void handle_call(struct worker *worker, const struct message *m)
{
    struct request request = {.worker = worker,
                              .p9 = worker->p9,
                              .handles = (unsigned)MSG_HANDLES(m->tag),
                              .token = m->token,
                              .w = {m->w[0], m->w[1], m->w[2], m->w[3]}};
    int result = work(&request, m->badge, m->tag);

    if (result != REQUEST_DONE)
        answer(&request, result);
    if (request.give != HANDLE_NONE)
        sys_close(request.give); /* if nobody got it, CLOSED will come */
    for (unsigned i = 0; i < 2; i++)
        if (request.at[i])
            place_put(worker->p9, request.at[i]);
    if (request.place)
        place_put(worker->p9, request.place);
}

_Noreturn void request_serve(struct worker *worker)
{
    struct message m;

    ipc_accept(2);
    for (;;) {
        if (ipc_recv(worker->port, DEADLINE_NEVER, &m) < 0)
            continue;
        switch (MSG_KIND(m.tag)) {
        case MSG_KIND_CALL:
            handle_call(worker, &m);
            break;
        case MSG_KIND_CLOSED:
            place_close(worker->p9, m.badge);
            break;
        case MSG_KIND_FAULT: /* someone made a task whose pager is a folder */
            m.tag = MSG_NO | VM_FAULT_MAPERR;
            ipc_reply(&m);
            break;
        case MSG_KIND_EXCEPTION:
            m.tag = 1;
            ipc_reply(&m);
            break;
        default:
            break;
        }
    }
}
