/* SPDX-License-Identifier: MIT
 *
 * Files of a pager that is not the first: it has no file server, but a space at another pager, the one
 * above, and asks it by proto/pager.h what programs ask (names/name.h's struct namer). An open file is then a right
 * to the pager above, which is what programs get from OPEN: they read and write there. Mappings and images are
 * read through such rights into own frames, so they are copies, as the file was when it was mapped.
 *     A right that a program hands over is never called, since it may lead anywhere: it goes with a request
 * to the pager above, which knows its own. */
#ifndef PAGER_PARENT_H
#define PAGER_PARENT_H

#include <stdbool.h>
#include "user/pager/wait/request.h"

/* Once, at the start. HANDLE_NONE: this is the first pager. */
void parent_setup(handle_t right);

bool parent_is_there(void);

/* PAGER_CREATE. With PAGER_CREATE_ABOVE, for yet another pager, the first one makes the space. */
enum outcome parent_create(struct request *r);

/* PAGER_SWAP_RANGE for such a space. */
enum outcome parent_swap_request(struct request *r);

#endif
