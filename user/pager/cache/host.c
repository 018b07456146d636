/* SPDX-License-Identifier: MIT
 *
 * Calls to fs. See host.h. */
#include "user/pager/cache/host.h"
#include <errno.h>
#include "user/pager/base/panic.h"
#include "user/pager/cache/file.h"

static handle_t root;

void host_setup(handle_t right)
{
    root = right;
}

bool host_is_there(void)
{
    return root != HANDLE_NONE;
}

long host_ask(handle_t right, struct message *m)
{
    if (right == HANDLE_NONE)
        return -ENODEV;
    long result = ipc_request(right, m);
    return result == -EPIPE ? -EIO : result;
}

long host_ask_path(handle_t right, struct message *m, const struct host_path *path)
{
    if (path->place != HANDLE_NONE)
        ipc_attach_handle(m, path->place);
    ipc_attach_in(m, path->bytes, path->length);
    return host_ask(right, m);
}

static int host_stat_id(uint64_t id, struct fs_stat *stat)
{
    struct message m = {.tag = FS_STAT, .w = {0, id, 0, sizeof(*stat)}};

    ipc_attach_out(&m, stat, sizeof(*stat));
    return (int)host_ask(root, &m);
}

int host_open(const struct host_path *path, unsigned flags, unsigned mode, uint64_t *id,
              struct fs_stat *stat)
{
    struct message m = {.tag = FS_OPEN, .w = {path->length, flags, mode, sizeof(*stat)}};

    ipc_attach_out(&m, stat, sizeof(*stat));
    long result = host_ask_path(root, &m, path);
    if (result < 0)
        return (int)result;
    *id = m.w[0];
    return m.w[1] == sizeof(*stat) ? 0 : host_stat_id(*id, stat);
}

int host_close(uint64_t id)
{
    struct message m = {.tag = FS_CLOSE, .w = {id}};

    return (int)host_ask(root, &m);
}

static long host_read(uint64_t id, uint64_t offset, void *to, size_t length)
{
    struct message m = {.tag = FS_READ, .w = {id, offset, length}};

    ipc_attach_out(&m, to, length);
    long result = host_ask(root, &m);
    return result < 0 ? result : (long)m.w[0];
}

long host_write(uint64_t id, uint64_t offset, const void *from, size_t length)
{
    struct message m = {.tag = FS_WRITE, .w = {id, offset, length}};

    ipc_attach_in(&m, from, length);
    long result = host_ask(root, &m);
    return result < 0 ? result : (long)m.w[0];
}

int host_stat(const struct host_path *path, unsigned flags, struct fs_stat *stat)
{
    struct message m = {.tag = FS_STAT, .w = {path->length, 0, flags, sizeof(*stat)}};

    ipc_attach_out(&m, stat, sizeof(*stat));
    return (int)host_ask_path(root, &m, path);
}

int host_setattr_id(uint64_t id, const struct fs_setattr *set)
{
    struct message m = {.tag = FS_SETATTR, .w = {0, id}};

    ipc_attach_in(&m, set, sizeof(*set));
    return (int)host_ask(root, &m);
}

int host_setattr(const struct host_path *path, const struct fs_setattr *request, unsigned flags)
{
    struct message m = {.tag = FS_SETATTR, .w = {path->length, 0, flags}};

    PAGER_ASSERT(path->bytes == (const char *)(request + 1));
    if (path->place != HANDLE_NONE)
        ipc_attach_handle(&m, path->place);
    ipc_attach_in(&m, request, sizeof(*request) + path->length);
    return (int)host_ask(root, &m);
}

int host_unlink(const struct host_path *path)
{
    struct message m = {.tag = FS_UNLINK, .w = {path->length, FS_UNLINK_FILE}};

    return (int)host_ask_path(root, &m, path);
}

int host_rename(const struct host_path *from, const struct host_path *to)
{
    struct message m = {.tag = FS_RENAME, .w = {from->length, to->length}};

    PAGER_ASSERT(to->bytes == from->bytes + from->length);
    if (from->place != HANDLE_NONE) { /* both or none; the second may be absolute, so any will do */
        ipc_attach_handle(&m, from->place);
        ipc_attach_handle(&m, to->place != HANDLE_NONE ? to->place : from->place);
    }
    ipc_attach_in(&m, from->bytes, from->length + to->length);
    return (int)host_ask(root, &m);
}

static int host_sync(uint64_t id, unsigned data_only)
{
    struct message m = {.tag = FS_FSYNC, .w = {id, data_only}};

    return (int)host_ask(root, &m);
}

static void host_end(const struct file *file)
{
    for (unsigned i = 0; i < FILE_IDS; i++)
        if (file->id[i])
            host_close(file->id[i]);
    if (file->hidden) {
        char name[FILE_HIDDEN_MAX];
        struct host_path path = {HANDLE_NONE, name, file_hidden_name(file->hidden, name)};
        host_unlink(&path);
    }
}

const struct backing host_backing = {.read = host_read,
                                     .write = host_write,
                                     .stat = host_stat_id,
                                     .setattr = host_setattr_id,
                                     .sync = host_sync,
                                     .end = host_end};
