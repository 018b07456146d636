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

/* The child is to be paged by the pager whose factory right (proto/init.h: INIT_PAGER_START) that is,
 * instead of by the caller's. Its page faults are no part of what wait4 tells. */
int posix_spawnattr_setpager_np(posix_spawnattr_t *attributes, handle_t factory);

#endif
