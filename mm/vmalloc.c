/* SPDX-License-Identifier: MIT
 *
 * vmalloc: one reservation after the other, with an unmapped page between them. See vmalloc.h.
 */
#include "mm/vmalloc.h"

#include <abi/errno.h>

#include "mm/aspace.h"
#include "mm/buddy.h"
#include "mm/mm.h"

static pte_t *kernel_root;
static struct sv39_pool tables;
static uintptr_t next;

/* Pages for the tables that one more page may need. */
static int prepare(void)
{
    return tables.count < SV39_TABLES_MAX
               ? aspace_pool_fill(&tables, SV39_TABLES_MAX - tables.count, NULL)
               : 0;
}

void vmalloc_init(pte_t *root)
{
    pte_t *slot = &root[sv39_index(VMALLOC_BASE, 2)];

    kernel_root = root;
    tables = (struct sv39_pool){0};
    next = VMALLOC_BASE + PAGE_SIZE;
    if (prepare())
        mm_panic("vmalloc_init: no memory");
    pte_install(slot, pte_make(virt_to_phys(sv39_pool_take(&tables)), PTE_V));
}

int vmalloc_reserve(struct vm_area *area, size_t max)
{
    if (max == 0)
        return -EINVAL;
    if (max > VMALLOC_SIZE || VMALLOC_BASE + VMALLOC_SIZE - next < max + PAGE_SIZE)
        return -ENOMEM;
    max = (max + PAGE_MASK) & ~PAGE_MASK;
    *area = (struct vm_area){.base = next, .max = max};
    next += max + PAGE_SIZE;
    return 0;
}

int vmalloc_grow(struct vm_area *area, size_t new_size)
{
    size_t old = area->size;

    if (new_size > area->max)
        return -EINVAL;
    while (area->size < new_size) {
        struct page *page = prepare() ? NULL : buddy_alloc(0, MM_ZERO);

        if (!page)
            break;
        sv39_map(kernel_root, area->base + area->size, page_to_pa(page), 0, PTE_KERNEL_RW, &tables);
        area->size += PAGE_SIZE;
    }
    /* A hart may have cached that nothing was there (4.2.1), and the kernel must not fault. */
    if (area->size > old)
        mm_fence(MM_ALL_HARTS, MM_ASID_ANY, area->base + old, area->size - old);
    return area->size < new_size ? -ENOMEM : 0;
}
