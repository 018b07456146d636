/* SPDX-License-Identifier: MIT
 *
 * Path resolution: see path.h. As many names as one Twalk takes are walked at once; the qids that come
 * back tell which of them are symbolic links or no directories, and what the server made of the names
 * behind such a one is thrown away. */
#include "user/fs/path.h"
#include "user/fs/dev.h"
#include "user/fs/fid.h"
#include <errno.h>
#include <string.h>

static uint64_t root_inode;

void path_setup(uint64_t root)
{
    root_inode = root;
}

uint64_t path_root(void)
{
    return root_inode;
}

struct walk {
    struct p9 *p9;
    struct path *path;
    char *bytes; /* of the path's buffer: [at, length) is still to do */
    size_t at, length;
    uint32_t here; /* where we are */
    bool owns_here;
    struct wire_qid qid; /* of here */
    unsigned links;      /* followed so far */
};

/* Names that are walked at once. */
struct batch {
    unsigned count;
    struct wire_name name[P9_WALK_MAX];
    size_t end[P9_WALK_MAX]; /* behind the name, in the buffer */
};

/* Why a batch ends. */
enum stop {
    STOP_END,  /* of the path */
    STOP_FULL, /* no room */
    STOP_LAST, /* before the last name, because it is not to be walked */
    STOP_LONG  /* before a name that is too long */
};

static void walk_move(struct walk *walk, uint32_t fid, bool owned, struct wire_qid qid)
{
    if (walk->owns_here)
        fid_put_clunk(walk->p9, walk->here);
    walk->here = fid;
    walk->owns_here = owned;
    walk->qid = qid;
}

/* A path, or what a symbolic link says, begins: from the root if with a slash. */
static void walk_begin(struct walk *walk)
{
    walk->at = 0;
    if (walk->bytes[0] == '/')
        walk_move(walk, PATH_ROOT_FID, false,
                  (struct wire_qid){.type = QID_DIRECTORY, .path = root_inode});
}

static bool wants_parent(const struct walk *walk)
{
    return walk->path->want >= PATH_PARENT;
}

static size_t skip_slashes(const struct walk *walk, size_t at)
{
    while (at < walk->length && walk->bytes[at] == '/')
        at++;
    return at;
}

static size_t skip_name(const struct walk *walk, size_t at)
{
    while (at < walk->length && walk->bytes[at] != '/')
        at++;
    return at;
}

static bool is_name(struct wire_name name, const char *text)
{
    return name.length == strlen(text) && memcmp(name.bytes, text, name.length) == 0;
}

/* The name leads to /dev, if it is looked up here. */
static bool is_dev(const struct walk *walk, struct wire_name name)
{
    return walk->qid.path == root_inode && !dev_has(walk->here) && is_name(name, DEV_NAME);
}

/* A batch does not go through /dev, and into it only alone. */
static enum stop gather(const struct walk *walk, struct batch *batch)
{
    size_t at = walk->at;
    unsigned most = dev_has(walk->here) ? 1 : P9_WALK_MAX;

    for (batch->count = 0; batch->count < most;) {
        size_t start = skip_slashes(walk, at), end = skip_name(walk, start);
        struct wire_name name = {walk->bytes + start, end - start};
        if (start == walk->length)
            return STOP_END;
        if (wants_parent(walk) && skip_slashes(walk, end) == walk->length)
            return STOP_LAST;
        if (name.length > FS_NAME_MAX)
            return STOP_LONG;
        at = end;
        if (is_name(name, "."))
            continue;
        if (batch->count > 0 && is_name(name, DEV_NAME))
            break;
        batch->name[batch->count] = name;
        batch->end[batch->count++] = end;
        if (is_dev(walk, name))
            break;
    }
    return STOP_FULL;
}

/* Something comes behind the name, if only a slash: it must lead to a directory. */
static bool must_be_directory(const struct walk *walk, size_t end)
{
    return end < walk->length;
}

