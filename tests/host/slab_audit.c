/* SPDX-License-Identifier: MIT
 *
 * mm/slab.c with an audit behind it, which sees its lists: what the tests link in its place. */
#include "mm/slab.c"

#include "harness.h"

/* One list of slabs, each with from `least` to `most` objects in use. Adds those to *inuse. */
static size_t audit_list(struct slab_cache *cache, struct page_list *list, unsigned least,
                         unsigned most, size_t *inuse)
{
    struct page *slab;
    size_t slabs = 0;

    LIST_FOREACH (slab, list, link) {
        unsigned free = 0;

        for (unsigned i = slab->slab.free; i != SLAB_END; free++) {
            if (i >= cache->capacity || free == cache->capacity)
                mm_panic("slab %s: broken chain in %p", cache->name, (void *)slab_base(slab));
            check_free(cache, object_at(cache, slab, i), "audit");
            i = chain_next(cache, object_at(cache, slab, i));
        }
        if (slab->state != PAGE_SLAB || slab->owner != cache || slab->slab.inuse < least ||
            slab->slab.inuse > most || slab->slab.inuse + free != cache->capacity)
            mm_panic("slab %s: slab %p has %u in use, %u free", cache->name,
                     (void *)slab_base(slab), slab->slab.inuse, free);
        *inuse += slab->slab.inuse;
        slabs++;
    }
    return slabs;
}

void slab_audit(void)
{
    struct slab_cache *cache;

    LIST_FOREACH (cache, &caches, link) {
        size_t inuse = 0, empties = audit_list(cache, &cache->empty, 0, 0, &inuse);
        size_t slabs = empties;

        slabs += audit_list(cache, &cache->partial, 1, cache->capacity - 1u, &inuse);
        slabs += audit_list(cache, &cache->full, cache->capacity, cache->capacity, &inuse);
        for (unsigned h = 0; h < MM_MAX_HARTS; h++) {
            for (size_t i = 0; i < cache->magazine[h].n; i++)
                check_free(cache, cache->magazine[h].objects[i], "audit");
        }
        if (slabs != cache->slabs || empties != cache->empties || inuse != cache->taken)
            mm_panic("slab %s: counts do not add up", cache->name);
    }
}
