/* SPDX-License-Identifier: MIT
 *
 * Handle tables: index + generation -> object, rights. See <abi/handle.h>. */
#ifndef OCTAVO_KERNEL_HANDLE_H
#define OCTAVO_KERNEL_HANDLE_H

#include "kernel/object/account.h"
#include "kernel/object/object.h"

#include <abi/errno.h>
#include <abi/handle.h>
#include <stddef.h>

#define HANDLE_TYPE_SHIFT 8

struct handle {
    struct object *object; /* referenced; NULL: free */
    uint32_t generation;
    uint16_t rights;    /* H_* | type << HANDLE_TYPE_SHIFT; 0: free */
    uint16_t next_free; /* index of the next free slot, 0 = none */
};

struct handle_table {
    struct handle *slots;
    uint32_t size; /* slots there are */
    uint32_t used;
    uint16_t first_free;
    uint32_t destroyed;      /* while it is: closed below this */
    struct account *account; /* pays; the task's */
};

/* The entry that the value names, or NULL: out of range, free, or of another generation. */
static inline struct handle *handle_get(struct handle_table *table, uint64_t value)
{
    uint32_t index = HANDLE_INDEX(value);

    if (index >= table->size)
        return NULL;
    struct handle *handle = &table->slots[index];
    if (!handle->object || handle->generation != value >> HANDLE_INDEX_BITS)
        return NULL;
    return handle;
}

/* The rights that a copy in another task's table has: a port is received from by its own task only. */
static inline unsigned handle_rights_given(const struct handle *handle)
{
    return handle->rights & ~(handle->object->type == OBJECT_PORT ? H_RECV : 0u);
}

/* The object of this type with all these rights, or NULL and *error = -EBADF, -EPERM. */
void *handle_object(struct handle_table *table, uint64_t value, enum object_type type,
                    unsigned rights, long *error);

/* An empty table with slots reserved for at least the first ones. 0 or -ENOMEM. */
int handle_table_init(struct handle_table *table, struct account *account);

/* Makes room for `count` more, so that as many handle_add cannot fail. 0, -EMFILE, -ENOMEM. */
int handle_reserve(struct handle_table *table, unsigned count);

/* Adds a handle and takes a reference. The value, or 0 when there is no room. */
handle_t handle_add(struct handle_table *table, struct object *object, unsigned rights);

/* The same at a fixed index that is free, generation 0. For a table's birth. */
void handle_put_at(struct handle_table *table, uint32_t index, struct object *object,
                   unsigned rights);

/* TASK_INHERIT, one chunk of it: copies rights that may be transferred, and are no task's pager right,
 * to the same values in a table as it was at its birth. *progress: 0 to begin with, and when all is done.
 * 0, -ENOMEM (only at the beginning), -EBUSY: slots are taken, or *progress is not what it was. */
int handle_inherit(struct handle_table *table, const struct handle_table *from, uint64_t *progress);

/* 0 or -EBADF. */
int handle_close(struct handle_table *table, uint64_t value);

/* Closes at most `budget` of them; true when more are left. Then frees the table. */
bool handle_table_destroy(struct handle_table *table, unsigned budget);

#endif
