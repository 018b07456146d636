/* SPDX-License-Identifier: MIT
 *
 * Sv39 page tables: walk, map, unmap, protect, harvest, split, destroy.
 *
 * An address is folded three times: bits 38..30, 29..21 and 20..12 each pick one of 512 entries. An
 * entry (PTE) is invalid, a pointer to the next table (V set, R=W=X=0) or a leaf; a leaf at level 0
 * maps 4 KiB, at level 1 2 MiB, at level 2 1 GiB. (RISC-V privileged spec 1.12, 4.3.1 PTE bits,
 * 4.3.2 the translation algorithm, 4.4.1 Sv39.)
 *
 * Page-table pages come from and go to a pool that the caller fills and empties: there is no
 * allocation policy here, and nobody is charged. Nothing here fences: the caller does, before it
 * relies on the effect (mm/aspace.h). Frames' counts are the caller's, too. A root is the
 * direct-map pointer to its table.
 *
 * Harts set A and D in PTEs at any time, so each read-modify-write of a valid PTE is one atomic.
 */
#ifndef OCTAVO_MM_SV39_H
#define OCTAVO_MM_SV39_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mm/page.h"

typedef uint64_t pte_t;

#define PTE_V 0x001ul /* valid */
#define PTE_R 0x002ul
#define PTE_W 0x004ul /* W without R is reserved: never made */
#define PTE_X 0x008ul
#define PTE_U 0x010ul /* user page: S-mode cannot touch it (SUM = 0) nor ever run it */
#define PTE_G 0x020ul /* global: in all spaces; the kernel half */
#define PTE_A 0x040ul /* accessed since last cleared */
#define PTE_D 0x080ul /* dirtied since last cleared */
#define PTE_RWX (PTE_R | PTE_W | PTE_X)
#define PTE_IO 0x100ul    /* ours (RSW): device registers, no RAM; the kernel never touches them */
#define PTE_FLAGS 0x3fful /* V .. D and the two bits RSW */
#define PTE_PPN_SHIFT 10
#define PTE_PPN_MASK (0x3ffffffffful << PTE_PPN_SHIFT) /* 44 bits */
#define SV39_ENTRIES 512
#define SV39_KERNEL_ENTRY 256 /* the first entry of the kernel's half of a root */
#define SV39_LEVELS 3
#define SATP_SV39 (8ul << 60) /* satp.MODE, 4.1.11; ASID in bits 59..44, PPN below */
#define SATP_ASID_SHIFT 44

/* Kernel mappings. A and D are preset: the kernel must never trap for them. */
#define PTE_KERNEL_RW (PTE_V | PTE_R | PTE_W | PTE_G | PTE_A | PTE_D)
#define PTE_KERNEL_RO (PTE_V | PTE_R | PTE_G | PTE_A)
#define PTE_KERNEL_RX (PTE_V | PTE_R | PTE_X | PTE_G | PTE_A)

static inline unsigned sv39_index(uintptr_t va, unsigned level)
{
    return (va >> (PAGE_SHIFT + 9 * level)) & (SV39_ENTRIES - 1);
}

/* Bytes that a leaf at this level maps. */
static inline size_t sv39_size(unsigned level)
{
    return PAGE_SIZE << (9 * level);
}

/* The level of the largest leaf that can map va to pa and is within `size` bytes (whole pages). */
static inline unsigned sv39_level(uintptr_t va, paddr_t pa, size_t size)
{
    unsigned level = SV39_LEVELS - 1;

    while (level > 0 && (((va | pa) & (sv39_size(level) - 1)) || size < sv39_size(level)))
        level--;
    return level;
}

static inline bool pte_is_leaf(pte_t pte)
{
    return (pte & PTE_V) && (pte & PTE_RWX);
}

static inline bool pte_is_table(pte_t pte)
{
    return (pte & (PTE_V | PTE_RWX)) == PTE_V;
}

static inline paddr_t pte_pa(pte_t pte)
{
    return pte << 10 >> (10 + PTE_PPN_SHIFT) << PAGE_SHIFT; /* bits 63..54 are no address */
}

static inline pte_t pte_make(paddr_t pa, pte_t flags)
{
    return (pa >> (PAGE_SHIFT - PTE_PPN_SHIFT)) | flags;
}

static inline pte_t *pte_table(pte_t pte)
{
    return phys_to_virt(pte_pa(pte));
}

static inline uint64_t sv39_satp(const pte_t *root, uint32_t asid)
{
    return SATP_SV39 | (uint64_t)asid << SATP_ASID_SHIFT | virt_to_phys(root) >> PAGE_SHIFT;
}

/* A plain read of a PTE that harts may be changing. The host tests put a page-table walker
 * behind it that comes at the worst moment. */
#ifdef OCTAVO_HOST
extern void (*mm_host_walker)(pte_t *pte);
#endif
static inline pte_t pte_read(const pte_t *pte)
{
    pte_t value = __atomic_load_n(pte, __ATOMIC_RELAXED);

#ifdef OCTAVO_HOST
    if (mm_host_walker)
        mm_host_walker((pte_t *)pte);
#endif
    return value;
}

/* Make an *invalid* slot valid. Harts never write invalid PTEs, so a store is enough; it comes
 * after all earlier stores to the page and the table (release). */
static inline void pte_install(pte_t *slot, pte_t pte)
{
    __atomic_store_n(slot, pte, __ATOMIC_RELEASE);
}

/* Each of these changes a PTE in one atomic step and returns the old value: A and D are never
 * lost. */
