/* SPDX-License-Identifier: MIT
 *
 * Files by name: open, stat, attributes, unlink, rename. The host is asked what a name means each time, so
 * what it changed is seen at the next open; whether a file is cached is known by its inode. See name.h. */
#include "user/pager/names/name.h"
#include <errno.h>
#include <proto/pager.h>
#include <string.h>
#include <sys/stat.h>
#include "user/pager/cache/write_back.h"
#include "user/pager/names/description.h"
#include "user/pager/names/work.h"
#include "user/pager/vm/space.h"
#include "user/pager/wait/request.h"

static const struct namer name_host = {.backing = &host_backing,
                                       .open = host_open,
                                       .close = host_close,
                                       .stat = host_stat,
                                       .setattr = host_setattr,
                                       .unlink = host_unlink,
                                       .rename = host_rename};
const struct namer *name_files = &name_host;

static struct {
    const char *prefix;
    const struct namer *namer; /* NULL: there are none */
} made;

#define TRIES_MAX 4u /* looks at a file that is being changed from here all the time */

#define OPEN_TO_FS (FS_O_ACCESS | FS_O_CREATE | FS_O_EXCLUSIVE | FS_O_NOFOLLOW)
#define OPEN_FLAGS (OPEN_TO_FS | FS_O_TRUNCATE | FILE_O_APPEND | FILE_O_NONBLOCK)

void name_made(const char *prefix, const struct namer *namer)
{
    made.prefix = prefix;
    made.namer = namer;
}

/* Who knows what the path leads to. */
static const struct namer *namer_of(const struct host_path *path)
{
    size_t length = made.namer ? strlen(made.prefix) : 0;

    return length && path->length > length && memcmp(path->bytes, made.prefix, length) == 0
               ? made.namer
               : name_files;
}

/* Copies paths from the caller's `in`, from `offset` on, to the work. 0, an errno, or 1: restart. */
static int take_paths(struct request *r, unsigned count, uint64_t offset)
{
    struct work *w = r->work;
    uint64_t length = 0;

    for (unsigned i = 0; i < count; i++) {
        w->path[i].bytes = w->in.bytes + length;
        w->path[i].length = r->m.w[i];
        if (r->m.w[i] == 0)
            return -ENOENT;
        if (r->m.w[i] > FS_PATH_MAX)
            return -ENAMETOOLONG;
        if (w->path[i].place == HANDLE_NONE) /* nothing came, or a right of our own */
            return -EBADF;
        length += r->m.w[i];
    }
    return request_copy(r, COPY_IN, offset, w->in.bytes, length);
}

/* The first run of a request with `count` paths, from `offset` of its `in` on: its work, with paths and places.
 * NULL: *outcome says what to return. */
static struct work *name_begin(struct request *r, unsigned count, uint64_t offset,
                               enum outcome *outcome)
{
    struct work *w = work_get(r);
    int error;

    *outcome = WAIT;
    if (!w)
        return NULL;
    error = take_paths(r, count, offset);
    if (!error)
        return w;
    *outcome = error > 0 ? DONE : answer_errno(r, error);
    return NULL;
}

/* --- open --- */

static void step_look(struct work *w)
{
    work_close_old(w);
    w->result =
        name_files->stat(&w->path[0], w->flags & FS_O_NOFOLLOW ? FS_AT_NOFOLLOW : 0, &w->stat[0]);
}

static void step_open(struct work *w)
{
    work_close_old(w);
    w->result = name_files->open(&w->path[0], w->flags & OPEN_TO_FS, w->mode, &w->id, &w->stat[0]);
}

static int check_type(uint32_t mode)
{
    if (S_ISDIR(mode))
        return -EISDIR;
    if (S_ISLNK(mode))
        return -ELOOP;
    return S_ISREG(mode) ? 0 : -ENXIO;
}

/* The file that w->stat[0] describes, if it is known and unchanged; NULL otherwise. *wait: a change is under
 * way, or was while we looked, so look again. */
static struct file *find_same(struct request *r, bool *wait)
{
    struct work *w = r->work;
    struct file *file = file_find(name_files->backing, w->stat[0].inode);

    *wait = false;
    if (!file)
        return NULL;
    if (file->changing) {
        request_wait(r, file);
        *wait = true;
        return NULL;
    }
    if (file_is_same(file, &w->stat[0])) {
        file_seen(file, &w->stat[0], w->began);
        return file;
    }
    if (file->changed <= w->began)
        return NULL;
    if (++w->tries >= TRIES_MAX)
        return file; /* changes from here explain it */
    r->waits_for = NULL;
    *wait = true;
    return NULL;
}

