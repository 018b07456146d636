/* SPDX-License-Identifier: MIT
 *
 * The machine that mm/ runs on in host tests: an address range for RAM, another for vmemmap, both
 * inaccessible where no RAM is, and the hooks of mm/mm.h.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "harness.h"
#include "kernel/boot/memblock.h"
#include "mm/buddy.h"
#include "mm/mm.h"
#include "mm/page.h"
#include "mm/kmalloc.h"
#include "mm/sv39.h"

#define MACHINE_END (8ul << 30)
#define VMEMMAP_LENGTH ((MACHINE_END >> PAGE_SHIFT) * sizeof(struct page))

uintptr_t mm_host_direct_base, mm_host_vmemmap_base;
unsigned mm_host_hart;
void (*machine_fence)(unsigned long harts, uint32_t asid, uintptr_t va, size_t size);
void (*mm_host_walker)(pte_t *pte);

static void fence(unsigned long harts, uint32_t asid, uintptr_t va, size_t size)
{
    if (machine_fence)
        machine_fence(harts, asid, va, size);
}

/* Fresh, inaccessible pages at this place (anywhere when 0). */
static uintptr_t blank(uintptr_t at, size_t length)
{
    void *p = mmap((void *)at, length, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at ? MAP_FIXED : 0), -1, 0);

    if (p == MAP_FAILED)
        abort();
    return (uintptr_t)p;
}

void machine_reset(void)
{
    mm_host_direct_base = blank(mm_host_direct_base, MACHINE_END);
    mm_host_vmemmap_base = blank(mm_host_vmemmap_base, VMEMMAP_LENGTH);
    mm_host_hart = 0;
    machine_fence = NULL;
    mm_hooks.fence = fence;
    mm_hooks.pressure = NULL;
    mm_host_walker = NULL;
}

void machine_ram(uint64_t pa, size_t size)
{
    uintptr_t va;
    size_t length;

    memblock_vmemmap_extent(pa, size, &va, &length);
    if (mprotect(phys_to_virt(pa), size, PROT_READ | PROT_WRITE) ||
        mprotect((void *)va, length, PROT_READ | PROT_WRITE))
        abort();
}

void machine_boot(uint64_t pa, size_t size)
{
    machine_reset();
    machine_ram(pa, size);
    buddy_init();
    buddy_add(pa, size);
    buddy_ready();
    kmalloc_setup();
}
