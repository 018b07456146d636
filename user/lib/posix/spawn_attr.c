/* SPDX-License-Identifier: MIT
 *
 * The objects that say how posix_spawn is to start a child: file actions and attributes. Of POSIX's
 * attribute flags none means anything here; setting one is refused. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>
#include "user/lib/system/spawn.h"

enum spawn_action_kind { SPAWN_CLOSE, SPAWN_DUP2, SPAWN_OPEN };

struct spawn_action {
    STAILQ_ENTRY(spawn_action) link;
    enum spawn_action_kind kind;
    int fd, source; /* DUP2: source becomes fd. OPEN: source is -1, or open in this process now */
    int flags;
    mode_t mode;
    char path[];
};

struct __posix_spawn_file_actions {
    STAILQ_HEAD(, spawn_action) list;
};

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
    *actions = malloc(sizeof(**actions));
    if (!*actions)
        return ENOMEM;
    STAILQ_INIT(&(*actions)->list);
    return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
    struct spawn_action *action;

    while ((action = STAILQ_FIRST(&(*actions)->list))) {
        STAILQ_REMOVE_HEAD(&(*actions)->list, link);
        free(action);
    }
    free(*actions);
    *actions = NULL;
    return 0;
}

static int spawn_action_add(posix_spawn_file_actions_t *actions, enum spawn_action_kind kind,
                            int fd, int source, int flags, const char *path)
{
    if (fd < 0 || fd >= OCTAVO_FD_MAX ||
        (kind == SPAWN_DUP2 && (source < 0 || source >= OCTAVO_FD_MAX)))
        return EBADF;
    struct spawn_action *action = malloc(sizeof(*action) + strlen(path) + 1);
    if (!action)
        return ENOMEM;
    *action = (struct spawn_action){.kind = kind, .fd = fd, .source = source, .flags = flags};
    strcpy(action->path, path);
    STAILQ_INSERT_TAIL(&(*actions)->list, action, link);
    return 0;
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd)
{
    return spawn_action_add(actions, SPAWN_CLOSE, fd, -1, 0, "");
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int source, int fd)
{
    return spawn_action_add(actions, SPAWN_DUP2, fd, source, 0, "");
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int fd,
                                     const char *restrict path, int flags, mode_t mode)
{
    int error = spawn_action_add(actions, SPAWN_OPEN, fd, -1, flags, path);

    if (!error)
        STAILQ_LAST(&(*actions)->list, spawn_action, link)->mode = mode;
    return error;
}

static int spawn_action_apply(struct spawn_action *action, struct fd *table, int *limit)
{
    for (; action->fd >= *limit; ++*limit)
        table[*limit] = (struct fd){0};
    switch (action->kind) {
    case SPAWN_CLOSE:
        table[action->fd].kind = 0;
        return 0;
    case SPAWN_DUP2:
        if (action->source >= *limit || !table[action->source].kind)
            return EBADF;
        table[action->fd] = table[action->source];
        break;
    case SPAWN_OPEN:
        action->source = open(action->path, action->flags, action->mode);
        if (action->source < 0)
            return errno;
        table[action->fd] = *fd_slot(action->source);
        break;
    }
    table[action->fd].close_on_exec = 0;
    return 0;
}

int spawn_actions_apply(const struct __posix_spawn_file_actions *actions, struct fd *table,
                        int *limit)
{
    struct spawn_action *action;

    STAILQ_FOREACH (action, &actions->list, link) {
        int error = spawn_action_apply(action, table, limit);
        if (error)
            return error;
    }
    return 0;
}

void spawn_actions_done(const struct __posix_spawn_file_actions *actions)
{
    struct spawn_action *action;

    STAILQ_FOREACH (action, &actions->list, link)
        if (action->kind == SPAWN_OPEN && action->source >= 0) {
            close(action->source);
            action->source = -1;
        }
}

int posix_spawnattr_init(posix_spawnattr_t *attributes)
{
    *attributes = calloc(1, sizeof(**attributes));
    return *attributes ? 0 : ENOMEM;
}

int posix_spawnattr_destroy(posix_spawnattr_t *attributes)
{
    free(*attributes);
    *attributes = NULL;
    return 0;
}

int posix_spawnattr_getflags(const posix_spawnattr_t *restrict attributes, short *restrict flags)
{
    *flags = (*attributes)->flags;
    return 0;
}

int posix_spawnattr_setflags(posix_spawnattr_t *attributes, short flags)
{
    (void)attributes;
    return flags ? EINVAL : 0;
}

int posix_spawnattr_setprepare_np(posix_spawnattr_t *attributes, posix_spawn_prepare_np *prepare,
                                  void *context)
{
    (*attributes)->prepare = prepare;
    (*attributes)->context = context;
    return 0;
}

int posix_spawnattr_setpager_np(posix_spawnattr_t *attributes, handle_t factory)
{
    (*attributes)->pager = factory;
    return 0;
}

int posix_spawnattr_sethandles_np(posix_spawnattr_t *attributes, const handle_t *handles,
                                  unsigned count)
{
    if (count > SPAWN_MAX_HANDLES)
        return EINVAL;
    (*attributes)->handles = handles;
    (*attributes)->count = count;
    return 0;
}
