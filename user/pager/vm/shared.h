/* SPDX-License-Identifier: MIT
 *
 * Shared anonymous memory as an object: what MAP_SHARED | MAP_ANONYMOUS maps, and what shm_open
 * names. It keeps its pages itself, each in a struct anon with one reference, the object's; so they are
 * private pages to everything below (swap), and an object's pages to everything above: a slot that shows
 * one is a frame without SLOT_ANON, and may be writable. */
#ifndef PAGER_SHARED_H
#define PAGER_SHARED_H

#include <proto/fs.h>
#include <stdint.h>
#include "user/pager/vm/object.h"
#include "user/pager/vm/pages.h"

struct space;

/* An object of so many pages, all zero, with one reference for the caller. NULL: no memory, or the
 * space has made too many. */
struct object *shared_create(struct space *maker, uint64_t pages);

/* It has a name now, and a mode: it begins with no pages and gets a size, and counts against the share of memory
 * that named objects may have. */
void shared_set_named(struct object *object, uint32_t mode);

/* A new size in bytes. What lies beyond is gone, in every mapping, too. 0, -EFBIG, -ENOMEM or -EIO; or
 * 1: the page that is cut is in swap, and the request waits for it. */
int shared_resize(struct request *r, struct object *object, uint64_t bytes);

/* The attributes of a named one, as a file's. */
struct fs_stat shared_stat(const struct object *object);

/* For the audit: visits each page of each such object, with the object as context, and a struct anon * as entry. */
void shared_each(pages_visit *visit);

#endif
