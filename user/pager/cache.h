/* SPDX-License-Identifier: MIT
 *
 * The page cache: (object, page) -> the frame that holds it, whoever maps it. It must not decide
 * what stays; it holds no reference on objects: an object drops its pages before it goes. */
#ifndef PAGER_CACHE_H
#define PAGER_CACHE_H

#include <stdbool.h>
#include <stdint.h>
#include "user/pager/frame.h"
#include "user/pager/object.h"

void cache_setup(void);

/* The frame that holds this page, or NULL. */
struct frame *cache_find(const struct object *object, uint64_t index);

/* The same; if there is none, a frame is taken and read: 0, -ENOMEM, -ENXIO (beyond the end) or
 * -EIO. *read: whether it was. */
int cache_get(struct object *object, uint64_t index, struct frame **frame, bool *read);

/* Forgets the page; the frame is still its caller's to release. */
void cache_drop(struct frame *frame);

#endif
