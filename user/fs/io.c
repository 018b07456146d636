/* SPDX-License-Identifier: MIT
 *
 * Places and ids: opening, reading, writing, closing. */
#include "user/fs/dev.h"
#include "user/fs/fid.h"
#include "user/fs/request.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

_Static_assert(offsetof(struct fs_entry, name) == 20,
               "change FS_ENTRY_LENGTH in <proto/fs.h>: it is where the name begins");

_Static_assert(
    FS_O_RDONLY == O_RDONLY && FS_O_WRONLY == O_WRONLY && FS_O_RDWR == O_RDWR &&
        FS_O_CREATE == O_CREAT && FS_O_TRUNCATE == O_TRUNC && FS_O_EXCLUSIVE == O_EXCL &&
        FS_O_NOFOLLOW == O_NOFOLLOW && FS_O_DIRECTORY == O_DIRECTORY,
    "translate flags one by one: FS_O_* of <proto/fs.h> are no longer those of <fcntl.h>");

#define OPEN_FLAGS \
    (FS_O_ACCESS | FS_O_CREATE | FS_O_TRUNCATE | FS_O_EXCLUSIVE | FS_O_NOFOLLOW | FS_O_DIRECTORY)

/* Entries are asked for in pieces that surely have one: less would look like the end. */
#define READDIR_LEAST 1024u

int place_handle(struct server_request *request)
{
    struct path path;
    uint64_t badge;
    int result = request_resolve(request, PATH_FOLLOW, &path);

    if (result != 0)
        return result;
    if (!(path.qid.type & QID_DIRECTORY))
        result = -ENOTDIR;
    if (result == 0)
        result = path_own(worker_of(request)->p9, &path.fid, &path.owns_fid);
    if (result == 0)
        result = place_create(worker_of(request)->place, path.fid, path.qid.path, &badge);
    if (result == 0) {
        path.owns_fid = false;
        long right = sys_right_create(worker_of(request)->port, badge, 0);
        if (right < 0) {
            place_close(worker_of(request)->p9, badge);
            result = (int)right;
        } else {
            request->give[request->gives++] = (handle_t)right;
        }
    }
    path_done(worker_of(request)->p9, &path);
    return result;
}

/* --- Opening ------------------------------------------------------------------------------ */

struct opening {
    struct path path;
    unsigned flags;
    uint32_t mode;
    struct fs_stat stat;
};

static int check_flags(unsigned long flags)
{
    if (flags & ~(unsigned long)OPEN_FLAGS || (flags & FS_O_ACCESS) == FS_O_ACCESS ||
        (flags & FS_O_CREATE && flags & FS_O_DIRECTORY))
        return -EINVAL;
    return 0;
}

static enum path_want want_of(unsigned flags)
{
    if (flags & FS_O_CREATE)
        return flags & (FS_O_EXCLUSIVE | FS_O_NOFOLLOW) ? PATH_CREATE_NOFOLLOW : PATH_CREATE;
    return flags & FS_O_NOFOLLOW ? PATH_NOFOLLOW : PATH_FOLLOW;
}

/* Makes the file: the directory's fid becomes it. */
static int open_new(struct p9 *p9, struct opening *opening)
{
    struct path *path = &opening->path;
    int result = path_own(p9, &path->directory, &path->owns_directory);

    if (result == 0)
        result = p9_create(p9, path->directory, path->name, opening->flags, opening->mode & 07777);
    if (result < 0)
        return result;
    path->fid = path->directory;
    path->owns_fid = true;
    path->owns_directory = false;
    result = p9_getattr(p9, path->fid, &opening->stat);
    path->qid.path = opening->stat.inode;
    return result;
}

static int open_there(struct p9 *p9, struct opening *opening)
{
    unsigned flags = opening->flags;
    int result = node_getattr(p9, opening->path.fid, &opening->stat);

    if (result < 0)
        return result;
    bool is_directory = S_ISDIR(opening->stat.mode);
    if (S_ISLNK(opening->stat.mode))
        return flags & FS_O_DIRECTORY ? -ENOTDIR : -ELOOP;
    if (flags & FS_O_DIRECTORY && !is_directory)
        return -ENOTDIR;
    if (is_directory && flags & (FS_O_ACCESS | FS_O_CREATE | FS_O_TRUNCATE))
        return -EISDIR;
    if (!is_directory && !S_ISREG(opening->stat.mode))
        return -ENXIO;
    result = path_own(p9, &opening->path.fid, &opening->path.owns_fid);
    if (result == 0)
        result = node_open(p9, opening->path.fid,
                           (flags & (FS_O_ACCESS | FS_O_TRUNCATE)) |
                               (is_directory ? FS_O_DIRECTORY : 0));
    if (result == 0 && flags & FS_O_TRUNCATE)
        result = node_getattr(p9, opening->path.fid, &opening->stat);
    return result;
}