/* The id that was opened becomes the file's, if it has none; else it is closed when the work ends. */
static void give_id(struct work *w, struct file *file)
{
    unsigned which = (w->flags & FS_O_ACCESS) == FS_O_RDONLY ? FILE_ID_READ : FILE_ID_WRITE;

    if (w->id && !file->id[which]) {
        file->id[which] = w->id;
        w->id = 0;
    }
    w->old = w->id;
    w->id = 0;
}

static int look_again(struct request *r, void (*step)(struct work *w))
{
    r->work->began = file_changes;
    work_begin(r, step, NULL);
    return REQUEST_WAITS;
}

/* w->flags: with RDWR for whoever writes, since a part of a page is written by reading the rest. */
int name_look_up(struct request *r)
{
    struct work *w = r->work;
    bool wait, writes = (w->flags & FS_O_ACCESS) != FS_O_RDONLY;
    struct file *file;
    int error;

    if (!w->step)
        return look_again(r, w->flags & FS_O_CREATE ? step_open : step_look);
    if (w->result < 0)
        return w->result;
    error = check_type(w->stat[0].mode);
    if (error)
        return error;
    file = find_same(r, &wait);
    if (wait) {
        if (r->waits_for) { /* when the change is over: from the start */
            w->step = NULL;
            w->old = w->id;
            w->id = 0;
            w->flags &= ~FS_O_EXCLUSIVE; /* it was ours if it got here */
            return REQUEST_WAITS;
        }
        return look_again(r, step_look);
    }
    if (w->id == 0 && (!file || (writes ? !file->id[FILE_ID_WRITE] : !file_reader(file))))
        return look_again(r, step_open);
    if (!file) {
        file = file_create(name_files->backing, &w->stat[0], w->path[0].bytes, w->path[0].length);
        if (!file)
            return -ENOMEM;
    } else {
        file_ref(file);
    }
    give_id(w, file);
    r->object = &file->object;
    return 0;
}

static void step_truncate(struct work *w)
{
    uint64_t id = w->file->id[FILE_ID_WRITE];

    w->in.set = (struct fs_setattr){.valid = FS_SET_SIZE, .size = 0};
    w->result = w->file->backing->setattr(id, &w->in.set);
    w->known[0] = w->file->backing->stat(id, &w->stat[0]) == 0;
    if (w->result == -ENOENT) { /* another of its names, by which it was opened, is gone */
        w->result = name_files->setattr(&w->path[0], &w->in.set, 0);
        w->known[0] = name_files->stat(&w->path[0], 0, &w->stat[0]) == 0;
    }
}

/* a2 bytes of the path, a3 flags, a4 mode; handle 0: the place. */
enum outcome name_open(struct request *r)
{
    struct work *w = r->work;
    uint64_t flags = r->m.w[1];
    enum outcome outcome;
    int error;

    if (!w) {
        error = name_files->open_request ? 0 : description_check(r->space, &description_file);
        if (flags & ~(uint64_t)(OPEN_FLAGS | FS_O_DIRECTORY) ||
            (flags & FS_O_ACCESS) == FS_O_ACCESS)
            error = -EINVAL;
        if (flags & FS_O_DIRECTORY && !error)
            error = -EISDIR; /* at fs, which knows what is one */
        if (error)
            return answer_errno(r, error);
        w = name_begin(r, 1, 0, &outcome);
        if (!w)
            return outcome;
        w->flags = (unsigned)flags;
        w->mode = (unsigned)r->m.w[2] & 07777;
    }
    const struct namer *namer = namer_of(&w->path[0]);
    if (namer->open_request)
        return namer->open_request(r);
    if (!w->step && (flags & FS_O_TRUNCATE || (flags & FS_O_ACCESS) != FS_O_RDONLY))
        w->flags = (w->flags & ~FS_O_ACCESS) | FS_O_RDWR;
    if (!r->object) {
        error = name_look_up(r);
        if (error)
            return error > 0 ? WAIT : answer_errno(r, error);
    }
    struct file *file = file_of(r->object);
    if (w->step == step_truncate && w->result < 0)
        return answer_errno(r, w->result);
    if (flags & FS_O_TRUNCATE && file->size > 0 && w->step != step_truncate) {
        if (file->changing)
            return request_wait(r, file);
        w->in.set = (struct fs_setattr){.valid = FS_SET_SIZE, .size = 0};
        return description_set_attributes(r, file, step_truncate);
    }
    error = description_create(r->space, r->object, &description_file,
                               (uint32_t)flags & (FS_O_ACCESS | FILE_O_APPEND | FILE_O_NONBLOCK),
                               &r->give);
    return answer_errno(r, error);
}

