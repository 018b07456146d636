/* SPDX-License-Identifier: MIT
 *
 * Pools: slabs of 32 KiB cut into objects. Slabs are never given back; what one program used, the
 * next one uses. */
#include "user/pager/base/pool.h"
#include "user/pager/base/memory.h"

#define SLAB_BYTES 32768u

static struct pool *pools;
uint64_t pool_fail_in;
bool pool_fail_not_now;

/* The pool is empty: a new slab. Returns its first object, which is also pool->free. */
struct pool_item *pool_grow(struct pool *pool)
{
    char *slab = memory_metadata(SLAB_BYTES);

    if (!slab)
        return NULL;
    if (!pool->known) {
        pool->known = true;
        pool->next = pools;
        pools = pool;
    }
    for (size_t at = SLAB_BYTES / pool->size; at-- > 0;) {
        struct pool_item *item = (struct pool_item *)(slab + at * pool->size);
        item->next = pool->free;
        pool->free = item;
    }
    return pool->free;
}

uint64_t pool_bytes_used(void)
{
    uint64_t bytes = 0;

    for (const struct pool *pool = pools; pool; pool = pool->next)
        bytes += (uint64_t)pool->used * pool->size;
    return bytes;
}