static int open_path(struct p9 *p9, struct opening *opening)
{
    struct path *path = &opening->path;

    if (opening->flags & FS_O_CREATE) {
        bool exclusive = opening->flags & FS_O_EXCLUSIVE;
        if (path->last != PATH_NAME)
            return exclusive ? -EEXIST : -EISDIR;
        if (path->is_slashed)
            return -EISDIR;
        if (path->fid == P9_NO_FID)
            return path->is_dev ? -EROFS : open_new(p9, opening);
        if (exclusive)
            return -EEXIST;
    }
    return open_there(p9, opening);
}

int open_handle(struct server_request *request)
{
    struct opening opening = {.flags = (unsigned)request->w[1], .mode = (uint32_t)request->w[2]};
    size_t wanted = request->w[3] < sizeof opening.stat ? request->w[3] : sizeof opening.stat;
    int result = check_flags(request->w[1]);

    if (result == 0 && wanted) /* now, while nothing has happened: is the buffer there? */
        result = server_copy_out(request, 0, &opening.stat, wanted);
    if (result == 0)
        result = request_resolve(request, want_of(opening.flags), &opening.path);
    if (result != 0)
        return result;
    result = open_path(worker_of(request)->p9, &opening);
    if (result == 0)
        result =
            file_create(worker_of(request)->place, opening.path.fid, opening.flags & FS_O_ACCESS,
                        opening.path.qid, &worker_of(request)->undo);
    if (result == 0) {
        opening.path.owns_fid = false;
        request->must_arrive = true;
        request->word[0] = worker_of(request)->undo;
        if (wanted && sys_copy(request->token, COPY_OUT, 0, (unsigned long)&opening.stat, wanted) ==
                          (long)wanted)
            request->word[1] = wanted;
    }
    path_done(worker_of(request)->p9, &opening.path);
    return result;
}

int close_handle(struct server_request *request)
{
    return file_close(worker_of(request)->p9, worker_of(request)->place, request->w[0]);
}

/* --- Reading and writing ------------------------------------------------------------------ */

static bool is_directory(const struct file *file)
{
    return file->qid.type & QID_DIRECTORY;
}

/* Id, offset and length of a transfer: the file, to be put, or an errno. *count: what is moved. */
static int transfer(struct server_request *request, unsigned access, struct file **file,
                    uint32_t *count)
{
    uint64_t offset = request->w[1], length = request->w[2];

    if (offset > INT64_MAX || length > INT64_MAX - offset)
        return -EINVAL;
    *count = (uint32_t)(length < FS_IO_MAX ? length : FS_IO_MAX);
    *file = file_get(worker_of(request)->place, request->w[0]);
    if (!*file)
        return -EBADF;
    if (is_directory(*file))
        return access == FS_O_RDONLY ? -EISDIR : -EBADF;
    return (*file)->access == FS_O_RDWR || (*file)->access == access ? 0 : -EBADF;
}

/* What was copied of `wanted` bytes: 0 and the answer, or nothing, and the call is repeated. */
static int transferred(struct server_request *request, unsigned long direction, long done,
                       long wanted)
{
    if (done < 0)
        return (int)done;
    if (done == 0 && wanted > 0)
        return server_restart(request->token, direction, 0, (size_t)wanted);
    request->word[0] = (unsigned long)done;
    return 0;
}

int read_handle(struct server_request *request)
{
    struct file *file = NULL;
    const uint8_t *data;
    uint32_t count;
    int result = transfer(request, FS_O_RDONLY, &file, &count);

    if (result == 0) {
        long got = p9_read(worker_of(request)->p9, file->fid, request->w[1], count, &data);
        long done = got;
        if (got > 0)
            done = sys_copy(request->token, COPY_OUT, 0, (unsigned long)data, (unsigned long)got);
        result = transferred(request, COPY_OUT, done, got);
    }
    if (file)
        file_put(worker_of(request)->p9, file);
    return result;
}

int write_handle(struct server_request *request)
{
    struct file *file = NULL;
    uint32_t count;
    int result = transfer(request, FS_O_WRONLY, &file, &count);

    if (result == 0) {
        unsigned long to = (unsigned long)worker_of(request)->p9->request + P9_WRITE_HEADER;
        long got = sys_copy(request->token, COPY_IN, 0, to, count);
        result = transferred(request, COPY_IN, got, count);
        if (result == 0 && got > 0) {
            got = p9_write(worker_of(request)->p9, file->fid, request->w[1], (uint32_t)got);
            result = got < 0 ? (int)got : 0;
            request->word[0] = (unsigned long)got;
        }
    }
    if (file)
        file_put(worker_of(request)->p9, file);
    return result;
}

int fsync_handle(struct server_request *request)
{
    struct file *file = request->w[0] ? file_get(worker_of(request)->place, request->w[0]) : NULL;
    uint32_t fid;
    int result = 0;

    if (request->w[1] > 1)
        result = -EINVAL;
    else if (file)
        fid = file->fid;
    else
        result = request->w[0]
                     ? -EBADF
                     : place_reader(worker_of(request)->p9, worker_of(request)->place, &fid);
    if (result == 0)
        result = node_fsync(worker_of(request)->p9, fid, request->w[1]);
    if (file)
        file_put(worker_of(request)->p9, file);
    return result;
}