/* --- attributes --- */

static void step_stat(struct work *w)
{
    w->result = name_files->stat(&w->path[0], w->flags, &w->stat[0]);
}

/* a3 FS_AT_*, which fs checks; what it would not be told of is wrong in any case. */
static bool at_flags(struct request *r)
{
    r->work->flags = (unsigned)r->m.w[1];
    return r->work->flags == r->m.w[1];
}

/* The record, corrected by what is known of a file that is being written. */
static void correct(struct fs_stat *stat)
{
    struct file *file = file_find(name_files->backing, stat->inode);
    uint64_t links = stat->links; /* the host knows better */

    if (file && (file->mtime || file->size != file->host.size))
        file_stat(file, stat);
    stat->links = links;
}

/* a2 bytes of the path, a3 FS_AT_*, a5 bytes of `out` */
enum outcome name_stat(struct request *r)
{
    struct work *w = r->work;
    enum outcome outcome;

    if (!w || !w->step) {
        w = name_begin(r, 1, 0, &outcome);
        if (!w)
            return outcome;
        if (!at_flags(r))
            return answer_errno(r, -EINVAL);
        const struct namer *namer = namer_of(&w->path[0]);
        if (namer->stat_request)
            return namer->stat_request(r);
        return work_begin(r, step_stat, NULL);
    }
    if (w->result < 0)
        return answer_errno(r, w->result);
    correct(&w->stat[0]);
    return request_answer(r, &w->stat[0], sizeof(w->stat[0]));
}

static void step_setattr(struct work *w)
{
    w->result = name_files->setattr(&w->path[0], &w->in.set, w->flags);
    w->known[0] = name_files->stat(&w->path[0], w->flags, &w->stat[0]) == 0;
}

/* `in`: struct fs_setattr, path; a2 bytes of the path, a3 FS_AT_* */
enum outcome name_setattr(struct request *r)
{
    struct work *w = r->work;
    enum outcome outcome;
    struct file *file;

    if (!w || !w->step) {
        w = name_begin(r, 1, sizeof(w->in.set), &outcome);
        if (!w)
            return outcome;
        int error = request_copy(r, COPY_IN, 0, &w->in.set, sizeof(w->in.set));
        if (!error)
            error = description_check_set(&w->in.set);
        if (error)
            return error > 0 ? DONE : answer_errno(r, error);
        if (!at_flags(r))
            return answer_errno(r, -EINVAL);
        return work_begin(r, step_stat, NULL);
    }
    if (w->result < 0 || w->step == step_setattr)
        return answer_errno(r, w->result);
    file = S_ISREG(w->stat[0].mode) ? file_find(name_files->backing, w->stat[0].inode) : NULL;
    if (file && file->backing->setattr)
        return description_set_attributes(r, file, step_setattr);
    return work_begin(r, step_setattr, NULL);
}

/* --- names that go --- */

/* The name of path `which` is about to go. Whoever uses the file keeps it, under a hidden name. */
static void name_goes(struct work *w, unsigned which)
{
    struct file *file = file_find(name_files->backing, w->stat[which].inode);

    if (!file)
        return;
    if (w->stat[which].links > 1)
        file_change_unseen(file); /* from now on, and once more when it is done */
    else if (!file->unused && file->backing->setattr) /* else the pager above hides it */
        w->hidden = file_hidden_number();
}

/* It has gone, if all went well. With its last name nobody finds the file any more. */
static void name_gone(struct work *w, unsigned which, bool last)
{
    struct file *file = w->result == 0 && w->known[which]
                            ? file_find(name_files->backing, w->stat[which].inode)
                            : NULL;

    if (file && last && w->stat[which].links <= 1) {
        if (w->hidden)
            file->hidden = w->hidden;
        file_forget(file);
    } else if (file) {
        file_change_unseen(file);
    }
    w->hidden = 0;
}

