/* SPDX-License-Identifier: MIT
 *
 * Files of a pager that is not the first: it has no file server, but a space at another pager, the one
 * above, and asks it by proto/pager.h what programs ask. An open file is then a right to the pager above,
 * which is what programs get from OPEN: they read and write there. Mappings and images are read
 * through such rights into own frames, so they are copies, as the file was when it was mapped.
 *     A right that a program hands over is never called, since it may lead anywhere: it goes with a request
 * to the pager above, which knows its own. Functions with a path or an id are host.h's, called by
 * host.c in I/O threads; an id is a handle of such a right. */
#ifndef PAGER_PARENT_H
#define PAGER_PARENT_H

#include <stdbool.h>
#include "user/pager/cache/host.h"
#include "user/pager/wait/request.h"

/* HANDLE_NONE: this is the first pager. */
extern handle_t upper_right;

static inline bool upper_is_there(void)
{
    return upper_right != HANDLE_NONE;
}

extern const struct backing upper_backing;

int upper_open(const struct host_path *path, unsigned flags, unsigned mode, uint64_t *id,
               struct fs_stat *stat);
int upper_stat(const struct host_path *path, unsigned flags, struct fs_stat *stat);
int upper_setattr(const struct host_path *path, const struct fs_setattr *request, unsigned flags);
int upper_unlink(const struct host_path *path);
int upper_rename(const struct host_path *from, const struct host_path *to);

/* The file behind handle 0 of a request: 0, and it is r->object, and *flags those of its description; or 1,
 * the request waits; or a negative errno. -EBADF: it is no open file of the pager above. */
int upper_file(struct request *r, uint32_t *flags);

/* PAGER_OPEN and PAGER_SYNC are passed on, and so is what comes back. */
enum outcome upper_open_request(struct request *r);
enum outcome upper_sync_request(struct request *r);

/* PAGER_CREATE with PAGER_CREATE_ABOVE, for yet another pager: the first one makes the space. */
enum outcome upper_create_request(struct request *r);

/* PAGER_SWAP_RANGE for such a space. */
enum outcome upper_swap_request(struct request *r);

#endif
