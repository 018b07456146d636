/* SPDX-License-Identifier: MIT
 *
 * posix_spawn (POSIX.1-2017): the pager makes a space and lays the image out in it, init makes the
 * process. This side packs arguments, environment and descriptors into a start block
 * (proto/start.h).
 *
 *     PAGER_CREATE -> right;  PAGER_EXEC right, start block -> entry, sp;  INIT_SPAWN right,
 * handles
 *
 * The right to the new space passes through here: when the program dies in between, the last copy
 * of it goes, and the pager drops the space. */
#include <errno.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "user/lib/spawn.h"

/* Filled from the top down by the functions below, in their order. */
struct spawn_how {
    const char *name;
    char *const *argv;
    char *const *envp;
    int limit; /* of spawn's fd: slots in use */
    unsigned handles, descriptors;
    handle_t place; /* the child's value for the working directory */
    handle_t space;
    unsigned long badge;
    unsigned long entry, sp;
};

/* One spawn. The tables, of which little is used, are not initialised. */
struct spawn {
    struct spawn_how how;
    struct fd fd[OCTAVO_FD_MAX]; /* the child's; handle = its value there */
    handle_t handle[SPAWN_MAX_HANDLES + OCTAVO_FD_MAX + 1]; /* to give, for HANDLE_FIRST on */
};

/* Names the child's handles: those of the attributes, one for each that descriptors share, and the
 * working directory's. */
static void spawn_number_handles(struct spawn *s, const posix_spawnattr_t *attributes)
{
    if (attributes && *attributes)
        for (; s->how.handles < (*attributes)->count; s->how.handles++)
            s->handle[s->how.handles] = (*attributes)->handles[s->how.handles];
    unsigned first = s->how.handles;
    for (int i = 0; i < s->how.limit; i++) {
        struct fd *fd = &s->fd[i];
        if (fd->close_on_exec)
            fd->kind = 0;
        if (!fd->kind)
            continue;
        s->how.descriptors++;
        if (fd->handle == HANDLE_NONE)
            continue;
        unsigned at = first;
        while (at < s->how.handles && s->handle[at] != fd->handle)
            at++;
        if (at == s->how.handles)
            s->handle[s->how.handles++] = fd->handle;
        fd->handle = HANDLE_FIRST + at;
    }
    if (octavo_place != HANDLE_NONE) {
        s->how.place = HANDLE_FIRST + s->how.handles;
        s->handle[s->how.handles++] = octavo_place;
    }
}

static size_t strings_size(char *const strings[], uint32_t *count)
{
    size_t size = 0;

    for (*count = 0; strings && strings[*count]; ++*count)
        size += strlen(strings[*count]) + 1;
    return size;
}

/* Appends strings at *end and their offsets at *offset; both move on. */
static void strings_pack(char *block, char *const strings[], uint32_t count, uint32_t **offset,
                         size_t *end)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t size = strlen(strings[i]) + 1;
        *(*offset)++ = (uint32_t)*end;
        memcpy(block + *end, strings[i], size);
        *end += size;
    }
}

/* A start block in malloc's memory, or NULL with errno. */
static struct start_block *spawn_pack(const struct spawn *s, const char *path)
{
    struct start_block head = {.auxc = s->how.descriptors + (s->how.place != HANDLE_NONE)};
    size_t strings = strings_size(s->how.argv, &head.argc) + strings_size(s->how.envp, &head.envc) +
                     strlen(path) + 1;
    size_t pairs = sizeof(head) + (head.argc + head.envc) * sizeof(uint32_t);
    pairs = (pairs + 7) & ~(size_t)7;
    size_t end = pairs + head.auxc * 2 * sizeof(uint64_t);

    errno = E2BIG;
    if (strings > START_MAX || end + strings > START_MAX)
        return NULL;
    struct start_block *block = calloc(1, end + strings);
    if (!block)
        return NULL;
    head.size = (uint32_t)(end + strings);
    uint32_t *offset = (uint32_t *)(block + 1);
    uint64_t *pair = (uint64_t *)((char *)block + pairs);
    strings_pack((char *)block, s->how.argv, head.argc, &offset, &end);
    strings_pack((char *)block, s->how.envp, head.envc, &offset, &end);
    for (int i = 0; i < s->how.limit; i++)
        if (s->fd[i].kind) {
            *pair++ = AT_OCTAVO_FD + (unsigned)i;
            *pair++ = fd_start_value(&s->fd[i]);
        }
    if (s->how.place != HANDLE_NONE) {
        *pair++ = AT_OCTAVO_PLACE;
        *pair++ = s->how.place;
    }
    head.path = (uint32_t)end;
    strcpy((char *)block + end, path);
    *block = head;
    return block;
}

/* Makes the space. 0 or a negative errno. */
static long spawn_space(struct spawn *s, const posix_spawnattr_t *attributes)
{
    struct message m = {.tag = PAGER_CREATE};

    ipc_accept(1);
    long result = ipc_request(HANDLE_PAGER, &m);
    ipc_accept(0);
    if (result < 0)
        return result;
    s->how.space = msg_page()->handle[0];
    s->how.badge = m.w[0];
    if (attributes && *attributes && (*attributes)->prepare)
        return (*attributes)->prepare(s->how.space, s->how.badge, (*attributes)->context);
    return 0;
}

