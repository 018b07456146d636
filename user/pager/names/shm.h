/* SPDX-License-Identifier: MIT
 *
 * Shared memory with a name (shm_open): a shared anonymous object, a name for it, and rights that stand for
 * it as an open file does (proto/file.h; stat and truncate only, and mmap). An object goes with its
 * name, its last right and its last mapping. */
#ifndef PAGER_SHM_H
#define PAGER_SHM_H

#include <stdbool.h>
#include <stdint.h>
#include "user/pager/vm/region.h"
#include "user/pager/wait/request.h"

#define SHM_BADGE (1ul << 61) /* set in badges of such rights */

static inline bool badge_is_shm(uint64_t badge)
{
    return badge & SHM_BADGE;
}

extern unsigned shm_open_count; /* such rights, of all programs */

/* Such a right came as handle 0 of MMAP: its object becomes what is mapped. 0, -EBADF or -EACCES. */
int shm_map(const struct request *r, struct region_kind *kind);

/* PAGER_SHM_OPEN, PAGER_SHM_UNLINK */
enum outcome shm_open_request(struct request *r);
enum outcome shm_unlink_request(struct request *r);

/* What comes through such a right. */
enum outcome shm_request(struct request *r);

/* The last copy of such a right is gone. */
void shm_close(uint64_t badge);

#endif
