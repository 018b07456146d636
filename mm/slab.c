/* SPDX-License-Identifier: MIT
 *
 * slab: caches of equal objects. See slab.h.
 *
 * An object is in one of three places: with a user, in a hart's magazine, or chained in its
 * slab. The chain is made of 16-bit indexes: in release builds in the first two bytes of the
 * free object, in debug builds in the tag behind it, since there the object itself is poisoned:
 *
 *   red zone (8) | object (size) | red zone (8 and padding) | tag (8) | red zone (8) | object ...
 */
#include "mm/slab.h"

#include <abi/errno.h>
#include <string.h>

#define SLAB_MAX_ORDER 3
#define SLAB_KEEP_EMPTY 1 /* empty slabs a cache keeps, so that it does not swing */

static LIST_HEAD(, slab_cache) caches;

static char *slab_base(struct page *slab)
{
    return page_to_virt(slab);
}

static char *object_at(const struct slab_cache *cache, struct page *slab, unsigned index)
{
    return slab_base(slab) + cache->first + (size_t)index * cache->stride;
}

/* Debug: red zones, poison and the tag, which says whether the object is free. */

#ifdef OCTAVO_DEBUG
#define RED_SIZE 8
#define RED_BYTE 0xbb
#define POISON_FREE 0x6b
#define POISON_FRESH 0x5a
#define TAG_FREE 0xf7eef7ee0000ul /* above the 16 bits of the index */
#define TAG_USED 0xa110ca7e0000ul
#define TAG_INDEX 0xfffful

/* The last word before the red zone of the next object. */
static uint64_t *tag_of(const struct slab_cache *cache, const void *object)
{
    return (uint64_t *)((uintptr_t)object + cache->stride - RED_SIZE) - 1;
}

static unsigned chain_next(const struct slab_cache *cache, const void *object)
{
    return *tag_of(cache, object) & TAG_INDEX;
}

static void chain_set(const struct slab_cache *cache, void *object, unsigned next)
{
    *tag_of(cache, object) = TAG_FREE | next;
}

/* The first byte in [p, p + n) that is not `byte`, or n. */
static size_t first_other(const uint8_t *p, size_t n, uint8_t byte)
{
    size_t i = 0;

    while (i < n && p[i] == byte)
        i++;
    return i;
}

static void check_red(const struct slab_cache *cache, const void *object, const char *when)
{
    const uint8_t *p = object, *end = (const uint8_t *)tag_of(cache, object);
    size_t behind = (size_t)(end - p) - cache->size;

    if (first_other(p - RED_SIZE, RED_SIZE, RED_BYTE) < RED_SIZE)
        mm_panic("slab %s: write before object %p (seen at %s)", cache->name, object, when);
    if (first_other(p + cache->size, behind, RED_BYTE) < behind)
        mm_panic("slab %s: write behind object %p (seen at %s)", cache->name, object, when);
}

static void check_free(const struct slab_cache *cache, const void *object, const char *when)
{
    size_t at = first_other(object, cache->size, POISON_FREE);

    if (at < cache->size)
        mm_panic("slab %s: write after free, object %p offset %zu (seen at %s)", cache->name,
                 object, at, when);
    if ((*tag_of(cache, object) & ~TAG_INDEX) != TAG_FREE)
        mm_panic("slab %s: tag of free object %p overwritten (seen at %s)", cache->name, object,
                 when);
    check_red(cache, object, when);
}

static void debug_new(const struct slab_cache *cache, void *object)
{
    uint8_t *p = object;

    memset(p - RED_SIZE, RED_BYTE, RED_SIZE);
    memset(p, POISON_FREE, cache->size);
    memset(p + cache->size, RED_BYTE, (size_t)((uint8_t *)tag_of(cache, object) - p) - cache->size);
}

static void debug_alloc(const struct slab_cache *cache, void *object)
{
    check_free(cache, object, "alloc");
    *tag_of(cache, object) = TAG_USED;
    memset(object, POISON_FRESH, cache->size);
}

static void debug_free(const struct slab_cache *cache, void *object)
{
    struct page *slab = page_head(virt_to_page(object));
    uint64_t offset = (uintptr_t)object - (uintptr_t)slab_base(slab) - cache->first;
    uint64_t tag;

    if (slab->state != PAGE_SLAB || slab->owner != cache || offset % cache->stride ||
        offset / cache->stride >= cache->capacity)
        mm_panic("slab %s: free of %p, which is no object of it", cache->name, object);
    tag = *tag_of(cache, object);
    if ((tag & ~TAG_INDEX) == TAG_FREE)
        mm_panic("slab %s: double free of %p", cache->name, object);
    if (tag != TAG_USED)
        mm_panic("slab %s: write behind object %p (its tag is %lx)", cache->name, object,
                 (unsigned long)tag);
    check_red(cache, object, "free");
    memset(object, POISON_FREE, cache->size);
    *tag_of(cache, object) = TAG_FREE;
}

