/* SPDX-License-Identifier: MIT
 *
 * Shared by spawn.c and spawn_attr.c. Not for programs. */
#ifndef OCTAVO_LIB_SPAWN_H
#define OCTAVO_LIB_SPAWN_H

#include <octavo/spawn.h>
#include "user/lib/fd.h"

#define SPAWN_MAX_HANDLES 8 /* of posix_spawnattr_sethandles_np */

struct __posix_spawnattr {
    short flags;
    posix_spawn_prepare_np *prepare;
    void *context;
    const handle_t *handles;
    unsigned count;
};

/* Carries out the actions on a copy of this process's descriptors, of OCTAVO_FD_MAX slots; *limit
 * is one more than the highest in use. 0 or an errno; in both cases done must follow, which closes
 * the files that were opened here for the child. */
int spawn_actions_apply(const struct __posix_spawn_file_actions *actions, struct fd *table,
                        int *limit);
void spawn_actions_done(const struct __posix_spawn_file_actions *actions);

#endif
