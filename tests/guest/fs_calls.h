/* SPDX-License-Identifier: MIT
 *
 * proto/fs.h as functions, for the tests. Results: 0 or more, or a negative errno. */
#ifndef OCTAVO_TESTS_FS_CALLS_H
#define OCTAVO_TESTS_FS_CALLS_H

#include <octavo/ipc.h>
#include <proto/fs.h>
#include <string.h>

extern handle_t octavo_place; /* the library's: the working directory */

/* One request with at most one path. Its first word is the path's length. *m is the answer. */
static inline long fs_ask(handle_t place, struct message *m, const char *path)
{
    if (path) {
        m->w[0] = strlen(path);
        ipc_attach_in(m, path, m->w[0]);
    }
    return ipc_request(place, m);
}

/* A request with a path and two numbers. */
static inline long fs_name(handle_t place, enum fs_operation operation, const char *path,
                           unsigned long a, unsigned long b)
{
    struct message m = {.tag = operation, .w = {0, a, b}};
    return fs_ask(place, &m, path);
}

static inline long fs_open(handle_t place, const char *path, unsigned flags, unsigned mode)
{
    struct message m = {.tag = FS_OPEN, .w = {0, flags, mode}};
    long result = fs_ask(place, &m, path);
    return result < 0 ? result : (long)m.w[0];
}

static inline long fs_close(handle_t place, unsigned long id)
{
    struct message m = {.tag = FS_CLOSE, .w = {id}};
    return ipc_request(place, &m);
}

static inline long fs_read(handle_t place, unsigned long id, unsigned long offset, void *to,
                           unsigned long length)
{
    struct message m = {.tag = FS_READ, .w = {id, offset, length}};
    ipc_attach_out(&m, to, length);
    long result = ipc_request(place, &m);
    return result < 0 ? result : (long)m.w[0];
}

static inline long fs_write(handle_t place, unsigned long id, unsigned long offset,
                            const void *from, unsigned long length)
{
    struct message m = {.tag = FS_WRITE, .w = {id, offset, length}};
    ipc_attach_in(&m, from, length);
    long result = ipc_request(place, &m);
    return result < 0 ? result : (long)m.w[0];
}

/* path NULL: of the id. */
static inline long fs_stat(handle_t place, const char *path, unsigned long id, unsigned flags,
                           struct fs_stat *stat)
{
    struct message m = {.tag = FS_STAT, .w = {0, id, flags, sizeof *stat}};
    ipc_attach_out(&m, stat, sizeof *stat);
    return fs_ask(place, &m, path);
}

/* A new place into *to. */
static inline long fs_place(handle_t place, const char *path, handle_t *to)
{
    struct message m = {.tag = FS_PLACE};
    ipc_accept(1);
    long result = fs_ask(place, &m, path);
    *to = result < 0 ? HANDLE_NONE : msg_page()->handle[0];
    ipc_accept(0);
    return result;
}

/* RENAME, LINK, SYMLINK. */
static inline long fs_two(handle_t place, enum fs_operation operation, const char *first,
                          const char *second, unsigned flags)
{
    static char both[2 * FS_PATH_MAX + 2];
    struct message m = {.tag = operation, .w = {strlen(first), strlen(second), flags}};
    strcpy(both, first);
    strcat(both, second);
    ipc_attach_in(&m, both, strlen(both));
    return ipc_request(place, &m);
}

static inline long fs_readlink(handle_t place, const char *path, char *to, unsigned long room)
{
    struct message m = {.tag = FS_READLINK, .w = {0, 0, 0, room}};
    ipc_attach_out(&m, to, room);
    long result = fs_ask(place, &m, path);
    return result < 0 ? result : (long)m.w[0];
}

static inline long fs_readdir(handle_t place, unsigned long id, unsigned long cursor, void *to,
                              unsigned long room)
{
    struct message m = {.tag = FS_READDIR, .w = {id, cursor, room}};
    ipc_attach_out(&m, to, room);
    long result = ipc_request(place, &m);
    return result < 0 ? result : (long)m.w[0];
}

/* path NULL: of the id. */
static inline long fs_setattr(handle_t place, const char *path, unsigned long id, unsigned flags,
                              const struct fs_setattr *set)
{
    static char both[sizeof *set + FS_PATH_MAX + 1];
    struct message m = {.tag = FS_SETATTR, .w = {path ? strlen(path) : 0, id, flags}};
    memcpy(both, set, sizeof *set);
    if (path)
        strcpy(both + sizeof *set, path);
    ipc_attach_in(&m, both, sizeof *set + m.w[0]);
    return ipc_request(place, &m);
}

#endif
