/* SPDX-License-Identifier: MIT
 *
 * memblock: two sorted arrays of disjoint, non-touching ranges. See memblock.h.
 */
#include "kernel/boot/memblock.h"

#include <abi/errno.h>
#include <stdbool.h>

#include "mm/buddy.h"
#include "mm/mm.h"

struct range {
    paddr_t start, end;
};

/* Sorted; range[i].end < range[i + 1].start always. */
struct range_set {
    size_t n;
    struct range range[MEMBLOCK_RANGES];
};

static struct range_set memory, reserved;
static bool gone;

static void check_alive(void)
{
    if (gone)
        mm_panic("memblock: used after its hand-over");
}

void memblock_init(void)
{
    memory.n = 0;
    reserved.n = 0;
    gone = false;
}

/* Insert, swallowing every range that overlaps or touches. */
static int set_insert(struct range_set *set, paddr_t start, paddr_t end)
{
    size_t first = 0, last;

    while (first < set->n && set->range[first].end < start)
        first++;
    for (last = first; last < set->n && set->range[last].start <= end; last++) {
        if (set->range[last].start < start)
            start = set->range[last].start;
        if (set->range[last].end > end)
            end = set->range[last].end;
    }
    if (last == first) {
        if (set->n == MEMBLOCK_RANGES)
            return -ENOMEM;
        for (size_t i = set->n; i > first; i--)
            set->range[i] = set->range[i - 1];
        set->n++;
    } else {
        for (size_t i = last; i < set->n; i++)
            set->range[i - (last - first) + 1] = set->range[i];
        set->n -= last - first - 1;
    }
    set->range[first] = (struct range){start, end};
    return 0;
}

int memblock_add(paddr_t pa, size_t size)
{
    paddr_t end = size > DIRECT_SIZE || pa > DIRECT_SIZE - size ? DIRECT_SIZE : pa + size;

    check_alive();
    if (pa >= DIRECT_SIZE)
        return -EINVAL;
    pa = (pa + PAGE_MASK) & ~PAGE_MASK;
    end &= ~PAGE_MASK;
    return pa < end ? set_insert(&memory, pa, end) : -EINVAL;
}

int memblock_reserve(paddr_t pa, size_t size)
{
    paddr_t end = size > DIRECT_SIZE || pa > DIRECT_SIZE - size ? DIRECT_SIZE : pa + size;

    check_alive();
    if (pa >= DIRECT_SIZE || size == 0)
        return -EINVAL;
    pa &= ~PAGE_MASK;
    end = (end + PAGE_MASK) & ~PAGE_MASK;
    return set_insert(&reserved, pa, end);
}

/* The first range of the set that ends behind `at`, or NULL. */
static const struct range *set_find(const struct range_set *set, paddr_t at)
{
    for (size_t i = 0; i < set->n; i++) {
        if (set->range[i].end > at)
            return &set->range[i];
    }
    return NULL;
}

/* The first part of memory at or after *cursor that is (want_reserved) or is not in reserved. */
static int next_part(paddr_t *cursor, paddr_t *pa, size_t *size, bool want_reserved)
{
    const struct range *mem;
    paddr_t at = *cursor, end;

    check_alive();
    while ((mem = set_find(&memory, at))) {
        const struct range *res;
        bool inside;

        if (at < mem->start)
            at = mem->start;
        res = set_find(&reserved, at);
        inside = res && res->start <= at;
        end = mem->end;
        if (inside && res->end < end)
            end = res->end;
        if (res && !inside && res->start < end)
            end = res->start;
        if (inside == want_reserved) {
            *pa = at;
            *size = end - at;
            *cursor = end;
            return 1;
        }
        at = end;
    }
    return 0;
}

int memblock_next_free(paddr_t *cursor, paddr_t *pa, size_t *size)
{
    return next_part(cursor, pa, size, false);
}

int memblock_next_reserved(paddr_t *cursor, paddr_t *pa, size_t *size)
{
    return next_part(cursor, pa, size, true);
}

int memblock_next(paddr_t *cursor, paddr_t *pa, size_t *size)
{
    const struct range *mem = set_find(&memory, *cursor);

    check_alive();
    if (!mem)
        return 0;
    *pa = *cursor > mem->start ? *cursor : mem->start;
    *size = mem->end - *pa;
    *cursor = mem->end;
    return 1;
}

paddr_t memblock_alloc(size_t size, size_t align)
{
    paddr_t cursor = PAGE_SIZE, pa;
    size_t length;

    size = (size + PAGE_MASK) & ~PAGE_MASK;
    if (align < PAGE_SIZE)
        align = PAGE_SIZE;
    if (size == 0 || (align & (align - 1)))
        return 0;
    while (memblock_next_free(&cursor, &pa, &length)) {
        size_t skip = (0 - pa) & (align - 1);

        if (skip < length && length - skip >= size)
            return memblock_reserve(pa + skip, size) == 0 ? pa + skip : 0;
    }
    return 0;
}

size_t memblock_total(void)
{
    size_t total = 0, size;
    paddr_t cursor = 0, pa;

    while (memblock_next(&cursor, &pa, &size))
        total += size;
    return total;
}

void memblock_handover(void (*give_free)(paddr_t pa, size_t size),
                       void (*give_reserved)(paddr_t pa, size_t size))
{
    paddr_t cursor = 0, pa;
    size_t size;

    while (memblock_next_reserved(&cursor, &pa, &size))
        give_reserved(pa, size);
    cursor = 0;
    while (memblock_next_free(&cursor, &pa, &size))
        give_free(pa, size);
    gone = true;
}

void memblock_vmemmap_extent(paddr_t pa, size_t size, uintptr_t *va, size_t *length)
{
    paddr_t block = PAGE_SIZE << MAX_ORDER;
    paddr_t end = (pa + size + block - 1) & ~(block - 1);
    uintptr_t first = (uintptr_t)pa_to_page(pa & ~(block - 1));

    *va = first & ~PAGE_MASK;
    *length = (((uintptr_t)pa_to_page(end) + PAGE_MASK) & ~PAGE_MASK) - *va;
}
