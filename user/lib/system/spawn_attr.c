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

/* What a posix_spawn_file_actions_t points to. */
STAILQ_HEAD(spawn_actions, spawn_action);

static struct spawn_actions *actions_of(const posix_spawn_file_actions_t *a) { return (void *)*a; }

static struct spawn_attributes *attributes_of(posix_spawnattr_t *a) { return (void *)*a; }

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
    *actions = malloc(sizeof(struct spawn_actions));
    if (!*actions)
        return ENOMEM;
    STAILQ_INIT(actions_of(actions));
    return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
    struct spawn_action *action;

    while ((action = STAILQ_FIRST(actions_of(actions)))) {
        STAILQ_REMOVE_HEAD(actions_of(actions), link);
        free(action);
    }
    free(*actions);
    *actions = NULL;
    return 0;
}

static int spawn_action_add(const posix_spawn_file_actions_t *actions,
                            const struct spawn_action *wanted, const char *path)
{
    if (wanted->fd < 0 || wanted->fd >= OCTAVO_FD_MAX ||
        (wanted->kind == SPAWN_DUP2 && (wanted->source < 0 || wanted->source >= OCTAVO_FD_MAX)))
        return EBADF;
    struct spawn_action *action = malloc(sizeof(*action) + strlen(path) + 1);
    if (!action)
        return ENOMEM;
    *action = *wanted;
    strcpy(action->path, path);
    STAILQ_INSERT_TAIL(actions_of(actions), action, link);
    return 0;
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd)
{
    return spawn_action_add(actions, &(struct spawn_action){.kind = SPAWN_CLOSE, .fd = fd}, "");
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int source, int fd)
{
    struct spawn_action action = {.kind = SPAWN_DUP2, .fd = fd, .source = source};

    return spawn_action_add(actions, &action, "");
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int fd,
                                     const char *restrict path, int flags, mode_t mode)
{
    struct spawn_action action = {
        .kind = SPAWN_OPEN, .fd = fd, .source = -1, .flags = flags, .mode = mode};

    return spawn_action_add(actions, &action, path);
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

int spawn_actions_apply(const posix_spawn_file_actions_t *actions, struct fd *table, int *limit)
{
    struct spawn_action *action;
    int error = 0;

    STAILQ_FOREACH (action, actions_of(actions), link)
        if (!error)
            error = spawn_action_apply(action, table, limit);
    return error;
}

void spawn_actions_done(const posix_spawn_file_actions_t *actions)
{
    struct spawn_action *action;

    STAILQ_FOREACH (action, actions_of(actions), link)
        if (action->kind == SPAWN_OPEN && action->source >= 0) {
            close(action->source);
            action->source = -1;
        }
}

int posix_spawnattr_init(posix_spawnattr_t *attributes)
{
    *attributes = calloc(1, sizeof(struct spawn_attributes));
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
    (void)attributes;
    *flags = 0;
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
    attributes_of(attributes)->prepare = prepare;
    attributes_of(attributes)->context = context;
    return 0;
}

int posix_spawnattr_setpager_np(posix_spawnattr_t *attributes, handle_t factory)
{
    attributes_of(attributes)->pager = factory;
    return 0;
}

int posix_spawnattr_sethandles_np(posix_spawnattr_t *attributes, const handle_t *handles,
                                  unsigned count)
{
    if (count > SPAWN_MAX_HANDLES)
        return EINVAL;
    attributes_of(attributes)->handles = handles;
    attributes_of(attributes)->count = count;
    return 0;
}
