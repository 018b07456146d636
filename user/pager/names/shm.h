/* SPDX-License-Identifier: MIT
 *
 * Shared memory with a name (shm_open): a shared anonymous object, a name for it, and descriptions of it as of an
 * open file (proto/file.h; stat and truncate only, and mmap). An object goes with its name, its last
 * description and its last mapping. */
#ifndef PAGER_SHM_H
#define PAGER_SHM_H

#include "user/pager/wait/request.h"

/* PAGER_SHM_OPEN, PAGER_SHM_UNLINK */
enum outcome shm_open_request(struct request *r);
enum outcome shm_unlink_request(struct request *r);

#endif
