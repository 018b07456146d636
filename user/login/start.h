/* SPDX-License-Identifier: MIT
 *
 * Packs a start block (proto/start.h) with descriptors 0, 1 and 2 on the console, and a working
 * directory. */
#ifndef OCTAVO_LOGIN_START_H
#define OCTAVO_LOGIN_START_H

#include <abi/handle.h>
#include <proto/start.h>
#include <stdbool.h>
#include <stddef.h>

#define START_STREAMS 3 /* the child has them in its handles from HANDLE_FIRST on */
#define START_PLACE \
    (HANDLE_FIRST + START_STREAMS) /* and there its working directory, if it has one */

/* Fills the block, of `room` bytes. False: it does not fit. */
bool start_pack(struct start_block *block, size_t room, const char *path,
                const char *const *arguments, const char *const *environment, bool has_place);

#endif
