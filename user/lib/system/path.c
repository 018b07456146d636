/* SPDX-License-Identifier: MIT
 *
 * Requests with paths: see path.h. */
#include "user/lib/system/path.h"
#include <string.h>
#include "user/lib/system/fd.h"

long path_place(int directory, const char *path, handle_t *place)
{
    size_t length = strlen(path);

    if (length == 0)
        return -ENOENT;
    if (length > FS_PATH_MAX)
        return -ENAMETOOLONG;
    *place = octavo_place;
    if (directory != AT_FDCWD && path[0] != '/') {
        const struct fd *fd = fd_get(directory);
        if (!fd)
            return -EBADF;
        if (fd->kind != START_FD_DIRECTORY)
            return -ENOTDIR;
        *place = fd->handle;
    }
    return *place == HANDLE_NONE ? -ENOENT : 0;
}

long path_ask(handle_t place, struct message *m, const char *path)
{
    m->w[0] = strlen(path);
    ipc_attach_in(m, path, m->w[0]);
    return ipc_request(place, m);
}

/* The same of fs itself, for a pager that has no files. Not there: PAGER_OPEN. */
static bool path_without_pager(struct message *m)
{
    unsigned long operation = MSG_LABEL(m->tag);

    m->tag -= operation;
    switch (operation) {
    case PAGER_FILE_STAT: /* the flags are one word further */
    case PAGER_FILE_SETATTR:
        m->tag += operation == PAGER_FILE_STAT ? FS_STAT : FS_SETATTR;
        m->w[2] = m->w[1];
        m->w[1] = 0;
        return true;
    case PAGER_UNLINK:
        m->tag += FS_UNLINK;
        m->w[1] = FS_UNLINK_FILE;
        return true;
    case PAGER_RENAME:
        m->tag += FS_RENAME;
        return true;
    }
    return false;
}

long path_send_pager(struct message *m)
{
    struct message again = *m;
    handle_t place[2] = {msg_page()->handle[0], msg_page()->handle[1]};
    long result = ipc_request(HANDLE_PAGER, m);

    if (result != -ENOSYS || !path_without_pager(&again))
        return result;
    *m = again;
    msg_page()->handle[0] = place[0];
    msg_page()->handle[1] = place[1];
    return ipc_request(octavo_place, m);
}

long path_ask_pager(handle_t place, struct message *m, const char *path)
{
    ipc_attach_handle(m, place);
    m->w[0] = strlen(path);
    ipc_attach_in(m, path, m->w[0]);
    return path_send_pager(m);
}

/* Two paths have to be one piece of memory. */
static long path_send_two(struct message *m, const char *first, const char *second)
{
    size_t length = strlen(first), length_second = strlen(second);
    char both[length + length_second];

    memcpy(both, first, length);
    memcpy(both + length, second, length_second);
    m->w[0] = length;
    m->w[1] = length_second;
    ipc_attach_in(m, both, sizeof(both));
    return MSG_LABEL(m->tag) == PAGER_RENAME ? path_send_pager(m) : ipc_request(octavo_place, m);
}

long path_ask_two(struct message *m, const struct path_end *first, const struct path_end *second)
{
    handle_t place[2] = {HANDLE_NONE, HANDLE_NONE};
    long result = 0;

    if (MSG_LABEL(m->tag) != FS_SYMLINK)
        result = path_place(first->directory, first->path, &place[0]);
    else if (strlen(first->path) > FS_PATH_MAX)
        result = -ENAMETOOLONG;
    else if (!*first->path)
        result = -ENOENT;
    if (result == 0)
        result = path_place(second->directory, second->path, &place[1]);
    if (result < 0)
        return result;
    if (place[0] != HANDLE_NONE)
        ipc_attach_handle(m, place[0]);
    ipc_attach_handle(m, place[1]);
    return path_send_two(m, first->path, second->path);
}

long path_new_place(handle_t at, const char *path, handle_t *place)
{
    struct message m = {.tag = FS_PLACE};

    ipc_accept(1);
    long result = path_ask(at, &m, path);
    ipc_accept(0);
    if (result == 0)
        *place = msg_page()->handle[0];
    return result;
}

long path_status(handle_t at, const char *path, unsigned flags, struct fs_stat *record)
{
    struct message m = {.tag = PAGER_FILE_STAT, .w = {0, flags, 0, sizeof(*record)}};

    ipc_attach_out(&m, record, sizeof(*record));
    return path_ask_pager(at, &m, path);
}