/* --- Directories -------------------------------------------------------------------------- */

/* In the root, /dev comes first, and the host's entries from behind this cursor. */
#define CURSOR_HOST (1ull << 63)

struct listing {
    uint32_t fid;
    bool is_root;
    uint64_t cursor;  /* of the next entry */
    struct wire host; /* entries of the host's that are still to be read */
};

/* The next entry: 1, 0 (none), or a negative errno. */
static int next_entry(struct listing *list, struct p9_entry *entry)
{
    int more = 1;

    if (dev_has(list->fid)) {
        more = dev_entry(list->cursor, path_root(), entry);
    } else if (list->is_root && list->cursor == 0) {
        *entry = dev_entry_of_root(CURSOR_HOST);
    } else {
        do { /* what the host has by that name nobody can reach */
            more = p9_entry(&list->host, entry);
            if (more > 0)
                list->cursor = entry->cursor;
        } while (more > 0 && list->is_root && entry->name.length == strlen(DEV_NAME) &&
                 memcmp(entry->name.bytes, DEV_NAME, entry->name.length) == 0);
    }
    if (more > 0)
        list->cursor = entry->cursor;
    return more;
}

/* Turns entries into ours, in `to`, as many as fit. Bytes, or a negative errno. */
static long convert(struct listing *list, uint8_t *to, size_t room)
{
    struct p9_entry from;
    size_t used = 0;
    int more;

    while ((more = next_entry(list, &from)) > 0) {
        size_t length = FS_ENTRY_LENGTH(from.name.length);
        if (length > room - used)
            return used ? (long)used : -EINVAL;
        struct fs_entry entry = {.inode = from.qid.path,
                                 .cursor = from.cursor,
                                 .length = (uint16_t)length,
                                 .type = from.type,
                                 .name_length = (uint8_t)from.name.length};
        memset(to + used, 0, length);
        memcpy(to + used, &entry, offsetof(struct fs_entry, name));
        memcpy(to + used + offsetof(struct fs_entry, name), from.name.bytes, from.name.length);
        used += length;
    }
    return more < 0 ? more : (long)used;
}

/* Entries of the host's from the list's cursor on; none of /dev. */
static int fetch_entries(struct p9 *p9, struct listing *list, size_t room)
{
    uint64_t cursor = list->is_root && list->cursor == CURSOR_HOST ? 0 : list->cursor;

    if (dev_has(list->fid))
        return 0;
    return p9_readdir(p9, list->fid, cursor,
                      (uint32_t)(room < READDIR_LEAST ? READDIR_LEAST : room), &list->host);
}

/* The length of the whole entries among the first `limit` bytes. */
static size_t whole_entries(const uint8_t *entries, size_t limit)
{
    size_t used = 0;
    uint16_t length;

    for (; limit - used > offsetof(struct fs_entry, name); used += length) {
        memcpy(&length, entries + used + offsetof(struct fs_entry, length), sizeof length);
        if (length > limit - used)
            break;
    }
    return used;
}

/* The entries are made where the next request to the host would be packed. */
static int read_entries(struct server_request *request, uint32_t fid, uint64_t inode)
{
    size_t room = request->w[2] < P9_DATA_MAX ? request->w[2] : P9_DATA_MAX;
    uint8_t *to = worker_of(request)->p9->request;
    struct listing list = {.fid = fid, .is_root = inode == path_root(), .cursor = request->w[1]};
    uint64_t before;
    long length;

    do { /* again, if all there was is left out */
        before = list.cursor;
        int result = fetch_entries(worker_of(request)->p9, &list, room);
        if (result < 0)
            return result;
        length = convert(&list, to, room);
    } while (length == 0 && list.cursor != before);
    if (length <= 0)
        return (int)length;
    long done = sys_copy(request->token, COPY_OUT, 0, (unsigned long)to, (unsigned long)length);
    if (done < 0)
        return (int)done;
    request->word[0] = whole_entries(to, (size_t)done);
    if (request->word[0] == 0)
        return server_restart(request->token, COPY_OUT, (size_t)done, (size_t)(length - done));
    return 0;
}

int readdir_handle(struct server_request *request)
{
    struct place *place = worker_of(request)->at[0];
    struct file *file = NULL;
    uint32_t fid;
    int result;

    if (request->w[0] == 0) {
        result = place_reader(worker_of(request)->p9, place, &fid);
        return result < 0 ? result : read_entries(request, fid, place->inode);
    }
    file = file_get(worker_of(request)->place, request->w[0]);
    if (!file)
        return -EBADF;
    result = is_directory(file) ? read_entries(request, file->fid, file->qid.path) : -ENOTDIR;
    file_put(worker_of(request)->p9, file);
    return result;
}