/* One name, into or from /dev: as walk_names(). */
static int walk_dev(struct walk *walk, struct wire_name name, uint32_t *fid, struct wire_qid *qid)
{
    if (!dev_has(walk->here)) {
        *fid = DEV_FID;
        *qid = dev_qid();
        return 1;
    }
    if (!is_name(name, ".."))
        return dev_walk(walk->here, name, fid, qid);
    *fid = fid_get();
    int result =
        *fid == P9_NO_FID ? -ENFILE : p9_walk(walk->p9, PATH_ROOT_FID, *fid, NULL, 0, NULL);
    if (result < 0) {
        fid_put(*fid);
        *fid = P9_NO_FID;
        return result;
    }
    *qid = (struct wire_qid){.type = QID_DIRECTORY, .path = root_inode};
    return 1;
}

/* A new fid, `count` names from here. How many could be walked; less than count: *fid is none. */
static int walk_names(struct walk *walk, const struct wire_name *name, unsigned count,
                      uint32_t *fid, struct wire_qid *qid)
{
    if (dev_has(walk->here) || is_dev(walk, name[0]))
        return walk_dev(walk, name[0], fid, qid);
    *fid = fid_get();
    if (*fid == P9_NO_FID)
        return -ENFILE;
    int walked = p9_walk(walk->p9, walk->here, *fid, name, count, qid);
    if (walked < (int)count) {
        fid_put(*fid);
        *fid = P9_NO_FID;
    }
    return walked;
}

/* Puts what the link says before the rest of the path. */
static int splice(struct walk *walk, struct wire_name target, size_t end)
{
    size_t rest = walk->length - end;

    if (target.length == 0)
        return -ENOENT;
    if (target.length + rest > FS_PATH_MAX)
        return -ENAMETOOLONG;
    memmove(walk->bytes + target.length, walk->bytes + end, rest);
    memcpy(walk->bytes, target.bytes, target.length);
    walk->length = target.length + rest;
    return 0;
}

/* The name number i of the batch is a symbolic link: goes on with what it says, from its directory. */
static int follow(struct walk *walk, const struct batch *batch, unsigned i)
{
    struct wire_qid qid[P9_WALK_MAX];
    struct wire_name target;
    uint32_t fid;

    if (++walk->links > FS_LINKS_MAX)
        return -ELOOP;
    if (i > 0) {
        int walked = walk_names(walk, batch->name, i, &fid, qid);
        if (walked < (int)i)
            return walked < 0 ? walked : -ENOENT; /* changed meanwhile */
        walk_move(walk, fid, true, qid[i - 1]);
    }
    int result = walk_names(walk, &batch->name[i], 1, &fid, qid);
    if (result < 0)
        return result;
    result = p9_readlink(walk->p9, fid, &target);
    if (result == 0)
        result = splice(walk, target, batch->end[i]);
    fid_put_clunk(walk->p9, fid);
    if (result == 0)
        walk_begin(walk);
    return result;
}

/* Goes on by the batch, or by a part of it. 0 or a negative errno. */
static int advance(struct walk *walk, const struct batch *batch, unsigned count)
{
    struct wire_qid qid[P9_WALK_MAX];
    uint32_t fid;
    int walked = walk_names(walk, batch->name, count, &fid, qid);

    for (int i = 0; i < walked; i++) {
        bool directory = must_be_directory(walk, batch->end[i]);
        if (qid[i].type & QID_SYMLINK && (directory || walk->path->want != PATH_NOFOLLOW)) {
            fid_put_clunk(walk->p9, fid);
            return follow(walk, batch, (unsigned)i);
        }
        if (directory && !(qid[i].type & QID_DIRECTORY)) {
            fid_put_clunk(walk->p9, fid);
            return -ENOTDIR;
        }
    }
    if (walked < 0)
        return walked;
    if ((unsigned)walked < count) /* as far as it goes; why not further, the next one says */
        return advance(walk, batch, (unsigned)walked);
    walk_move(walk, fid, true, qid[count - 1]);
    walk->at = batch->end[count - 1];
    return 0;
}

static int finish_here(struct walk *walk)
{
    struct path *path = walk->path;

    path->last = PATH_SLASH;
    if (wants_parent(walk)) {
        path->directory = walk->here;
        path->owns_directory = walk->owns_here;
    } else {
        path->fid = walk->here;
        path->owns_fid = walk->owns_here;
        path->qid = walk->qid;
    }
    walk->owns_here = false;
    return 0;
}

