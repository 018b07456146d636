/* SPDX-License-Identifier: MIT
 *
 * posix_spawn (POSIX.1-2017): the pager makes a space and lays the image out in it, init makes the
 * process. This side packs arguments, environment and descriptors into a start block
 * (proto/start.h).
 *
 *     PAGER_CREATE -> right;  PAGER_EXEC right, start block -> entry, sp;  INIT_SPAWN right
 *
 * The child has this process's rights at the same values, and closes those it is not to have; or, with
 * posix_spawnattr_sethandles_np, exactly the ones it is given.
 *
 * The right to the new space passes through here: when the program dies in between, the last copy
 * of it goes, and the pager drops the space. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/spawn.h"

/* The values of the attributes' handles in the child; the descriptors' follow. */
static void spawn_number_handles(struct start *s, const struct spawn_attributes *attributes)
{
    s->how.numbered = true;
    for (; s->how.handles < attributes->count; s->how.handles++)
        s->handle[s->how.handles] = attributes->handles[s->how.handles];
    unsigned first = s->how.handles;
    for (int i = 0; i < s->how.limit; i++) {
        struct fd *fd = &s->fd[i];
        if (!fd->kind || fd->handle == HANDLE_NONE)
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

static bool start_has(const struct start *s, handle_t handle)
{
    for (int i = 0; i < s->how.limit; i++)
        if (s->fd[i].kind && s->fd[i].handle == handle)
            return true;
    return false;
}

/* The handles that the new program has too, at the same values, but does not want. */
static void start_close_handles(struct start *s)
{
    s->how.place = octavo_place;
    for (int i = 0; i < fd_limit(); i++) {
        const struct fd *fd = fd_slot(i);
        if (fd->kind && fd->handle != HANDLE_NONE && !start_has(s, fd->handle))
            s->handle[s->how.handles++] = fd->handle;
    }
    if (s->how.pager != HANDLE_NONE)
        s->handle[s->how.handles++] = s->how.pager;
}

void start_descriptors(struct start *s, const struct spawn_attributes *attributes)
{
    for (int i = 0; i < s->how.limit; i++) {
        if (s->fd[i].close_on_exec)
            s->fd[i].kind = 0;
        s->how.descriptors += s->fd[i].kind != 0;
    }
    if (attributes && attributes->count)
        spawn_number_handles(s, attributes);
    else
        start_close_handles(s);
}

void start_copy_descriptors(struct start *s)
{
    for (s->how.limit = 0; s->how.limit < fd_limit(); s->how.limit++)
        s->fd[s->how.limit] = *fd_slot(s->how.limit);
}

static size_t strings_size(char *const strings[], uint32_t *count)
{
    size_t size = 0;

    for (*count = 0; strings && strings[*count]; ++*count)
        size += strlen(strings[*count]) + 1;
    return size;
}

/* A start block that is being filled from two ends: where the next offset, pair and string go. */
struct packer {
    struct start_block *block;
    uint32_t *offset;
    uint64_t *pair;
    size_t end;
};

static uint32_t pack_string(struct packer *p, const char *text)
{
    uint32_t at = (uint32_t)p->end;

    p->end += strlen(strcpy((char *)p->block + at, text)) + 1;
    return at;
}

static void pack_strings(struct packer *p, char *const strings[], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        *p->offset++ = pack_string(p, strings[i]);
}

static void pack_pair(struct packer *p, uint64_t type, uint64_t value)
{
    *p->pair++ = type;
    *p->pair++ = value;
    p->block->auxc++;
}

/* A start block in malloc's memory, or NULL with errno. */
static struct start_block *start_pack(const struct start *s, const char *path)
{
    unsigned closes = s->how.numbered ? 0 : s->how.handles;
    size_t most = s->how.descriptors + closes + 3; /* pairs: place, signals and umask, too */
    struct start_block head = {0};
    size_t strings = strings_size(s->how.argv, &head.argc) + strings_size(s->how.envp, &head.envc) +
                     strlen(path) + 1;
    size_t pairs = (sizeof(head) + (head.argc + head.envc) * sizeof(uint32_t) + 7) & ~(size_t)7;
    size_t end = pairs + most * 2 * sizeof(uint64_t);

    errno = E2BIG;
    if (strings > START_MAX || end + strings > START_MAX)
        return NULL;
    struct start_block *block = calloc(1, end + strings);
    if (!block)
        return NULL;
    *block = head;
    struct packer p = {block, (uint32_t *)(block + 1), (uint64_t *)((char *)block + pairs), end};
    pack_strings(&p, s->how.argv, head.argc);
    pack_strings(&p, s->how.envp, head.envc);
    block->path = pack_string(&p, path);
    block->size = (uint32_t)p.end;
    for (int i = 0; i < s->how.limit; i++)
        if (s->fd[i].kind)
            pack_pair(&p, AT_OCTAVO_FD + (unsigned)i, fd_start_value(&s->fd[i]));
    if (s->how.place != HANDLE_NONE)
        pack_pair(&p, AT_OCTAVO_PLACE, s->how.place);
    for (unsigned i = 0; i < closes; i++)
        pack_pair(&p, AT_OCTAVO_CLOSE, s->handle[i]);
    if (s->how.signals)
        pack_pair(&p, AT_OCTAVO_SIGNALS, s->how.signals);
    if (octavo_umask != OCTAVO_UMASK)
        pack_pair(&p, AT_OCTAVO_UMASK, octavo_umask);
    return block;
}

/* Who pages the new program. */
static handle_t start_pager(const struct start *s)
{
    return s->how.pager != HANDLE_NONE ? s->how.pager : HANDLE_PAGER;
}

/* Makes the space. 0 or a negative errno. */
static long spawn_space(struct start *s, const struct spawn_attributes *attributes)
{
    struct message m = {.tag = PAGER_CREATE};
    long result = octavo_ask_handle(start_pager(s), &m, &s->how.space);

    if (result < 0)
        return result;
    if (s->how.pager == HANDLE_NONE) /* another pager's badge says nothing to this process's own */
        s->how.badge = m.w[0];
    return attributes && attributes->prepare
               ? attributes->prepare(s->how.space, m.w[0], attributes->context)
               : 0;
}

/* Lays the program `path` out in the space; or in this process's own: then it does not come back. */
static long start_exec(struct start *s, const char *path)
{
    struct start_block *block = start_pack(s, path);

    if (!block)
        return -errno;
    struct message m = {.tag = PAGER_EXEC, .w = {block->size}};
    if (s->how.space != HANDLE_NONE)
        ipc_attach_handle(&m, s->how.space);
    else
        m.w[1] = PAGER_EXEC_SELF;
    if (octavo_place != HANDLE_NONE)
        ipc_attach_handle(&m, octavo_place);
    ipc_attach_in(&m, block, block->size);
    long result = ipc_request(start_pager(s), &m);
    free(block);
    s->how.entry = m.w[0];
    s->how.sp = m.w[1];
    return result;
}

/* A script (POSIX leaves it open; as in Linux): "#! interpreter [argument]" is run with that argument, the
 * script's path and its other arguments. -ENOEXEC: it is none. */
static long start_script(struct start *s, const char *path)
{
    char line[256], *argument = NULL;
    char *const *old = s->how.argv;
    size_t n = 0, at = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);

    if (fd >= 0)
        close(fd);
    if (length < 2 || memcmp(line, "#!", 2) != 0 || s->how.is_script)
        return -ENOEXEC;
    line[length] = '\0';
    line[strcspn(line, "\n")] = '\0';
    for (length = (ssize_t)strlen(line); strchr(" \t", line[length - 1]); length--)
        line[length - 1] = '\0';
    char *interpreter = line + 2 + strspn(line + 2, " \t");
    char *end = interpreter + strcspn(interpreter, " \t");
    if (*end) {
        *end = '\0';
        argument = end + 1 + strspn(end + 1, " \t");
    }
    if (!*interpreter)
        return -ENOEXEC;
    while (old && old[n])
        n++;
    char **argv = malloc((n + 4) * sizeof(*argv));
    if (!argv)
        return -ENOMEM;
    argv[at++] = interpreter;
    if (argument)
        argv[at++] = argument;
    argv[at++] = (char *)path;
    for (size_t i = 1; i <= n; i++)
        argv[at++] = old[i];
    argv[at] = NULL;
    s->how.argv = argv;
    s->how.is_script = true;
    long result = start_exec(s, interpreter);
    s->how.argv = old;
    s->how.is_script = false;
    free(argv);
    return result;
}

long start_path(struct start *s, const char *path)
{
    if (strlen(path) >= PATH_MAX)
        return -ENAMETOOLONG;
    long result = start_exec(s, path);

    return result == -ENOEXEC ? start_script(s, path) : result;
}

/* POSIX XBD 8.3. What is no program, neither binary nor script with #!, is one for the shell. */
long start_search(struct start *s)
{
    const char *folder = getenv("PATH"), *name = s->how.name;
    long refused = -ENOENT;

    if (strlen(name) >= sizeof(s->path))
        return -ENAMETOOLONG;
    strcpy(s->path, name);
    if (!*name || strchr(name, '/'))
        return *name ? start_path(s, s->path) : -ENOENT;
    if (!folder)
        folder = SPAWN_DEFAULT_PATH;
    for (;; folder++) {
        size_t length = strcspn(folder, ":");
        if (length + strlen(name) + 2 > sizeof(s->path))
            return -ENAMETOOLONG;
        memcpy(s->path, folder, length);
        s->path[length] = '/';
        strcpy(s->path + length + (length > 0), name);
        long result = start_path(s, s->path);
        if (result == -EACCES)
            refused = result;
        else if (result != -ENOENT && result != -ENOTDIR)
            return result;
        folder += length;
        if (!*folder)
            return refused;
    }
}

/* Gives a suspended child the handles that INIT_SPAWN had no room for, and lets it run. */
static long spawn_grant(const struct start *s, unsigned given, unsigned long pid)
{
    struct message m;
    long result = 0;

    while (result == 0 && given < s->how.handles) {
        m = (struct message){.tag = INIT_GRANT, .w = {pid}};
        for (unsigned i = 0; i < MSG_MAX_HANDLES && given < s->how.handles; i++)
            ipc_attach_handle(&m, s->handle[given++]);
        result = ipc_request(HANDLE_INIT, &m);
    }
    m = (struct message){.tag = INIT_START, .w = {pid}};
    if (result == 0)
        result = ipc_request(HANDLE_INIT, &m);
    if (result < 0) {
        kill((pid_t)pid, SIGKILL);
        m = (struct message){.tag = INIT_WAIT, .w = {pid}};
        ipc_request(HANDLE_INIT, &m);
    }
    return result;
}

const char *start_name(const struct start *s)
{
    const char *slash = strrchr(s->how.name, '/');

    return slash ? slash + 1 : s->how.name;
}

/* Has init make a process of the space. Its pid, or a negative errno. */
static long spawn_process(const struct start *s)
{
    const unsigned room = MSG_MAX_HANDLES - 1; /* beside the space's right */
    const char *name = start_name(s);
    size_t length = strnlen(name, 15);
    bool more = s->how.numbered && s->how.handles > room;
    unsigned long flags = !s->how.numbered ? SPAWN_INHERIT : more ? SPAWN_SUSPENDED : 0;
    struct message m = {
        .tag = INIT_SPAWN,
        .w = {s->how.entry, s->how.sp, flags | (s->how.signals << 32), length | s->how.badge << 8}};

    ipc_attach_handle(&m, s->how.space);
    for (unsigned i = 0; s->how.numbered && i < room && i < s->how.handles; i++)
        ipc_attach_handle(&m, s->handle[i]);
    ipc_attach_in(&m, name, length);
    long pid = octavo_ask(HANDLE_INIT, &m);
    long result = pid >= 0 && more ? spawn_grant(s, room, (unsigned long)pid) : 0;
    return result < 0 ? result : pid;
}

/* 0 or an errno, as posix_spawn wants it. */
static int spawn(pid_t *pid, const struct start_how *how, bool search,
                 const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes)
{
    const struct spawn_attributes *a = attributes ? (const void *)*attributes : NULL;
    struct start s;

    s.how = *how;
    start_copy_descriptors(&s);
    s.how.signals = octavo_signal_kept ? octavo_signal_kept() : 0;
    if (a)
        s.how.pager = a->pager;
    long result = actions ? -spawn_actions_apply(actions, s.fd, &s.how.limit) : 0;
    if (result == 0) {
        start_descriptors(&s, a);
        result = spawn_space(&s, a);
        if (result == 0)
            result = search ? start_search(&s) : start_path(&s, s.how.name);
        if (result == 0)
            result = spawn_process(&s);
        if (s.how.space != HANDLE_NONE)
            sys_close(s.how.space);
    }
    if (actions)
        spawn_actions_done(actions);
    if (result >= 0 && pid)
        *pid = (pid_t)result;
    return result < 0 ? (int)-result : 0;
}

int posix_spawn(pid_t *restrict pid, const char *restrict path,
                const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *restrict attributes, char *const argv[],
                char *const envp[])
{
    return spawn(pid, &(struct start_how){.name = path, .argv = argv, .envp = envp}, false, actions,
                 attributes);
}

int posix_spawnp(pid_t *restrict pid, const char *restrict name,
                 const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *restrict attributes, char *const argv[],
                 char *const envp[])
{
    return spawn(pid, &(struct start_how){.name = name, .argv = argv, .envp = envp}, true, actions,
                 attributes);
}
