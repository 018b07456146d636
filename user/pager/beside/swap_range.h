/* SPDX-License-Identifier: MIT
 *
 * Parts of the swap disk for pagers beside this one. A part belongs to a space of this pager, the one
 * through which the other pager has its files, and comes back when that has ended: its rights, whoever has
 * them, are good for nothing then. It is lent again, or used, only LEND_REST later: a write of the other
 * pager's last moments may still be on its way to the disk. */
#ifndef PAGER_SWAP_RANGE_H
#define PAGER_SWAP_RANGE_H

#include "user/pager/wait/request.h"

#define LEND_REST 5000000000ul /* ns */
#define LENT_LEAST 16u         /* pages */
#define LENDS 16u

/* PAGER_SWAP_RANGE */
enum outcome lend_request(struct request *r);

/* A space ends. */
void lend_ended(const struct space *space);

/* Takes back what has rested. */
void lend_collect(void);

#endif
