/* SPDX-License-Identifier: MIT
 *
 * Kernel objects: what a handle can name. Every object has this header, all but a thread at its
 * beginning. A reference is held by each handle and by each object that points to it and says so; at
 * none left, the type's release function runs.
 *
 * The whole kernel runs under one lock (kernel/base/lock.h): nothing here or in the objects is atomic. */
#ifndef OCTAVO_KERNEL_OBJECT_H
#define OCTAVO_KERNEL_OBJECT_H

#include <stdint.h>

enum object_type {
    OBJECT_TASK = 1,
    OBJECT_THREAD,
    OBJECT_PORT,
    OBJECT_RIGHT,
    OBJECT_ACCOUNT,
    OBJECT_DEVICE
};

struct object {
    uint32_t refs;
    uint8_t type; /* enum object_type */
};

static inline void object_ref(struct object *object)
{
    object->refs++;
}

struct handle_table;

/* A handle of this table names the object; or does not any more. */
void object_named(struct object *object, const struct handle_table *table);
void object_unnamed(struct object *object, const struct handle_table *table);

/* Drops a reference; the object may be gone afterwards. */
void object_unref(struct object *object);

#endif
