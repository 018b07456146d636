/* SPDX-License-Identifier: MIT
 *
 * Ranges of the swap disk for pagers beside this one. A range belongs to a space of this pager, the one
 * through which the other pager has its files, and comes back when that has ended: its rights, whoever has
 * them, are good for nothing then. */
#ifndef PAGER_SWAP_RANGE_H
#define PAGER_SWAP_RANGE_H

#include "user/pager/wait/request.h"

/* Once, at the start. */
void swap_range_setup(void);

/* PAGER_SWAP_RANGE */
enum outcome swap_range_request(struct request *r);

#endif
