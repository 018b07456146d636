/* SPDX-License-Identifier: MIT
 *
 * picolibc's <spawn.h>, which takes sigset_t as known. */
#ifndef OCTAVO_POSIX_SPAWN_H
#define OCTAVO_POSIX_SPAWN_H

#include <sys/types.h>
#include <sys/select.h> /* sigset_t */

#include_next <spawn.h>

#endif
