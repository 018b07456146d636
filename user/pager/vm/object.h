/* SPDX-License-Identifier: MIT
 *
 * Objects: where a page's bytes come from when no private copy of it exists. There are two kinds, each of which
 * fills one table of functions: files (cache/file.c) and shared anonymous memory (shared.c). Above the object
 * lies the anonymous layer (anon.h), private to a space. An object knows neither regions nor mappings. */
#ifndef PAGER_OBJECT_H
#define PAGER_OBJECT_H

#include <proto/pager.h>
#include <stdbool.h>
#include <stdint.h>

struct frame;
struct object;
struct request;

enum object_advice { OBJECT_RANDOM, OBJECT_SEQUENTIAL, OBJECT_WILL_NEED };

struct object_ops {
    /* The frame of page `index`, with contents, read or made if there is none: 0 and *how it came to be there; or
     * -ENXIO (beyond the end), -ENOMEM or -EIO; or 1: the request waits for it. */
    int (*get)(struct request *r, struct object *object, uint64_t index, struct frame **frame,
               enum pager_action *how);
    /* The frame of page `index`, or NULL. It may be READING: not to be looked at or mapped yet. */
    struct frame *(*find)(const struct object *object, uint64_t index);
    /* With which of the rights `prot` a shared mapping may show a frame of it now. With VM_W the page has to be
     * DIRTY, which `write` makes it: the page is about to be written to. */
    unsigned (*share)(struct object *object, struct frame *frame, unsigned prot, bool write);
    /* Pages [index, index + count) are going to be used so. NULL: that is of no use. */
    void (*advise)(struct object *object, uint64_t index, uint64_t count,
                   enum object_advice advice);
    /* Somebody came by a frame with FRAME_AHEAD: what follows will be wanted. */
    void (*ahead)(struct object *object, struct frame *frame);
    /* Begins to write what is DIRTY to where it came from; and has a request wait until everything is written
     * that was dirty when it first asked: 1, it waits; 0, or what became of it. NULL: it is kept nowhere else. */
    void (*flush)(struct object *object);
    int (*sync)(struct request *r, struct object *object);
    /* Is there no use in trying to write its DIRTY pages now? */
    bool (*stuck)(const struct object *object);
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
