/* SPDX-License-Identifier: MIT
 *
 * kmalloc: caches of powers of two, and buddy above them. See kmalloc.h. */
#include "mm/kmalloc.h"

#include "mm/mm.h"
#include "mm/slab.h"

#define CLASSES 9
#define SLAB_MAX 2048

static struct slab_cache caches[CLASSES];

void kmalloc_setup(void)
{
    static const char *const names[CLASSES] = {"kmalloc-8",   "kmalloc-16",   "kmalloc-32",
                                               "kmalloc-64",  "kmalloc-128",  "kmalloc-256",
                                               "kmalloc-512", "kmalloc-1024", "kmalloc-2048"};

    slab_setup();
    for (unsigned i = 0; i < CLASSES; i++)
        slab_create(&caches[i], names[i], 8ul << i, i == 0 ? 8 : 16);
}

/* The smallest n with unit << n >= size. */
static unsigned doublings(size_t unit, size_t size)
{
    unsigned n = 0;

    while (unit << n < size)
        n++;
    return n;
}

void *kmalloc(size_t size, unsigned flags)
{
    struct page *page;

    if (size == 0 || size > PAGE_SIZE << MAX_ORDER)
        return NULL;
    if (size <= SLAB_MAX)
        return slab_alloc(&caches[doublings(8, size)], flags);
    page = buddy_alloc(doublings(PAGE_SIZE, size), flags & ~MM_MOVABLE);
    return page ? page_to_virt(page) : NULL;
}

void kfree(void *p)
{
    struct page *page;

    if (!p)
        return;
    page = virt_to_page(p);
    if (page->state == PAGE_SLAB)
        slab_free(page_head(page)->owner, p);
    else if (page->state == PAGE_KERNEL && ((uintptr_t)p & PAGE_MASK) == 0)
        buddy_free(page, page->order);
    else
        mm_panic("kfree: %p is not from kmalloc (frame is %s)", p, page_state_name(page->state));
}
