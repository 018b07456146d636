/* SPDX-License-Identifier: MIT
 *
 * Backing objects: where a page's bytes come from when no private copy of it exists. One file for
 * each kind of object (archive.c: a program in the boot archive; file.c: a file of the
 * host), which fills one table of functions. Above the object lies the anonymous layer (anon.c), private to a space.
 * An object knows neither regions nor mappings. */
#ifndef PAGER_OBJECT_H
#define PAGER_OBJECT_H

#include <stdint.h>

struct frame;
struct object;
struct request;

struct object_ops {
    /* Fills the frame at `to` with page `index`: 0, -ENXIO (beyond the end) or -EIO. NULL: it takes
     * time, see fetch. */
    int (*read)(struct object *object, uint64_t index, void *to);
    /* Instead of `read`, for an object that keeps its pages itself. get: the frame of page `index`, made
     * or brought back if there is none: 0, -ENXIO, -ENOMEM or -EIO, or 1: the request waits for it. find: the frame if there is one, or NULL. */
    int (*get)(struct request *r, struct object *object, uint64_t index, struct frame **frame);
    struct frame *(*find)(const struct object *object, uint64_t index);
    /* Begins to read page `index`, and perhaps others, so that the cache has it afterwards, READING or
     * CLEAN: 0, -ENXIO or -ENOMEM. */
    int (*fetch)(struct object *object, uint64_t index);
    /* The last reference is gone. */
    void (*destroy)(struct object *object);
};

struct object {
    const struct object_ops *ops;
    const char *name; /* for people: a path */
    uint64_t id;      /* never used again: with the page's index, the page's name for policies */
    uint32_t refs;    /* regions, and whoever keeps a table of objects */
    uint32_t cached;  /* frames that hold its pages */
};

static inline void object_ref(struct object *object)
{
    object->refs++;
}

static inline void object_unref(struct object *object)
{
    if (--object->refs == 0)
        object->ops->destroy(object);
}

#endif
