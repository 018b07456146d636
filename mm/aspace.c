/* SPDX-License-Identifier: MIT
 *
 * Address spaces: ASIDs, counters, shoot-down, and copying from and to user memory. See aspace.h.
 *
 * Who may have stale translations of a space? Every hart that entered it: its bit in `harts` is set
 * before satp is written, and stays until the space dies. Spaces that share ASID 0 are flushed whenever
 * one of them is entered.
 */
#include "mm/aspace.h"

#include "mm/buddy.h"

#include <string.h>

#define ASID_MAX 1024 /* of the at most 65,536: more spaces than that share ASID 0 */

static pte_t *kernel_root;
static uint32_t asid_limit, asid_hint;
static uint64_t asid_used[ASID_MAX / 64];

/* Tables of spaces that are gone, zeroed, and a root whose user half is: for the next ones. */
static struct sv39_pool spare;
static pte_t *spare_root;

void aspace_setup(pte_t *root, unsigned asid_bits)
{
    uint32_t limit = 1u << asid_bits;

    kernel_root = root;
    asid_limit = limit < ASID_MAX ? limit : ASID_MAX;
    asid_hint = 1;
    spare_root = NULL;
    spare = (struct sv39_pool){0};
    memset(asid_used, 0, sizeof(asid_used));
    asid_used[0] = 1;
}

/* A free ASID, found from the last one on so that a fresh one was not used a moment ago; or 0. */
static uint32_t asid_alloc(void)
{
    for (uint32_t i = 0; i < asid_limit; i++) {
        uint32_t asid = (asid_hint + i) % asid_limit;

        if (!(asid_used[asid / 64] & 1ul << asid % 64)) {
            asid_used[asid / 64] |= 1ul << asid % 64;
            asid_hint = asid + 1;
            return asid;
        }
    }
    return 0;
}

static void asid_free(uint32_t asid)
{
    if (asid)
        asid_used[asid / 64] &= ~(1ul << asid % 64);
}

int aspace_init(struct aspace *as, void *owner)
{
    struct page *page = spare_root ? virt_to_page(spare_root) : buddy_alloc(0, 0);

    if (!page)
        return -ENOMEM;
    if (!spare_root) {
        page_set_state(page, PAGE_PGTABLE);
        sv39_root_init(page_to_virt(page), kernel_root);
    }
    spare_root = NULL;
    page->owner = owner;
    *as = (struct aspace){.root = page_to_virt(page), .owner = owner, .tables = 1};
    as->span[0].start = as->span[1].start = USER_TOP;
    as->asid = asid_alloc();
    as->satp = sv39_satp(as->root, as->asid);
    return 0;
}

bool aspace_destroy(struct aspace *as, void (*drop)(pte_t leaf, unsigned level), long budget)
{
    struct sv39_teardown t = {
        .drop = drop, .pages = as->resident, .tables = as->tables - 1, .budget = budget};
    bool more = false;

    if (as->harts) {
        mm_fence(as->harts, as->asid, 0, MM_FENCE_ALL);
        as->harts = 0;
    }
    for (unsigned i = 0; i < 2 && !more; i++)
        if (as->span[i].end)
            more = sv39_destroy(as->root, as->span[i].start, as->span[i].end, &t);
    as->resident = t.pages;
    as->tables = t.tables + 1;
    aspace_pool_drain(&t.pool);
    if (more)
        return true;
    MM_ASSERT(as->tables == 1 && as->resident == 0);
    if (spare_root)
        buddy_free(virt_to_page(as->root), 0);
    else
        spare_root = as->root;
    asid_free(as->asid);
    as->root = NULL;
    return false;
}

int aspace_pool_fill(struct sv39_pool *pool, size_t n, void *owner)
{
    for (size_t i = 0; i < n; i++) {
        pte_t *table = sv39_pool_take(&spare);

        if (!table) {
            struct page *page = buddy_alloc(0, MM_ZERO);
            if (!page) {
                while (i-- > 0)
                    buddy_free(virt_to_page(sv39_pool_take(pool)), 0);
                return -ENOMEM;
            }
            page_set_state(page, PAGE_PGTABLE);
            table = page_to_virt(page);
        }
        virt_to_page(table)->owner = owner;
        sv39_pool_put(pool, table);
    }
    return 0;
}

