/* SPDX-License-Identifier: MIT
 *
 * Kernel objects: what a handle can name. Every object has this header, all but a thread at its
 * beginning. A reference is held by each handle and by each object that points to it and says so; at
 * none left, the type's release function runs.
 *
 * The whole kernel runs under one lock (kernel/base/lock.h): nothing here or in the objects is atomic. */
#ifndef OCTAVO_KERNEL_OBJECT_H
#define OCTAVO_KERNEL_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

enum object_type {
    OBJECT_TASK = 1,
    OBJECT_THREAD,
    OBJECT_PORT,
    OBJECT_RIGHT,
    OBJECT_ACCOUNT,
    OBJECT_DEVICE,
    OBJECT_TYPES
};

struct object {
    uint32_t refs;
    uint8_t type;  /* enum object_type */
    bool personal; /* a right: some task's pager right, which nobody inherits */
};

static inline void object_ref(struct object *object)
{
    object->refs++;
}

struct handle_table;

/* What is done with objects of a type by whoever makes them. */
struct object_kind {
    void (*release)(struct object *object); /* the last reference is gone; NULL: that cannot be */
    /* A handle of this table names the object; or does not any more. NULL: that is nothing to it. */
    void (*named)(struct object *object, const struct handle_table *table);
    void (*unnamed)(struct object *object, const struct handle_table *table);
};
extern struct object_kind object_kinds[OBJECT_TYPES]; /* each type's setup enters its own */

/* Drops a reference; the object may be gone afterwards. */
void object_unref(struct object *object);

#endif
