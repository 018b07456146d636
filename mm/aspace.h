/* SPDX-License-Identifier: MIT
 *
 * aspace: a user address space as the hardware sees it: root table, ASID, who ran it, what must be
 * fenced; and the only way by which the kernel touches user memory.
 *
 * It must not know regions, tasks or pagers, and decides nothing about what is mapped.
 */
#ifndef OCTAVO_MM_ASPACE_H
#define OCTAVO_MM_ASPACE_H

#include <abi/errno.h>
#include <abi/msg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mm/page.h"
#include "mm/mm.h"
#include "mm/sv39.h"

struct aspace {
    pte_t *root;         /* NULL: not initialised, or destroyed */
    uint64_t satp;       /* ready for the CSR */
    uint32_t asid;       /* 0: shared, flushed when a space with 0 is entered */
    unsigned long harts; /* bit i: hart i may have translations of this space in its TLB */
    size_t resident;     /* 4 KiB pages mapped (512 for a megapage) */
    size_t tables;       /* page-table pages, the root included */
    void *owner;         /* written into the descriptors of its tables */
    /* Of the lower and the upper half of its addresses: all that has tables lies in here. */
    struct {
        uintptr_t start, end;
    } span[2];
};

/* Once, when the kernel's root is complete at its top level (vmalloc_init done): from then on every
 * root shares those tables. asid_bits: ASIDLEN, how many ASID bits satp implements, 0..16 (privileged
 * spec 4.1.11). */
void aspace_setup(pte_t *kernel_root, unsigned asid_bits);

/* A new, empty space: takes one frame, and an ASID if one is left. 0 or -ENOMEM. */
int aspace_init(struct aspace *as, void *owner);

/* The end: gives each leaf to drop, gives back tables, ASID and root. `budget` is of sv39_teardown; true:
 * call again. No hart has it in satp. Fences once, before anything is taken out: nobody can fill a TLB from
 * it any more, so frames may be used again as soon as drop has them. */
bool aspace_destroy(struct aspace *as, void (*drop)(pte_t leaf, unsigned level), long budget);

/* Entering a space on this hart: call this, write as->satp, and when it returned true execute
 * `sfence.vma x0, rs2` with rs2 = a register holding 0 (ASID 0, all non-global translations). */
static inline bool aspace_enter(struct aspace *as, unsigned hart)
{
    as->harts |= 1ul << hart;
    return as->asid == 0;
}

/* Frames that are kept when spaces go, for the next ones: a root, and tables. */
#define ASPACE_SPARES 9u

/* Tables for check-then-commit. Fill: takes n zeroed frames from buddy, state PAGE_PGTABLE, owner
 * as given; 0, or -ENOMEM and the pool is as before. Drain: gives all that is left back to
 * buddy. */
int aspace_pool_fill(struct sv39_pool *pool, size_t n, void *owner);
void aspace_pool_drain(struct sv39_pool *pool);

/* sv39_tables_needed, sv39_map, sv39_unmap with the space's counters. Frames' counts are the
 * caller's. */
int aspace_map(struct aspace *as, uintptr_t va, paddr_t pa, unsigned level, pte_t flags,
               struct sv39_pool *pool);
pte_t aspace_unmap(struct aspace *as, uintptr_t va, unsigned *level);
int aspace_split(struct aspace *as, uintptr_t va, struct sv39_pool *pool);

/* The fault path: one 4 KiB page at its slot (sv39_slot). False: something is mapped there. `leaf` from
 * pte_make. The caller fences this hart for the address. */
static inline bool aspace_map_at(struct aspace *as, pte_t *slot, pte_t leaf)
{
    if (pte_read(slot) & PTE_V)
        return false;
    pte_install(slot, leaf);
    as->resident++;
    return true;
}

/* Shoot-down: fences [va, va + npages * 4 KiB) on every hart that may know the space; all of it when that is
 * more than SHOOT_MAX_PAGES. Many changes are one call with their hull. Frames must not be freed, and old A/D
 * bits not be reported, before it returned. */
#define SHOOT_MAX_PAGES 64
void aspace_shootdown(struct aspace *as, uintptr_t va, size_t npages);

/* Does the PTE permit a user this access (ACCESS_*) to RAM, A and D apart? (4.3.1; MXR = 0) */
static inline bool aspace_permits(pte_t pte, uint32_t access)
{
    _Static_assert(ACCESS_READ << 1 == PTE_R && ACCESS_WRITE << 1 == PTE_W &&
                       ACCESS_EXECUTE << 1 == PTE_X,
                   "translate one by one: ACCESS_* are no longer PTE_* shifted by one");
    pte_t need = PTE_V | PTE_U | (pte_t)access << 1;

    return (pte & need) == need;
}

/* The bits that such an access leaves in the PTE. */
static inline pte_t aspace_touched(uint32_t access)
{
    return access == ACCESS_WRITE ? PTE_A | PTE_D : PTE_A;
}

/* Kernel pointer to the byte at user address va, or NULL when it is absent, not permitted or no
 * user address. Sets A (D for ACCESS_WRITE) atomically, as the hardware would. *left: bytes from va
 * to the end of its leaf. Valid until the kernel changes the mapping, i.e. at most until this
 * kernel entry ends. A device mapping (PTE_IO) counts as not permitted. */
void *aspace_touch(struct aspace *as, uintptr_t va, uint32_t access, size_t *left);

/* Copies between two spaces (may be the same), page by page. Stops at the first page that is absent or
 * does not permit it; returns the bytes done. When they are fewer than len, *fault_at_to says which
 * side stopped it (when NULL, nobody wants to know). */
size_t aspace_copy(struct aspace *to_as, uintptr_t to, struct aspace *from_as, uintptr_t from,
                   size_t len, bool *fault_at_to);

/* The same between a space and the kernel's own memory: ACCESS_WRITE to the space, ACCESS_READ from it. */
size_t aspace_copy_kernel(struct aspace *as, uintptr_t va, void *buffer, size_t len,
                          uint32_t access);

static inline size_t aspace_copy_in(struct aspace *as, void *to, uintptr_t from, size_t len)
{
    return aspace_copy_kernel(as, from, to, len, ACCESS_READ);
}

static inline size_t aspace_copy_out(struct aspace *as, uintptr_t to, const void *from, size_t len)
{
    return aspace_copy_kernel(as, to, (void *)from, len, ACCESS_WRITE);
}

#endif
