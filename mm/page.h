/* SPDX-License-Identifier: MIT
 *
 * One descriptor for every frame of RAM, and the conversions between its four names:
 * physical address, frame number (pfn), descriptor, and kernel pointer in the direct map.
 *
 * It must not allocate and must not know page tables. The descriptors lie in a sparse array at
 * VMEMMAP_BASE, backed only where RAM is (see memblock_vmemmap_extent).
 */
#ifndef OCTAVO_MM_PAGE_H
#define OCTAVO_MM_PAGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "mm/layout.h"

typedef uint64_t paddr_t; /* a physical address */

/* On the host the two bases are variables: the tests point them at an arena. */
#ifdef OCTAVO_HOST
extern uintptr_t mm_host_direct_base;
extern uintptr_t mm_host_vmemmap_base;
#define DIRECT_BASE mm_host_direct_base
#define VMEMMAP_BASE mm_host_vmemmap_base
#else
#define DIRECT_BASE MM_DIRECT_BASE
#define VMEMMAP_BASE MM_VMEMMAP_BASE
#endif

/* The state of a frame. Buddy changes NONE, RESERVED, FREE* and HART; every other state is given by
 * who allocated the frame, with page_set_state. */
enum page_state {
    PAGE_NONE,      /* no RAM here, or not told yet (the descriptor is all zero) */
    PAGE_RESERVED,  /* RAM that buddy never had: kernel image, boot archive, descriptors */
    PAGE_FREE,      /* first frame of a free block of `order`, on a list of buddy */
    PAGE_FREE_TAIL, /* another frame of a free block */
    PAGE_HART,      /* free, in some hart's order-0 list */
    PAGE_KERNEL,    /* kernel data: kmalloc above 2 KiB, vmalloc, stacks, message pages */
    PAGE_SLAB,      /* holds slab objects */
    PAGE_PGTABLE,   /* a page table */
    PAGE_USER,      /* a frame some task allocated to map it */
    PAGE_NSTATES
};

#define PAGE_F_ZONE 0x03    /* enum zone_id of mm/buddy.h; never changes */
#define PAGE_F_MOVABLE 0x04 /* buddy: on (or came from) the movable list */
#define PAGE_F_BLOCK 0x08 /* buddy, in the first frame of a page block only: the block is movable */

struct page {
    /* FREE: buddy's list. SLAB (first frame): the cache's list. Any other allocated state: the
     * owner's. */
    LIST_ENTRY(page) link;
    /* SLAB: its struct slab_cache. USER, PGTABLE, KERNEL: the task that pays, or NULL. FREE:
     * NULL. */
    void *owner;
    union {
        /* USER: how many leaf PTEs map this 4 KiB frame, in all spaces, pagers' windows included (a
         *   megapage counts once in each of its 512 frames): 0 = allocated, mapped nowhere;
         *   1 = only one holder; n = shared. Kept by kernel/, which maps.
         * PGTABLE, KERNEL, RESERVED, FREE: 0. KERNEL frames that are also mapped for a user
         * (message pages) count those mappings likewise. */
        uint32_t count;
        /* SLAB (first frame of the slab) */
        struct {
            uint16_t inuse; /* objects taken out of this slab, those in harts' magazines included */
            uint16_t free;  /* index of its first free object, or SLAB_END */
        } slab;
    };
    uint8_t state; /* enum page_state */
    uint8_t order; /* FREE: of the block. Allocated: of the allocation, in each of its frames */
    uint8_t flags; /* PAGE_F_* */
    uint8_t spare;
};

_Static_assert(
    sizeof(struct page) == 32,
    "change DIRECT_SIZE in mm/layout.h: the descriptors of all its frames fit into 1 GiB");

LIST_HEAD(page_list, page);

/* How many frames are in each allocated state (RESERVED, KERNEL, SLAB, PGTABLE, USER; 0 for the
 * rest). Free frames are counted by buddy. */
extern size_t page_counts[PAGE_NSTATES];

static inline struct page *pfn_to_page(uint64_t pfn)
{
    return (struct page *)VMEMMAP_BASE + pfn;
}

static inline uint64_t page_to_pfn(const struct page *page)
{
    return (uint64_t)(page - (const struct page *)VMEMMAP_BASE);
}

static inline struct page *pa_to_page(paddr_t pa)
{
    return pfn_to_page(pa >> PAGE_SHIFT);
}

static inline paddr_t page_to_pa(const struct page *page)
{
    return page_to_pfn(page) << PAGE_SHIFT;
}

/* The direct map. virt_to_phys is for pointers into the direct map only. */
static inline void *phys_to_virt(paddr_t pa)
{
    return (void *)(DIRECT_BASE + pa);
}

static inline paddr_t virt_to_phys(const void *va)
{
    return (uintptr_t)va - DIRECT_BASE;
}

static inline void *page_to_virt(const struct page *page)
{
    return phys_to_virt(page_to_pa(page));
}

static inline struct page *virt_to_page(const void *va)
{
    return pa_to_page(virt_to_phys(va));
}

/* The first frame of the allocation that this one is of. */
static inline struct page *page_head(struct page *page)
{
    return pfn_to_page(page_to_pfn(page) & ~((1ul << page->order) - 1));
}

/* Fills 4 KiB, page aligned, with zeros. About 530 instructions. */
void page_zero(void *page);

/* Change the state of an allocated frame (all frames of the allocation when order > 0) to another
 * allocated state; keeps page_counts. */
void page_set_state(struct page *page, enum page_state state);

/* The name of a state, for dumps. */
const char *page_state_name(enum page_state state);

#endif
