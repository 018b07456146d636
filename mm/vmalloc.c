/* SPDX-License-Identifier: MIT
 *
 * vmalloc: a sorted list of reservations with at least one unmapped page between them. See
 * vmalloc.h. Some hundred areas at most (stacks, tables), so first fit along the list is good
 * enough.
 */
#include "mm/vmalloc.h"

#include <abi/errno.h>

#include "mm/buddy.h"
#include "mm/mm.h"

#define VMALLOC_END (VMALLOC_BASE + VMALLOC_SIZE)

static LIST_HEAD(, vm_area) areas; /* ascending by base */
static pte_t *kernel_root;
static struct sv39_pool tables;

static pte_t *table_refill(void)
{
    struct page *page = buddy_alloc(0, MM_ZERO);

    if (!page)
        return NULL;
    page_set_state(page, PAGE_PGTABLE);
    return page_to_virt(page);
}

void vmalloc_init(pte_t *root)
{
    pte_t *slot = &root[sv39_index(VMALLOC_BASE, 2)], *table;

    LIST_INIT(&areas);
    kernel_root = root;
    sv39_pool_init(&tables, table_refill);
    if (*slot & PTE_V)
        return;
    table = sv39_pool_take(&tables);
    if (!table)
        mm_panic("vmalloc_init: no memory");
    pte_install(slot, pte_make(virt_to_phys(table), PTE_V));
}

int vmalloc_reserve(struct vm_area *area, size_t max)
{
    uintptr_t at = VMALLOC_BASE + PAGE_SIZE;
    struct vm_area *next, *previous = NULL;

    if (max == 0)
        return -EINVAL;
    if (max > VMALLOC_SIZE)
        return -ENOMEM;
    max = (max + PAGE_MASK) & ~PAGE_MASK;
    LIST_FOREACH (next, &areas, link) {
        if (next->base - at >= max + PAGE_SIZE)
            break;
        at = next->base + next->max + PAGE_SIZE;
        previous = next;
    }
    if (!next && (at >= VMALLOC_END || VMALLOC_END - at < max + PAGE_SIZE))
        return -ENOMEM;
    *area = (struct vm_area){.base = at, .max = max};
    if (previous)
        LIST_INSERT_AFTER(previous, area, link);
    else
        LIST_INSERT_HEAD(&areas, area, link);
    return 0;
}

/* Unmap and free what lies at and above offset `keep`. The frames wait in a list for the fence. */
static void cut_back(struct vm_area *area, size_t keep)
{
    struct page_list frames = LIST_HEAD_INITIALIZER(frames);
    struct page *page;
    size_t size = area->size - keep;
    unsigned level;

    if (size == 0)
        return;
    while (area->size > keep) {
        area->size -= PAGE_SIZE;
        page = pa_to_page(pte_pa(sv39_unmap(kernel_root, area->base + area->size, &level)));
        LIST_INSERT_HEAD(&frames, page, link);
    }
    mm_fence(MM_ALL_HARTS, MM_ASID_ANY, area->base + keep, size);
    while ((page = LIST_FIRST(&frames))) {
        LIST_REMOVE(page, link);
        buddy_free(page, 0);
    }
}

int vmalloc_grow(struct vm_area *area, size_t new_size)
{
    size_t old = area->size;

    if (new_size > area->max)
        return -EINVAL;
    while (area->size < new_size) {
        struct page *page = buddy_alloc(0, MM_ZERO);
        int err = page ? sv39_map(kernel_root, area->base + area->size, page_to_pa(page), 0,
                                  PTE_KERNEL_RW, &tables)
                       : -ENOMEM;

        if (err) {
            if (page)
                buddy_free(page, 0);
            cut_back(area, old);
            return err;
        }
        area->size += PAGE_SIZE;
    }
    /* A hart may have cached that nothing was there (4.2.1), and the kernel must not fault. */
    if (area->size > old)
        mm_fence(MM_ALL_HARTS, MM_ASID_ANY, area->base + old, area->size - old);
    return 0;
}

void vmalloc_release(struct vm_area *area)
{
    cut_back(area, 0);
    LIST_REMOVE(area, link);
    *area = (struct vm_area){0};
}
