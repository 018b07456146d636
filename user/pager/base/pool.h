/* SPDX-License-Identifier: MIT
 *
 * Pools of fixed-size metadata objects. A space pays for what is kept on its behalf: whoever makes
 * regions without end reaches its own limit, not the others'. Must not know what an object is. */
#ifndef PAGER_POOL_H
#define PAGER_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "user/pager/base/panic.h"

/* An account of bytes. */
struct charge {
    uint64_t used, limit;
};

struct pool_item {
    struct pool_item *next;
};

struct pool {
    uint32_t size; /* of an object: a multiple of 16, at least 16 */
    uint32_t used; /* objects handed out */
    struct pool_item *free;
    struct pool *next; /* of those that have ever had a slab */
    bool known;        /* is in that list */
    bool zeroed;       /* objects come and go all zero but for their first word */
};

#define POOL_BYTES(object) ((sizeof(object) + 15u) & ~15u)
#define POOL(object)               \
    {                              \
        .size = POOL_BYTES(object) \
    }
#define POOL_ZEROED(object)                        \
    {                                              \
        .size = POOL_BYTES(object), .zeroed = true \
    }

/* Bytes of all objects handed out, of all pools. */
uint64_t pool_bytes_used(void);

struct pool_item *pool_grow(struct pool *pool);

/* Tests (debug builds): the allocation that brings this to 0 fails; 0 = none, ~0 = all. Every allocation asks
 * pool_fails: objects here, frames (zero.h), and the rights that the pager makes. */
extern uint64_t pool_fail_in;
extern bool pool_fail_not_now; /* what is being done is for the test itself */

static inline bool pool_fails(void)
{
#ifdef OCTAVO_DEBUG
    return unlikely(pool_fail_in) && !pool_fail_not_now &&
           (pool_fail_in == ~0ul || --pool_fail_in == 0);
#else
    return false;
#endif
}

/* Is one going to fail? */
static inline bool pool_will_fail(void)
{
#ifdef OCTAVO_DEBUG
    return pool_fail_in != 0;
#else
    return false;
#endif
}

/* The same as pool_alloc where pool->free is known to be there and nobody is charged. */
static inline void *pool_pop(struct pool *pool)
{
    struct pool_item *item = pool->free;

    pool->free = item->next;
    pool->used++;
    return item;
}

/* Contents are anything, or as `zeroed` says. NULL: the charge is at its limit, or there is no memory. */
static inline void *pool_alloc(struct pool *pool, struct charge *charge)
{
    if (charge && unlikely(charge->used + pool->size > charge->limit))
        return NULL;
    if (pool_fails() || (unlikely(!pool->free) && !pool_grow(pool)))
        return NULL;
    if (charge)
        charge->used += pool->size;
    return pool_pop(pool);
}

static inline void pool_free(struct pool *pool, void *object, struct charge *charge)
{
    struct pool_item *item = object;

#ifdef OCTAVO_DEBUG
    if (!pool->zeroed)
        __builtin_memset(object, 0xdd, pool->size);
    for (size_t at = 1; pool->zeroed && at < pool->size / 8; at++)
        PAGER_ASSERT(((uint64_t *)object)[at] == 0);
#endif
    PAGER_ASSERT(pool->used > 0);
    if (charge) {
        PAGER_ASSERT(charge->used >= pool->size);
        charge->used -= pool->size;
    }
    item->next = pool->free;
    pool->free = item;
    pool->used--;
}

#endif
