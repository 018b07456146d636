/* SPDX-License-Identifier: MIT
 *
 * Asking the pager above. See parent.h. */
#include "user/pager/beside/parent.h"
#include <errno.h>
#include <proto/pager.h>
#include <string.h>
#include "user/pager/calls/calls.h"
#include "user/pager/names/name.h"
#include "user/pager/names/work.h"

static handle_t parent_right = HANDLE_NONE;

bool parent_is_there(void)
{
    return parent_right != HANDLE_NONE;
}

/* --- in I/O threads --- */

static int parent_stat_id(uint64_t id, struct fs_stat *stat);

/* Asks for something that a right stands for: 0, and *id is the right; or a negative errno. */
static int ask_for_right(struct message *m, const struct host_path *path, uint64_t *id)
{
    ipc_accept(1);
    long result = path ? host_ask_path(parent_right, m, path) : host_ask(parent_right, m);
    ipc_accept(0);
    if (result >= 0 && MSG_HANDLES(m->tag) == 0)
        return -EIO;
    *id = result < 0 ? 0 : msg_page()->handle[0];
    return (int)result;
}

static int parent_open(const struct host_path *path, unsigned flags, unsigned mode, uint64_t *id,
                       struct fs_stat *stat)
{
    struct message m = {.tag = PAGER_OPEN, .w = {path->length, flags, mode}};

    int error = ask_for_right(&m, path, id);

    return !error && stat ? parent_stat_id(*id, stat) : error;
}

static long parent_read(uint64_t id, uint64_t offset, void *to, size_t length)
{
    struct message m = {.tag = PAGER_FILE_READ, .w = {length, offset, 0, length}};

    ipc_attach_handle(&m, (handle_t)id);
    ipc_attach_out(&m, to, length);
    long result = host_ask(parent_right, &m);
    return result < 0 ? result : (long)m.w[0];
}

static int file_of_right(uint64_t id, struct pager_file *file)
{
    struct message m = {.tag = PAGER_FILE_OF, .w = {0, 0, 0, sizeof(*file)}};

    ipc_attach_handle(&m, (handle_t)id);
    ipc_attach_out(&m, file, sizeof(*file));
    return (int)host_ask(parent_right, &m);
}

static int parent_stat_id(uint64_t id, struct fs_stat *stat)
{
    struct pager_file file;
    int error = file_of_right(id, &file);

    if (!error)
        *stat = file.stat;
    return error;
}

static int parent_stat(const struct host_path *path, unsigned flags, struct fs_stat *stat)
{
    struct message m = {.tag = PAGER_FILE_STAT, .w = {path->length, flags, 0, sizeof(*stat)}};

    ipc_attach_out(&m, stat, sizeof(*stat));
    return (int)host_ask_path(parent_right, &m, path);
}

static int parent_setattr(const struct host_path *path, const struct fs_setattr *request,
                          unsigned flags)
{
    struct message m = {.tag = PAGER_FILE_SETATTR, .w = {path->length, flags}};

    if (path->place != HANDLE_NONE)
        ipc_attach_handle(&m, path->place);
    ipc_attach_in(&m, request, sizeof(*request) + path->length);
    return (int)host_ask(parent_right, &m);
}

static int parent_unlink(const struct host_path *path)
{
    struct message m = {.tag = PAGER_UNLINK, .w = {path->length}};

    return (int)host_ask_path(parent_right, &m, path);
}

static int parent_rename(const struct host_path *from, const struct host_path *to)
{
    struct message m = {.tag = PAGER_RENAME, .w = {from->length, to->length}};

    ipc_attach_handle(&m, from->place);
    ipc_attach_handle(&m, to->place);
    ipc_attach_in(&m, from->bytes, from->length + to->length);
    return (int)host_ask(parent_right, &m);
}

static int parent_close(uint64_t id)
{
    return (int)sys_close(id);
}

static void parent_end(const struct file *file)
{
    sys_close(file->id[FILE_ID_READ]);
}

/* Each file that is kept is an open file above, and counts against the limit of one space there. */
static const struct backing parent_backing = {
    .read = parent_read, .stat = parent_stat_id, .end = parent_end, .unused_most = 32};

/* --- in main --- */

static void step_file(struct work *w)
{
    struct pager_file file;

    w->result = file_of_right(w->path[0].place, &file);
    w->stat[0] = file.stat;
    w->flags = file.flags;
    memcpy(w->in.bytes, file.name, sizeof(file.name));
}

static int parent_given(struct request *r, uint32_t *flags)
{
    if (!work_done(r, step_file))
        return REQUEST_WAITS;

    struct work *w = r->work;
    if (w->result < 0)
        return w->result;
    *flags = w->flags;
    struct file *file = file_get(&parent_backing, &w->stat[0], w->in.bytes,
                                 strnlen(w->in.bytes, sizeof(((struct pager_file *)0)->name)));
    if (!file)
        return -ENOMEM;
    if (!file_reader(file)) {
        file->id[FILE_ID_READ] = w->path[0].place;
        w->path[0].place = HANDLE_NONE;
    }
    r->object = &file->object;
    return 0;
}

/* The right that a step has asked for goes to the caller, or the error. */
static enum outcome give(struct request *r)
{
    struct work *w = r->work;

    if (w->result == 0)
        r->give = (handle_t)w->id;
    w->id = 0;
    return answer_errno(r, w->result);
}

static void step_open(struct work *w)
{
    w->result = parent_open(&w->path[0], w->flags, w->mode, &w->id, NULL);
}

static enum outcome parent_open_request(struct request *r)
{
    return work_done(r, step_open) ? give(r) : WAIT;
}

static void step_sync(struct work *w)
{
    struct message m = {.tag = PAGER_SYNC};

    w->result = (int)host_ask(parent_right, &m);
}

static enum outcome parent_sync_request(struct request *r)
{
    return work_done(r, step_sync) ? answer_errno(r, r->work->result) : WAIT;
}

static void step_create(struct work *w)
{
    struct message m = {.tag = PAGER_CREATE, .w = {PAGER_CREATE_ABOVE}};

    w->result = ask_for_right(&m, NULL, &w->id);
}

enum outcome parent_create(struct request *r)
{
    if (r->m.w[0] != PAGER_CREATE_ABOVE || !parent_is_there())
        return calls_create(r);
    return work_done(r, step_create) ? give(r) : WAIT;
}

static void step_swap(struct work *w)
{
    struct message m = {.tag = PAGER_SWAP_RANGE, .w = {w->began}};

    ipc_attach_handle(&m, w->path[0].place);
    w->result = ask_for_right(&m, NULL, &w->id);
    w->began = m.w[0];
}

enum outcome parent_swap_request(struct request *r)
{
    struct work *w = work_get(r);

    if (!w)
        return WAIT;
    if (!w->step) {
        w->began = r->m.w[0]; /* here: pages */
        return work_begin(r, step_swap, NULL);
    }
    r->answer.w[0] = w->began;
    return give(r);
}

void parent_setup(handle_t right)
{
    static const struct namer namer = {.backing = &parent_backing,
                                       .open = parent_open,
                                       .close = parent_close,
                                       .stat = parent_stat,
                                       .setattr = parent_setattr,
                                       .unlink = parent_unlink,
                                       .rename = parent_rename,
                                       .open_request = parent_open_request,
                                       .sync_request = parent_sync_request,
                                       .given = parent_given};

    parent_right = right;
    if (parent_is_there())
        name_files = &namer;
}
