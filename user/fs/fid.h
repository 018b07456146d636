/* SPDX-License-Identifier: MIT
 *
 * Numbers for fids. */
#ifndef OCTAVO_FS_FID_H
#define OCTAVO_FS_FID_H

#include "user/fs/p9.h"

/* A number that no fid has, above PATH_ROOT_FID; P9_NO_FID: all are taken. */
uint32_t fid_get(void);
/* Gives back a number that is not a fid. P9_NO_FID, and those of /dev: nothing happens. */
void fid_put(uint32_t fid);
/* Ends a fid, and gives back its number. P9_NO_FID, and those of /dev: nothing happens. */
void fid_put_clunk(struct p9 *p9, uint32_t fid);

#endif