static inline pte_t pte_swap(pte_t *slot, pte_t pte)
{
    return __atomic_exchange_n(slot, pte, __ATOMIC_ACQ_REL);
}

static inline pte_t pte_clear_bits(pte_t *slot, pte_t bits)
{
    return __atomic_fetch_and(slot, ~bits, __ATOMIC_ACQ_REL);
}

static inline pte_t pte_set_bits(pte_t *slot, pte_t bits)
{
    return __atomic_fetch_or(slot, bits, __ATOMIC_ACQ_REL);
}

/* New R, W and X, and the bits of `clear` cleared. Not an AND and an OR: a megapage's leaf must never look
 * like a pointer, not even in between. */
static inline pte_t pte_protect(pte_t *slot, pte_t prot, pte_t clear)
{
    pte_t old = pte_read(slot);

    while (!__atomic_compare_exchange_n(slot, &old, (old & ~(PTE_RWX | clear)) | prot, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        ;
    return old;
}

/* Where the walk for va ends: the PTE of the leaf, or the invalid one; *level says at which level.
 * (An invalid entry at level n means that nothing is mapped in the enclosing sv39_size(n).)
 * va must be canonical (user: below USER_TOP). */
static inline pte_t *sv39_walk(pte_t *root, uintptr_t va, unsigned *level)
{
    pte_t *slot = &root[sv39_index(va, 2)];
    pte_t pte = pte_read(slot);

    if (!pte_is_table(pte)) {
        *level = 2;
        return slot;
    }
    slot = &pte_table(pte)[sv39_index(va, 1)];
    pte = pte_read(slot);
    if (!pte_is_table(pte)) {
        *level = 1;
        return slot;
    }
    *level = 0;
    return &pte_table(pte)[sv39_index(va, 0)];
}

/* The level-0 slot of va, or NULL when its table does not exist (or a larger leaf is in the way). */
static inline pte_t *sv39_slot(pte_t *root, uintptr_t va)
{
    unsigned level;
    pte_t *slot = sv39_walk(root, va, &level);

    return level ? NULL : slot;
}

/* The PTE of the 4 KiB page at va, as if no larger leaf mapped it; without V: nothing does. */
static inline pte_t sv39_page(pte_t *root, uintptr_t va)
{
    unsigned level;
    pte_t pte = pte_read(sv39_walk(root, va, &level));

    return level ? pte + ((va & (sv39_size(level) - 1)) >> PAGE_SHIFT << PTE_PPN_SHIFT) : pte;
}

/* Zeroed pages for tables, chained through their first word. Not tied to page descriptors, since
 * the boot code maps those with it. All zero: an empty one. */
struct sv39_pool {
    pte_t *first;
    size_t count; /* pages in it */
    size_t taken; /* pages ever taken from it */
};

void sv39_pool_put(struct sv39_pool *pool, void *zeroed_page);
void *sv39_pool_take(struct sv39_pool *pool); /* zeroed; NULL when empty */

#define SV39_TABLES_MAX 2 /* that one page can need */

/* How many pages the pool must hold so that `npages` 4 KiB leaves can be mapped from va on without
 * -ENOMEM, in a range that is in the user's half and has no larger leaf. So: ask, fill the pool, then
 * sv39_map cannot fail but for what is mapped there. */
size_t sv39_tables_needed(pte_t *root, uintptr_t va, size_t npages);

/* Map one leaf of sv39_size(level) bytes. flags: PTE_* bits, with V; as given, so set A and D as
 * wanted. The slot must be invalid. 0; -EINVAL (va or pa not aligned to the size, flags are no leaf
 * or W without R), -EEXIST (something is mapped in the range: a leaf, or for level > 0 a table,
 * even an empty one), -ENOMEM (pool empty; nothing is mapped, tables made on
 * the way stay). */
int sv39_map(pte_t *root, uintptr_t va, paddr_t pa, unsigned level, pte_t flags,
             struct sv39_pool *pool);

/* Removes the leaf that maps va and returns its old PTE, or 0 when va is not mapped.
 * *level is where the walk ended: for a result of 0 the caller may skip to the next multiple of
 * sv39_size(*level). For a megapage the whole leaf is affected - "a partial unmap drops the whole
 * leaf" - and *level = 1 says so. */
pte_t sv39_unmap(pte_t *root, uintptr_t va, unsigned *level);

/* Replace the megapage leaf that maps va by a table of 512 leaves with the same rights, A and D.
 * 0, -ENOENT (no level-1 leaf there) or -ENOMEM. Fence afterwards. */
int sv39_split(pte_t *root, uintptr_t va, struct sv39_pool *pool);

/* A new root: user half empty, kernel half equal to kernel_root's. */
void sv39_root_init(pte_t *root, const pte_t *kernel_root);

/* A tree of user addresses on its way out, as far as it has come. */
struct sv39_teardown {
    void (*drop)(pte_t leaf, unsigned level); /* called for each leaf: the frame is the caller's */
    size_t pages;  /* 4 KiB pages still mapped, tables still below the root: what says when */
    size_t tables; /* to stop looking */
    long budget;   /* of leaves; anything larger costs SV39_TABLE_COST. Used up: <= 0 */
    struct sv39_pool pool; /* tables taken out, zeroed */
};
#define SV39_TABLE_COST 8 /* a table is looked at from end to end; a megapage is many frames */

/* Takes leaves and tables out of the tree: those for [start, end), and there may be none beside. No hart may
 * use the root any more, nor have a translation from it. true: the budget is used up, and more remain. */
bool sv39_destroy(pte_t *root, uintptr_t start, uintptr_t end, struct sv39_teardown *teardown);

#endif