void aspace_pool_drain(struct sv39_pool *pool)
{
    while (pool->count > 0) {
        pte_t *table = sv39_pool_take(pool);
        virt_to_page(table)->owner = NULL;
        if (spare.count < ASPACE_SPARES - 1)
            sv39_pool_put(&spare, table);
        else
            buddy_free(virt_to_page(table), 0);
    }
}

int aspace_map(struct aspace *as, uintptr_t va, paddr_t pa, unsigned level, pte_t flags,
               struct sv39_pool *pool)
{
    size_t before = pool->taken;
    int err = va < USER_TOP ? sv39_map(as->root, va, pa, level, flags, pool) : -EINVAL;

    if (pool->taken != before || level > 0) {
        uintptr_t start = va & ~(MEGAPAGE_SIZE - 1), end = start + sv39_size(level ? level : 1);
        unsigned half = va >= USER_TOP / 2;
        if (start < as->span[half].start)
            as->span[half].start = start;
        if (end > as->span[half].end)
            as->span[half].end = end;
    }
    as->tables += pool->taken - before;
    if (err == 0)
        as->resident += sv39_size(level) >> PAGE_SHIFT;
    return err;
}

pte_t aspace_unmap(struct aspace *as, uintptr_t va, unsigned *level)
{
    pte_t old = sv39_unmap(as->root, va, level);

    if (old)
        as->resident -= sv39_size(*level) >> PAGE_SHIFT;
    return old;
}

int aspace_split(struct aspace *as, uintptr_t va, struct sv39_pool *pool)
{
    size_t before = pool->taken;
    int err = sv39_split(as->root, va, pool);

    as->tables += pool->taken - before;
    return err;
}

void aspace_shootdown(struct aspace *as, uintptr_t va, size_t npages)
{
    if (npages == 0 || !as->harts)
        return;
    if (npages > SHOOT_MAX_PAGES)
        mm_fence(as->harts, as->asid, 0, MM_FENCE_ALL);
    else
        mm_fence(as->harts, as->asid, va, npages << PAGE_SHIFT);
}

/* User memory. */

void *aspace_touch(struct aspace *as, uintptr_t va, uint32_t access, size_t *left)
{
    pte_t need = aspace_touched(access);
    unsigned level;
    size_t offset;
    pte_t *slot, pte;

    if (va >= USER_TOP)
        return NULL;
    slot = sv39_walk(as->root, va, &level);
    pte = pte_read(slot);
    if (!aspace_permits(pte, access) || (pte & PTE_IO))
        return NULL;
    if ((pte & need) != need)
        pte_set_bits(slot, need);
    offset = va & (sv39_size(level) - 1);
    *left = sv39_size(level) - offset;
    return phys_to_virt(pte_pa(pte) + offset);
}

size_t aspace_copy_kernel(struct aspace *as, uintptr_t va, void *buffer, size_t len,
                          uint32_t access)
{
    size_t done = 0, n;

    for (; done < len; done += n) {
        void *user = aspace_touch(as, va + done, access, &n);

        if (!user)
            break;
        if (n > len - done)
            n = len - done;
        if (access == ACCESS_WRITE)
            memcpy(user, (char *)buffer + done, n);
        else
            memcpy((char *)buffer + done, user, n);
    }
    return done;
}

size_t aspace_copy(struct aspace *to_as, uintptr_t to, struct aspace *from_as, uintptr_t from,
                   size_t len, bool *fault_at_to)
{
    size_t done = 0, n, from_left = 0, to_left = 0; /* of what was touched last */
    const char *source = NULL;
    char *target = NULL;

    for (; done < len; done += n) {
        if (!from_left)
            source = aspace_touch(from_as, from + done, ACCESS_READ, &from_left);
        if (source && !to_left)
            target = aspace_touch(to_as, to + done, ACCESS_WRITE, &to_left);
        if (!source || !target) {
            if (fault_at_to)
                *fault_at_to = source != NULL;
            break;
        }
        n = from_left < to_left ? from_left : to_left;
        if (n > len - done)
            n = len - done;
        memmove(target, source, n);
        source += n, target += n;
        from_left -= n, to_left -= n;
    }
    return done;
}