/* Looks at the last name (CREATE). 0; 1: it was a link, and the way goes on; a negative errno. */
static int look(struct walk *walk, const struct batch *last)
{
    struct path *path = walk->path;
    uint32_t fid;
    int result = walk_names(walk, last->name, 1, &fid, &path->qid);

    if (result == -ENOENT)
        return 0;
    if (result < 0)
        return result;
    if (path->qid.type & QID_SYMLINK && path->want == PATH_CREATE) {
        fid_put_clunk(walk->p9, fid);
        result = follow(walk, last, 0);
        return result < 0 ? result : 1;
    }
    path->fid = fid;
    path->owns_fid = true;
    return 0;
}

/* Only the last name is left. 0; 1: the way goes on; a negative errno. */
static int finish_last(struct walk *walk)
{
    struct path *path = walk->path;
    size_t start = walk->at, end;
    struct batch last = {.count = 1};

    do { /* "." before it */
        start = skip_slashes(walk, start);
        end = skip_name(walk, start);
        last.name[0] = (struct wire_name){walk->bytes + start, end - start};
        last.end[0] = end;
    } while (skip_slashes(walk, end) < walk->length && (start = end, true));
    path->name = last.name[0];
    path->is_slashed = must_be_directory(walk, end);
    path->is_dev = dev_has(walk->here) || is_dev(walk, path->name);
    path->last = is_name(path->name, ".")    ? PATH_DOT
                 : is_name(path->name, "..") ? PATH_DOTDOT
                                             : PATH_NAME;
    if (path->name.length > FS_NAME_MAX)
        return -ENAMETOOLONG;
    if (path->want != PATH_PARENT && path->last == PATH_NAME && !path->is_slashed) {
        int result = look(walk, &last);
        if (result != 0)
            return result;
    }
    path->directory = walk->here;
    path->owns_directory = walk->owns_here;
    walk->owns_here = false;
    return 0;
}

static int resolve(struct walk *walk)
{
    for (;;) {
        struct batch batch;
        enum stop stop = gather(walk, &batch);
        int result;
        if (batch.count > 0) {
            result = advance(walk, &batch, batch.count);
            if (result < 0)
                return result;
            continue;
        }
        switch (stop) {
        case STOP_LAST:
            result = finish_last(walk);
            if (result <= 0)
                return result;
            break;
        case STOP_LONG:
            return -ENAMETOOLONG;
        default:
            return finish_here(walk);
        }
    }
}

int path_resolve(struct p9 *p9, struct path *path)
{
    struct walk walk = {.p9 = p9,
                        .path = path,
                        .bytes = path->buffer->bytes,
                        .length = path->length,
                        .here = path->start,
                        .qid = {.type = QID_DIRECTORY, .path = path->start_inode}};

    path->fid = path->directory = P9_NO_FID;
    path->owns_fid = path->owns_directory = path->is_slashed = path->is_dev = false;
    if (path->length == 0)
        return -ENOENT;
    if (path->length > FS_PATH_MAX)
        return -ENAMETOOLONG;
    if (memchr(walk.bytes, '\0', walk.length))
        return -EINVAL;
    walk_begin(&walk);
    int result = resolve(&walk);
    if (walk.owns_here)
        fid_put_clunk(p9, walk.here);
    return result;
}

int path_own(struct p9 *p9, uint32_t *fid, bool *owns)
{
    if (*owns || dev_has(*fid))
        return 0;
    uint32_t copy = fid_get();
    if (copy == P9_NO_FID)
        return -ENFILE;
    int result = p9_walk(p9, *fid, copy, NULL, 0, NULL);
    if (result < 0) {
        fid_put(copy);
        return result;
    }
    *fid = copy;
    *owns = true;
    return 0;
}

void path_done(struct p9 *p9, struct path *path)
{
    if (path->owns_fid)
        fid_put_clunk(p9, path->fid);
    if (path->owns_directory)
        fid_put_clunk(p9, path->directory);
    path->owns_fid = path->owns_directory = false;
}
