/* SPDX-License-Identifier: MIT
 *
 * Sv39 page tables: everything that is not on the shortest path. See sv39.h.
 *
 * Tables are never shared between two places of a tree, invalid entries are all zero, and only the
 * holder of the kernel's lock changes an entry's address or validity; so a walk needs no care.
 */
#include "mm/sv39.h"

#include <abi/errno.h>
#include <string.h>

#include "mm/mm.h"

#define KERNEL_HALF (0 - USER_TOP) /* the first address of the upper half */

void sv39_pool_put(struct sv39_pool *pool, void *zeroed_page)
{
    pte_t *table = zeroed_page;

    *(pte_t **)table = pool->first;
    pool->first = table;
    pool->count++;
}

void *sv39_pool_take(struct sv39_pool *pool)
{
    pte_t *table = pool->first;

    if (table) {
        pool->first = *(pte_t **)table;
        pool->count--;
        *table = 0;
        pool->taken++;
    }
    return table;
}

/* Does [va, va + size) lie in one half? */
static bool range_ok(uintptr_t va, size_t size)
{
    if (va >= KERNEL_HALF)
        return size <= 0 - va;
    return va < USER_TOP && size <= USER_TOP - va;
}

size_t sv39_tables_needed(pte_t *root, uintptr_t va, size_t npages)
{
    uintptr_t end = va + (npages << PAGE_SHIFT);
    size_t needed = 0;
    bool first = true;

    for (; va < end; va = (va | (MEGAPAGE_SIZE - 1)) + 1, first = false) {
        unsigned level;
        sv39_walk(root, va, &level);
        needed += level > 0;
        needed += level == 2 && (first || va % GIGAPAGE_SIZE == 0);
    }
    return needed;
}

/* The slot of va at this level, making the tables above it. */
static int slot_make(pte_t *root, uintptr_t va, unsigned level, struct sv39_pool *pool, pte_t **out)
{
    pte_t *table = root;

    for (unsigned l = SV39_LEVELS - 1; l > level; l--) {
        pte_t *slot = &table[sv39_index(va, l)];
        pte_t pte = pte_read(slot);

        if (pte_is_leaf(pte))
            return -EEXIST;
        if (!(pte & PTE_V)) {
            pte_t *fresh = sv39_pool_take(pool);

            if (!fresh)
                return -ENOMEM;
            pte = pte_make(virt_to_phys(fresh), PTE_V);
            pte_install(slot, pte);
        }
        table = pte_table(pte);
    }
    *out = &table[sv39_index(va, level)];
    return 0;
}

int sv39_map(pte_t *root, uintptr_t va, paddr_t pa, unsigned level, pte_t flags,
             struct sv39_pool *pool)
{
    pte_t *slot;
    int err;

    if (level >= SV39_LEVELS || ((va | pa) & (sv39_size(level) - 1)) ||
        !range_ok(va, sv39_size(level)))
        return -EINVAL;
    if ((flags & ~PTE_FLAGS) || !pte_is_leaf(flags) || (flags & (PTE_R | PTE_W)) == PTE_W)
        return -EINVAL;
    err = slot_make(root, va, level, pool, &slot);
    if (err)
        return err;
    if (pte_read(slot) & PTE_V)
        return -EEXIST;
    pte_install(slot, pte_make(pa, flags));
    return 0;
}

pte_t sv39_unmap(pte_t *root, uintptr_t va, unsigned *level)
{
    pte_t *slot = sv39_walk(root, va, level);

    return pte_read(slot) & PTE_V ? pte_swap(slot, 0) : 0;
}

/* The first entry at or after i, below n, that is not 0; else n. Eight at a time: most tables are
 * nearly empty. */
static unsigned skip_zeros(const pte_t *table, unsigned i, unsigned n)
{
    while (i < n && i % 8)
        if (pte_read(&table[i]))
            return i;
        else
            i++;
    for (; i + 8 <= n; i += 8) {
        const pte_t *t = &table[i];
        if (t[0] | t[1] | t[2] | t[3] | t[4] | t[5] | t[6] | t[7])
            break;
    }
    while (i < n && !pte_read(&table[i]))
        i++;
    return i;
}

int sv39_split(pte_t *root, uintptr_t va, struct sv39_pool *pool)
{
    unsigned level;
    pte_t *slot = sv39_walk(root, va, &level), *table;
    pte_t old = pte_read(slot);

    if (level != 1 || !(old & PTE_V))
        return -ENOENT;
    table = sv39_pool_take(pool);
    if (!table)
        return -ENOMEM;
    do { /* again if a hart set A or D in the meantime */
        for (size_t i = 0; i < SV39_ENTRIES; i++)
            table[i] = pte_make(pte_pa(old) + i * PAGE_SIZE, old & PTE_FLAGS);
    } while (!__atomic_compare_exchange_n(slot, &old, pte_make(virt_to_phys(table), PTE_V), false,
                                          __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
    return 0;
}

void sv39_root_init(pte_t *root, const pte_t *kernel_root)
{
    const size_t half = SV39_KERNEL_ENTRY * sizeof(pte_t);

    memset(root, 0, half);
    memcpy(root + SV39_KERNEL_ENTRY, kernel_root + SV39_KERNEL_ENTRY, half);
}

/* Is there anything to find in a table of this level, which is itself one of those that are left? */
static bool any_left(const struct sv39_teardown *t, unsigned level)
{
    return t->pages > 0 || (level > 0 && t->tables > SV39_LEVELS - 1 - level);
}

/* Takes out what hangs below the entries of `table` for [start, end), each with all below itself. */
static bool destroy_below(pte_t *table, uintptr_t start, uintptr_t end, unsigned level,
                          struct sv39_teardown *t)
{
    unsigned n = sv39_index(end - 1, level) + 1;

    for (unsigned i = sv39_index(start, level);
         any_left(t, level) && (i = skip_zeros(table, i, n)) < n; i++) {
        uintptr_t from = (start & ~(sv39_size(level + 1) - 1)) + i * sv39_size(level);
        uintptr_t to = from + sv39_size(level);
        pte_t pte = table[i];

        if (t->budget <= 0)
            return true;
        if (pte_is_table(pte)) {
            pte_t *below = pte_table(pte);
            if (destroy_below(below, from > start ? from : start, to < end ? to : end, level - 1,
                              t) ||
                t->budget <= 0)
                return true;
#ifdef OCTAVO_DEBUG
            MM_ASSERT(skip_zeros(below, 0, SV39_ENTRIES) == SV39_ENTRIES);
#endif
            sv39_pool_put(&t->pool, below);
            t->tables--;
        } else {
            t->pages -= sv39_size(level) >> PAGE_SHIFT;
            t->drop(pte, level);
        }
        table[i] = 0;
        t->budget -= level ? SV39_TABLE_COST : 1;
    }
    return false;
}

bool sv39_destroy(pte_t *root, uintptr_t start, uintptr_t end, struct sv39_teardown *teardown)
{
    return destroy_below(root, start, end, SV39_LEVELS - 1, teardown);
}