/* Renames path `which` to a hidden name, or back. */
static int hide(struct work *w, unsigned which, bool back)
{
    char bytes[FS_PATH_MAX + FILE_HIDDEN_MAX];
    const struct host_path *path = &w->path[which];
    size_t name = file_hidden_name(w->hidden, bytes + (back ? 0 : path->length));

    memcpy(bytes + (back ? name : 0), path->bytes, path->length);
    struct host_path visible = {path->place, bytes + (back ? name : 0), path->length};
    struct host_path hidden = {path->place, bytes + (back ? 0 : path->length), name};
    return back ? name_files->rename(&hidden, &visible) : name_files->rename(&visible, &hidden);
}

static void step_unlink(struct work *w)
{
    w->result = w->hidden ? hide(w, 0, false) : name_files->unlink(&w->path[0]);
}

static void apply_unlink(struct work *w)
{
    name_gone(w, 0, true);
}

/* a2 bytes of the path */
enum outcome name_unlink(struct request *r)
{
    struct work *w = r->work;
    enum outcome outcome;

    if (!w || !w->step) {
        w = name_begin(r, 1, 0, &outcome);
        if (!w)
            return outcome;
        w->flags = FS_AT_NOFOLLOW;
        return work_begin(r, step_stat, NULL);
    }
    if (w->step == step_unlink)
        return answer_errno(r, w->result);
    if (w->result == 0 && S_ISDIR(w->stat[0].mode))
        return answer_errno(r, -EISDIR);
    w->known[0] = w->result == 0;
    if (w->known[0])
        name_goes(w, 0);
    return work_begin(r, step_unlink, apply_unlink);
}

static void step_stat_both(struct work *w)
{
    w->result = name_files->stat(&w->path[0], FS_AT_NOFOLLOW, &w->stat[0]);
    w->known[1] = name_files->stat(&w->path[1], FS_AT_NOFOLLOW, &w->stat[1]) == 0;
}

/* What is in the way and in use steps aside first, and back if the renaming fails. */
static void step_rename(struct work *w)
{
    w->result = w->hidden ? hide(w, 1, false) : 0;
    if (w->result < 0)
        return;
    w->result = name_files->rename(&w->path[0], &w->path[1]);
    if (w->result < 0 && w->hidden)
        hide(w, 1, true);
    w->known[0] = name_files->stat(&w->path[1], FS_AT_NOFOLLOW, &w->stat[0]) == 0;
}

static void apply_rename(struct work *w)
{
    name_gone(w, 1, w->stat[1].inode != w->stat[0].inode);
    work_changed(w, w->known[0] && w->result == 0 ? &w->stat[0] : NULL);
}

/* a2, a3: bytes of the two paths; handles 0 and 1: their places */
enum outcome name_rename(struct request *r)
{
    struct work *w = r->work;
    enum outcome outcome;
    struct file *file;

    if (!w || !w->step) {
        w = name_begin(r, 2, 0, &outcome);
        if (!w)
            return outcome;
        return work_begin(r, step_stat_both, NULL);
    }
    if (w->step == step_rename)
        return answer_errno(r, w->result);
    /* What cannot be renamed is asked for all the same: which error it is, fs knows best. */
    w->known[0] = w->result == 0;
    file = w->known[0] ? file_find(name_files->backing, w->stat[0].inode) : NULL;
    if (file && file->changing)
        return request_wait(r, file);
    if (w->known[0] && w->known[1] && S_ISREG(w->stat[1].mode) && !S_ISDIR(w->stat[0].mode) &&
        w->stat[1].inode != w->stat[0].inode)
        name_goes(w, 1);
    if (file)
        work_change(w, file); /* renaming changes its ctime */
    return work_begin(r, step_rename, apply_rename);
}

/* Begins to write everything; answered when each file's pass is over. */
enum outcome name_sync(struct request *r)
{
    if (name_files->sync_request)
        return name_files->sync_request(r);
    write_back_all();
    for (struct file *file = file_first(); file; file = file_after(file)) {
        bool writing = file->changing && (file->dirty > 0 || file->pass > 0);
        bool short_of = !file->changing && file->dirty > 0 && !file->stuck; /* of memory */
        if (!writing && !short_of)
            continue;
        if (r->at++ > 1000) /* someone writes faster than the host: what there was is written */
            break;
        return request_wait(r, writing ? (const void *)file : &frames);
    }
    return answer_errno(r, 0);
}