/* Before the first object, `align` bytes hold its red zone; every other object's is the end of its
 * predecessor's stride. */
static void set_layout(struct slab_cache *cache, size_t align)
{
    size_t end = ((cache->size + 7) & ~7ul) + RED_SIZE + sizeof(uint64_t);

    cache->first = (uint32_t)align;
    cache->stride = (uint32_t)((end + RED_SIZE + align - 1) & ~(align - 1));
}
#else
static unsigned chain_next(const struct slab_cache *cache, const void *object)
{
    (void)cache;
    return *(const uint16_t *)object;
}

static void chain_set(const struct slab_cache *cache, void *object, unsigned next)
{
    (void)cache;
    *(uint16_t *)object = (uint16_t)next;
}

static void set_layout(struct slab_cache *cache, size_t align)
{
    cache->first = 0;
    cache->stride = (uint32_t)((cache->size + align - 1) & ~(align - 1));
}
#define check_free(cache, object, when) ((void)(object))
#define debug_new(cache, object) ((void)(object))
#define debug_alloc(cache, object) ((void)(object))
#define debug_free(cache, object) ((void)(object))
#endif

void slab_create(struct slab_cache *cache, const char *name, size_t size, size_t align)
{
    size_t block;

    if (align == 0)
        align = 8;
    if (size == 0 || size > SLAB_MAX_SIZE || (align & (align - 1)) || align < 8 || align > 64)
        mm_panic("slab_create: %s has size %zu, alignment %zu", name, size, align);
    *cache = (struct slab_cache){.name = name, .size = (uint32_t)size};
    set_layout(cache, align);
    /* The smallest block that wastes at most an eighth. */
    for (cache->order = 0;; cache->order++) {
        block = (PAGE_SIZE << cache->order) - cache->first;
        if (cache->order == SLAB_MAX_ORDER ||
            (block >= cache->stride && block % cache->stride <= block / 8))
            break;
    }
    cache->capacity = (uint16_t)(block / cache->stride);
    LIST_INIT(&cache->partial);
    LIST_INIT(&cache->full);
    LIST_INIT(&cache->empty);
    LIST_INSERT_HEAD(&caches, cache, link);
}

void slab_setup(void)
{
    LIST_INIT(&caches);
}

/* Slabs. */

static struct page *slab_new(struct slab_cache *cache, unsigned flags)
{
    struct page *slab = buddy_alloc(cache->order, flags & MM_ATOMIC);

    if (!slab)
        return NULL;
    page_set_state(slab, PAGE_SLAB);
    slab->owner = cache;
    slab->slab.inuse = 0;
    slab->slab.free = 0;
    for (unsigned i = 0; i < cache->capacity; i++) {
        void *object = object_at(cache, slab, i);

        debug_new(cache, object);
        chain_set(cache, object, i + 1 < cache->capacity ? i + 1 : SLAB_END);
    }
    LIST_INSERT_HEAD(&cache->empty, slab, link);
    cache->slabs++;
    cache->empties++;
    return slab;
}

/* Back to buddy; it is on the empty list. */
static void slab_drop(struct slab_cache *cache, struct page *slab)
{
    for (unsigned i = 0; i < cache->capacity; i++)
        check_free(cache, object_at(cache, slab, i), "shrink");
    LIST_REMOVE(slab, link);
    cache->slabs--;
    cache->empties--;
    slab->count = 0;
    buddy_free(slab, cache->order);
}

/* An object out of a slab; a new slab only if `grow`. */
static void *object_take(struct slab_cache *cache, unsigned flags, bool grow)
{
    struct page *slab = LIST_FIRST(&cache->partial);
    void *object;

    if (!slab)
        slab = LIST_FIRST(&cache->empty);
    if (!slab && grow)
        slab = slab_new(cache, flags);
    if (!slab)
        return NULL;
    object = object_at(cache, slab, slab->slab.free);
    slab->slab.free = (uint16_t)chain_next(cache, object);
    if (slab->slab.inuse++ == 0)
        cache->empties--;
    cache->taken++;
    if (slab->slab.inuse == cache->capacity) {
        LIST_REMOVE(slab, link);
        LIST_INSERT_HEAD(&cache->full, slab, link);
    } else if (slab->slab.inuse == 1) {
        LIST_REMOVE(slab, link);
        LIST_INSERT_HEAD(&cache->partial, slab, link);
    }
    return object;
}