/* Lays the program `path` out in the space. */
static long spawn_exec(struct spawn *s, const char *path)
{
    struct start_block *block = spawn_pack(s, path);

    if (!block)
        return -errno;
    struct message m = {.tag = PAGER_EXEC, .w = {block->size}};
    ipc_attach_handle(&m, s->how.space);
    if (octavo_place != HANDLE_NONE)
        ipc_attach_handle(&m, octavo_place);
    ipc_attach_in(&m, block, block->size);
    long result = ipc_request(HANDLE_PAGER, &m);
    free(block);
    s->how.entry = m.w[0];
    s->how.sp = m.w[1];
    return result;
}

/* The same with the first of PATH's folders that has it (POSIX XBD 8.3), unless the name has a
 * slash. */
static long spawn_search(struct spawn *s)
{
    const char *folder = getenv("PATH");
    char path[256];

    if (strchr(s->how.name, '/'))
        return spawn_exec(s, s->how.name);
    if (!folder)
        folder = SPAWN_DEFAULT_PATH;
    while (*s->how.name) {
        size_t length = strcspn(folder, ":");
        if (length + strlen(s->how.name) + 2 > sizeof(path))
            return -ENAMETOOLONG;
        memcpy(path, folder, length);
        path[length] = '/';
        strcpy(path + length + (length > 0), s->how.name);
        long result = spawn_exec(s, path);
        if (result != -ENOENT || folder[length] == '\0')
            return result;
        folder += length + 1;
    }
    return -ENOENT;
}

/* Gives a suspended child the handles that INIT_SPAWN had no room for, and lets it run. */
static long spawn_grant(const struct spawn *s, unsigned given, unsigned long pid)
{
    while (given < s->how.handles) {
        struct message m = {.tag = INIT_GRANT, .w = {pid}};
        for (unsigned i = 0; i < MSG_MAX_HANDLES && given < s->how.handles; i++)
            ipc_attach_handle(&m, s->handle[given++]);
        long result = ipc_request(HANDLE_INIT, &m);
        if (result < 0)
            return result;
    }
    struct message m = {.tag = INIT_START, .w = {pid}};
    return ipc_request(HANDLE_INIT, &m);
}

static void spawn_abandon(unsigned long pid)
{
    struct message m = {.tag = INIT_KILL, .w = {pid, SIGKILL}};

    ipc_request(HANDLE_INIT, &m);
    m = (struct message){.tag = INIT_WAIT, .w = {pid}};
    ipc_request(HANDLE_INIT, &m);
}

/* Has init make a process of the space. Its pid, or a negative errno. */
static long spawn_process(const struct spawn *s)
{
    const unsigned room = MSG_MAX_HANDLES - 1; /* beside the space's right */
    const char *slash = strrchr(s->how.name, '/');
    const char *name = slash ? slash + 1 : s->how.name;
    bool more = s->how.handles > room;
    struct message m = {.tag = INIT_SPAWN,
                        .w = {s->how.entry, s->how.sp, more ? SPAWN_SUSPENDED : 0, strlen(name)}};

    ipc_attach_handle(&m, s->how.space);
    for (unsigned i = 0; i < room && i < s->how.handles; i++)
        ipc_attach_handle(&m, s->handle[i]);
    ipc_attach_in(&m, name, strlen(name));
    long result = ipc_request(HANDLE_INIT, &m);
    if (result < 0)
        return result;
    unsigned long pid = m.w[0];
    if (more)
        result = spawn_grant(s, room, pid);
    if (result < 0)
        spawn_abandon(pid);
    return result < 0 ? result : (long)pid;
}

/* 0 or an errno, as posix_spawn wants it. */
static int spawn(pid_t *pid, struct spawn *s, bool search,
                 const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes)
{
    int error = 0;

    for (s->how.limit = 0; s->how.limit < fd_limit(); s->how.limit++)
        s->fd[s->how.limit] = *fd_slot(s->how.limit);
    if (actions && *actions)
        error = spawn_actions_apply(*actions, s->fd, &s->how.limit);
    if (!error) {
        spawn_number_handles(s, attributes);
        long result = spawn_space(s, attributes);
        if (result == 0)
            result = search ? spawn_search(s) : spawn_exec(s, s->how.name);
        if (result == 0)
            result = spawn_process(s);
        if (s->how.space != HANDLE_NONE)
            sys_close(s->how.space);
        if (result < 0)
            error = (int)-result;
        else if (pid)
            *pid = (pid_t)result;
    }
    if (actions && *actions)
        spawn_actions_done(*actions);
    return error;
}

int posix_spawn(pid_t *restrict pid, const char *restrict path,
                const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *restrict attributes, char *const argv[],
                char *const envp[])
{
    struct spawn s;

    s.how = (struct spawn_how){.name = path, .argv = argv, .envp = envp};
    return spawn(pid, &s, false, actions, attributes);
}

int posix_spawnp(pid_t *restrict pid, const char *restrict name,
                 const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *restrict attributes, char *const argv[],
                 char *const envp[])
{
    struct spawn s;

    s.how = (struct spawn_how){.name = name, .argv = argv, .envp = envp};
    return spawn(pid, &s, true, actions, attributes);
}
