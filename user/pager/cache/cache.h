/* SPDX-License-Identifier: MIT
 *
 * The page cache: (object, page) -> the frame that holds it, whoever maps it. It must not decide
 * what stays; it holds no reference on objects: an object drops its pages before it goes. */
#ifndef PAGER_CACHE_H
#define PAGER_CACHE_H

#include <stdint.h>
#include "user/pager/base/frame.h"
#include "user/pager/vm/object.h"

void cache_setup(void);

extern struct frame **cache_buckets;
extern uint64_t cache_mask;

/* Pages that follow each other have buckets that do. */
static inline struct frame **cache_bucket(const struct object *object, uint64_t index)
{
    return &cache_buckets[(object->id * 0x9e3779b1ul + index) & cache_mask];
}

/* The frame of this page, or NULL. It may be READING: not to be looked at or mapped yet. */
static inline struct frame *cache_find(const struct object *object, uint64_t index)
{
    struct frame *frame = *cache_bucket(object, index);

    while (frame && (frame->object != object || frame->index != index))
        frame = frame->next;
    return frame;
}

/* The same if it can be used now, else NULL. */
static inline struct frame *cache_find_ready(const struct object *object, uint64_t index)
{
    struct frame *frame = cache_find(object, index);

    return frame && frame->state != FRAME_READING ? frame : NULL;
}

/* A frame for a page that has none, still ABSENT: the caller fills it, or begins to, and says so.
 * NULL: no memory. */
struct frame *cache_add(struct object *object, uint64_t index);

/* Forgets the page; the frame is still its caller's to release. */
void cache_drop(struct frame *frame);

#endif
