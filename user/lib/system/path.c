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

long path_ask_at(int directory, struct message *m, const char *path)
{
    handle_t at;
    long result = path_place(directory, path, &at);

    return result < 0 ? result : path_ask(at, m, path);
}

/* The same of fs itself, for a pager that has no files. Not there: PAGER_OPEN. */
static bool path_without_pager(struct message *m)
{
    unsigned long is = MSG_LABEL(m->tag);
    unsigned long to = is == PAGER_FILE_STAT      ? FS_STAT
                       : is == PAGER_FILE_SETATTR ? FS_SETATTR
                       : is == PAGER_UNLINK       ? FS_UNLINK
                       : is == PAGER_RENAME       ? FS_RENAME
                                                  : 0;

    if (to !=
        FS_RENAME) { /* the flags are one word further, in front of them an id, or FS_UNLINK_FILE */
        m->w[2] = m->w[1];
        m->w[1] = 0;
    }
    m->tag += to - is;
    return to != 0;
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

/* The paths have to be one piece of memory. */
long path_ask_two(struct message *m, int from_directory, const char *from, int to_directory,
                  const char *to)
{
    handle_t place[2] = {HANDLE_NONE, HANDLE_NONE};
    bool is_text = MSG_LABEL(m->tag) == FS_SYMLINK;
    size_t length[2] = {strlen(from), strlen(to)};
    long result = is_text ? (!length[0]                ? -ENOENT
                             : length[0] > FS_PATH_MAX ? -ENAMETOOLONG
                                                       : 0)
                          : path_place(from_directory, from, &place[0]);

    if (result == 0)
        result = path_place(to_directory, to, &place[1]);
    if (result < 0)
        return result;
    char both[length[0] + length[1]];
    memcpy(both, from, length[0]);
    memcpy(both + length[0], to, length[1]);
    m->w[0] = length[0];
    m->w[1] = length[1];
    ipc_attach_in(m, both, sizeof(both));
    if (!is_text)
        ipc_attach_handle(m, place[0]);
    ipc_attach_handle(m, place[1]);
    return MSG_LABEL(m->tag) == PAGER_RENAME ? path_send_pager(m) : ipc_request(octavo_place, m);
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
