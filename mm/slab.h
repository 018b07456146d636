/* SPDX-License-Identifier: MIT
 *
 * slab: kernel objects smaller than a page, in caches of equal objects (Bonwick 1994).
 *
 * A slab is one buddy block cut into objects; its bookkeeping is in the descriptor of its first
 * frame (owner = cache, slab.inuse, slab.free) and free objects are chained through themselves. A
 * cache has lists of partial, full and empty slabs, and a small array of free objects for each hart
 * in front. There are no constructors: users initialise what they get (poisoning would destroy a
 * kept state). It must not charge anyone: accounts are kernel/'s business.
 *
 * In debug builds (OCTAVO_DEBUG) every object has red zones before and behind and is filled with
 * poison while free. mm_panic on: a second free, a pointer that is no object, a write beyond either
 * end (seen at free), a write after free (seen at the next alloc, shrink or audit).
 */
#ifndef OCTAVO_MM_SLAB_H
#define OCTAVO_MM_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include <abi/mminfo.h>
#include "mm/buddy.h"
#include "mm/page.h"
#include "mm/mm.h"

#define SLAB_END 0xffffu   /* end of a slab's chain of free objects */
#define SLAB_MAGAZINE 15   /* objects a hart keeps: two cache lines of pointers */
#define SLAB_MAX_SIZE 4096 /* the largest object of a cache */

struct slab_magazine {
    size_t n;
    void *objects[SLAB_MAGAZINE];
};

/* Embedded in or beside its user; all fields are slab.c's, the first ones only read by the inline
 * paths. */
struct slab_cache {
    const char *name;  /* a constant; at most 23 characters are shown */
    uint32_t size;     /* of an object, as asked for */
    uint32_t stride;   /* from one object to the next */
    uint32_t first;    /* offset of the first object in its slab (the red zone before it) */
    uint16_t order;    /* a slab is 2^order frames */
    uint16_t capacity; /* objects in a slab */
    struct page_list partial, full, empty;
    size_t slabs, empties;
    size_t taken; /* objects out of slabs, with users or in magazines */
    struct slab_magazine magazine[MM_MAX_HARTS];
    LIST_ENTRY(slab_cache) link;
};

/* Set up a cache for objects of `size` bytes (1..SLAB_MAX_SIZE), aligned to `align` (a power of two
 * up to 64; 0 = 8). Takes no memory. Cannot fail; wrong arguments panic. */
void slab_create(struct slab_cache *cache, const char *name, size_t size, size_t align);

/* One object, or NULL. flags: MM_ZERO, MM_ATOMIC. */
void *slab_alloc(struct slab_cache *cache, unsigned flags);

/* Give back an object of this cache. NULL is a bug here (kfree allows it). */
void slab_free(struct slab_cache *cache, void *object);

/* Empty the magazines and give empty slabs back to buddy. Returns the frames given back. */
size_t slab_shrink(struct slab_cache *cache);
size_t slab_shrink_all(void);

/* Shrink, and forget the cache. -EBUSY when objects are still in use (nothing is forgotten
 * then). */
int slab_destroy(struct slab_cache *cache);

/* Forget all caches. After buddy_ready, before any other call into slab. */
void slab_setup(void);

/* Copy out what `slabinfo` shows of the index-th cache (0..). 0, or -ENOENT behind the last. */
int slab_info(unsigned index, struct mminfo_slab *info);

#endif
