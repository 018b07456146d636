/* SPDX-License-Identifier: MIT
 *
 * Files by name: the requests of proto/pager.h that begin with a path. */
#ifndef PAGER_NAME_H
#define PAGER_NAME_H

#include "user/pager/cache/file.h"
#include "user/pager/wait/request.h"

struct work;

/* Of files that are opened by name. */
extern const struct backing *name_backing;

/* The first run of a request with `count` paths, from `offset` of its `in` on: its work, with paths and places.
 * NULL: *outcome says what to return. */
struct work *name_begin(struct request *r, unsigned count, uint64_t offset, enum outcome *outcome);

enum outcome name_open(struct request *r);
enum outcome name_stat(struct request *r);
enum outcome name_setattr(struct request *r);
enum outcome name_unlink(struct request *r);
enum outcome name_rename(struct request *r);
enum outcome name_sync(struct request *r);

/* What a path that work_get's first path says leads to, with an id to read it by (and to write, if flags
 * say so): 0, and r->object has a reference on the file; WAIT_FOR_NAME, the request waits; or a negative
 * errno. Called again and again until it is not WAIT_FOR_NAME. */
#define WAIT_FOR_NAME 1
int name_look_up(struct request *r);

#endif
