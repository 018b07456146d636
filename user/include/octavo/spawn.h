/* SPDX-License-Identifier: MIT
 *
 * Beyond posix_spawn: what only a program of this system wants of a child that has not run yet. */
#ifndef OCTAVO_SPAWN_H
#define OCTAVO_SPAWN_H

#include <abi/handle.h>
#include <spawn.h>

/* Where posix_spawnp looks without PATH in the environment. */
#define SPAWN_DEFAULT_PATH "/bin:/demo:/bench:/test"

/* Called with the child's new space, before the image is laid out in it: to trace or tune it. A
 * negative errno ends the spawn. The handle is the caller's to dup, not to close. */
typedef long posix_spawn_prepare_np(handle_t space, unsigned long badge, void *context);

int posix_spawnattr_setprepare_np(posix_spawnattr_t *attributes, posix_spawn_prepare_np *prepare,
                                  void *context);

/* Handles that the child finds at HANDLE_FIRST, HANDLE_FIRST + 1 ..., before those of its
 * descriptors. The array must live until the spawn. */
int posix_spawnattr_sethandles_np(posix_spawnattr_t *attributes, const handle_t *handles,
                                  unsigned count);

#endif