static void object_put(struct slab_cache *cache, void *object)
{
    struct page *slab = page_head(virt_to_page(object));
    size_t offset = (size_t)((char *)object - slab_base(slab)) - cache->first;

    chain_set(cache, object, slab->slab.free);
    slab->slab.free = (uint16_t)(offset / cache->stride);
    cache->taken--;
    slab->slab.inuse--;
    if (slab->slab.inuse == 0) {
        LIST_REMOVE(slab, link);
        LIST_INSERT_HEAD(&cache->empty, slab, link);
        if (++cache->empties > SLAB_KEEP_EMPTY)
            slab_drop(cache, slab);
    } else if (slab->slab.inuse + 1 == cache->capacity) {
        LIST_REMOVE(slab, link);
        LIST_INSERT_HEAD(&cache->partial, slab, link);
    }
}

static __attribute__((noinline)) void magazine_flush(struct slab_cache *cache,
                                                     struct slab_magazine *magazine, size_t keep)
{
    while (magazine->n > keep)
        object_put(cache, magazine->objects[--magazine->n]);
}

/* The magazine is empty: one object to return, and some more to keep if that needs no new slab. */
static __attribute__((noinline)) void *alloc_slow(struct slab_cache *cache,
                                                  struct slab_magazine *magazine, unsigned flags)
{
    void *object = object_take(cache, flags, true);

    if (!object) {
        /* Other harts may sit on free ones. */
        for (unsigned h = 0; h < MM_MAX_HARTS; h++)
            magazine_flush(cache, &cache->magazine[h], 0);
        return object_take(cache, flags, false);
    }
    while (magazine->n < SLAB_MAGAZINE / 2) {
        void *more = object_take(cache, flags, false);

        if (!more)
            break;
        magazine->objects[magazine->n++] = more;
    }
    return object;
}

void *slab_alloc(struct slab_cache *cache, unsigned flags)
{
    struct slab_magazine *magazine = &cache->magazine[mm_hart()];
    void *object;

    if (magazine->n > 0)
        object = magazine->objects[--magazine->n];
    else
        object = alloc_slow(cache, magazine, flags);
    if (!object)
        return NULL;
    debug_alloc(cache, object);
    if (flags & MM_ZERO)
        memset(object, 0, cache->size);
    return object;
}

void slab_free(struct slab_cache *cache, void *object)
{
    struct slab_magazine *magazine = &cache->magazine[mm_hart()];

    debug_free(cache, object);
    if (magazine->n == SLAB_MAGAZINE)
        magazine_flush(cache, magazine, SLAB_MAGAZINE / 2);
    magazine->objects[magazine->n++] = object;
}

size_t slab_shrink(struct slab_cache *cache)
{
    size_t before = cache->slabs;

    for (unsigned h = 0; h < MM_MAX_HARTS; h++)
        magazine_flush(cache, &cache->magazine[h], 0);
    while (!LIST_EMPTY(&cache->empty))
        slab_drop(cache, LIST_FIRST(&cache->empty));
    return (before - cache->slabs) << cache->order;
}

size_t slab_shrink_all(void)
{
    struct slab_cache *cache;
    size_t frames = 0;

    LIST_FOREACH (cache, &caches, link)
        frames += slab_shrink(cache);
    return frames;
}

int slab_destroy(struct slab_cache *cache)
{
    slab_shrink(cache);
    if (cache->slabs)
        return -EBUSY;
    LIST_REMOVE(cache, link);
    return 0;
}

/* Telling. */

static size_t in_magazines(const struct slab_cache *cache)
{
    size_t n = 0;

    for (unsigned h = 0; h < MM_MAX_HARTS; h++)
        n += cache->magazine[h].n;
    return n;
}

int slab_info(unsigned index, struct mminfo_slab *info)
{
    struct slab_cache *cache = LIST_FIRST(&caches);

    while (cache && index-- > 0)
        cache = LIST_NEXT(cache, link);
    if (!cache)
        return -ENOENT;
    *info = (struct mminfo_slab){
        .size = cache->size,
        .stride = cache->stride,
        .active = cache->taken - in_magazines(cache),
        .in_harts = in_magazines(cache),
        .total = cache->slabs * cache->capacity,
        .slabs = cache->slabs,
        .empty = cache->empties,
        .frames = 1ul << cache->order,
    };
    for (size_t i = 0; i + 1 < sizeof(info->name) && cache->name[i]; i++)
        info->name[i] = cache->name[i];
    return 0;
}
