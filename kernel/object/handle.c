/* SPDX-License-Identifier: MIT
 *
 * Handle tables. See handle.h. It does not know what objects do. */
#include "kernel/object/handle.h"

#include "mm/kmalloc.h"

#include <string.h>

#define HANDLE_TABLE_FIRST 16u
#define HANDLE_TABLE_MAX (1u << HANDLE_INDEX_BITS)
#define HANDLE_GENERATIONS (1u << (32 - HANDLE_INDEX_BITS))
#define INHERIT_CHUNK 256u /* slots between two looks at the interrupts */

void *handle_object(struct handle_table *table, uint64_t value, enum object_type type,
                    unsigned rights, long *error)
{
    struct handle *handle = handle_get(table, value);

    if (!handle || handle->object->type != type) {
        *error = -EBADF;
        return NULL;
    }
    if ((handle->rights & rights) != rights) {
        *error = -EPERM;
        return NULL;
    }
    return handle->object;
}

/* Chains slots [from, size) into the free list, lowest first. */
static void chain(struct handle_table *table, uint32_t from)
{
    for (uint32_t i = table->size; i-- > from;) {
        table->slots[i].next_free = table->first_free;
        table->first_free = (uint16_t)i;
    }
}

static int grow(struct handle_table *table, uint32_t size)
{
    size_t bytes = size * sizeof(struct handle);

    if (!account_charge(table->account, bytes))
        return -ENOMEM;
    struct handle *slots = kzalloc(bytes, 0);
    if (!slots) {
        account_uncharge(table->account, bytes);
        return -ENOMEM;
    }
    uint32_t old = table->size;
    if (old) {
        memcpy(slots, table->slots, old * sizeof(struct handle));
        kfree(table->slots);
        account_uncharge(table->account, old * sizeof(struct handle));
    }
    table->slots = slots;
    table->size = size;
    chain(table, old ? old : HANDLE_FIRST);
    return 0;
}

int handle_table_init(struct handle_table *table, struct account *account)
{
    memset(table, 0, sizeof(*table));
    table->account = account;
    return grow(table, HANDLE_TABLE_FIRST);
}

int handle_reserve(struct handle_table *table, unsigned count)
{
    uint16_t at = table->first_free;

    while (count && at) {
        at = table->slots[at].next_free;
        count--;
    }
    if (!count)
        return 0;
    if (!table->size || table->size >= HANDLE_TABLE_MAX) /* torn down, or as large as can be */
        return -EMFILE;
    return grow(table, table->size * 2);
}

static void fill(struct handle_table *table, struct handle *handle, struct object *object,
                 unsigned rights)
{
    handle->object = object;
    handle->rights = (uint16_t)((rights & H_ALL) | (unsigned)object->type << HANDLE_TYPE_SHIFT);
    object_ref(object);
    if (object_kinds[object->type].named)
        object_kinds[object->type].named(object, table);
    table->used++;
}

handle_t handle_add(struct handle_table *table, struct object *object, unsigned rights)
{
    uint16_t index = table->first_free;

    if (!index) {
        if (handle_reserve(table, 1))
            return HANDLE_NONE;
        index = table->first_free;
    }
    struct handle *handle = &table->slots[index];
    table->first_free = handle->next_free;
    fill(table, handle, object, rights);
    return handle->generation << HANDLE_INDEX_BITS | index;
}

void handle_put_at(struct handle_table *table, uint32_t index, struct object *object,
                   unsigned rights)
{
    struct handle *handle = &table->slots[index];

    fill(table, handle, object, rights);
}

static bool is_heritable(const struct handle *handle)
{
    return handle->object && handle->object->type == OBJECT_RIGHT && handle->rights & H_TRANSFER &&
           !handle->object->personal;
}

/* The free slots of a fresh table are chained in order, so the slot after the last one that stayed free
 * is the next to look at: what links to it says so, whatever *progress claims. */
int handle_inherit(struct handle_table *table, const struct handle_table *from, uint64_t *progress)
{
    uint32_t at = (uint32_t)*progress, free = (uint32_t)(*progress >> 32);

    if (*progress == 0) {
        at = HANDLE_FIRST;
        if (table->used >= HANDLE_FIRST)
            return -EBUSY;
        if (table->size < from->size) {
            int error = grow(table, from->size);
            if (error)
                return error;
            table->first_free = 0;
            chain(table, HANDLE_FIRST);
        }
    }
    uint32_t size = table->size < from->size ? table->size : from->size;
    if (free >= table->size || at < HANDLE_FIRST)
        return -EBUSY;
    for (unsigned budget = INHERIT_CHUNK; at < size && budget; at++, budget--) {
        uint16_t *link = free ? &table->slots[free].next_free : &table->first_free;
        const struct handle *handle = &from->slots[at];
        if (*link != at || table->slots[free].object)
            return -EBUSY;
        if (!is_heritable(handle)) {
            free = at;
            continue;
        }
        *link = table->slots[at].next_free;
        table->slots[at].generation = handle->generation;
        fill(table, &table->slots[at], handle->object, handle->rights);
    }
    *progress = at < size ? at | (uint64_t)free << 32 : 0;
    return 0;
}

static void drop(struct handle_table *table, struct handle *handle)
{
    struct object *object = handle->object;

    handle->object = NULL;
    handle->rights = 0;
    handle->generation = (handle->generation + 1) % HANDLE_GENERATIONS;
    handle->next_free = table->first_free;
    table->first_free = (uint16_t)(handle - table->slots);
    table->used--;
    if (object_kinds[object->type].unnamed)
        object_kinds[object->type].unnamed(object, table);
    object_unref(object);
}

int handle_close(struct handle_table *table, uint64_t value)
{
    struct handle *handle = handle_get(table, value);

    if (!handle)
        return -EBADF;
    drop(table, handle);
    return 0;
}

bool handle_table_destroy(struct handle_table *table, unsigned budget)
{
    for (; table->used && table->destroyed < table->size; table->destroyed++) {
        if (!budget--)
            return true;
        if (table->slots[table->destroyed].object)
            drop(table, &table->slots[table->destroyed]);
    }
    if (table->slots) {
        account_uncharge(table->account, table->size * sizeof(struct handle));
        kfree(table->slots);
    }
    memset(table, 0, sizeof(*table));
    return false;
}
