/* SPDX-License-Identifier: MIT
 *
 * memblock: RAM at boot, before there are page descriptors.
 *
 * Two sorted lists of physical ranges in fixed arrays: `memory` (what the device tree calls RAM)
 * and `reserved` (kernel image, boot archive, device tree, firmware, holes). Free is memory minus
 * reserved. All ranges are kept in whole pages: memory is rounded inward, reserved outward. It must
 * not touch the memory it speaks of, and must not be used after memblock_handover.
 */
#ifndef OCTAVO_MM_MEMBLOCK_H
#define OCTAVO_MM_MEMBLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "mm/page.h"

#define MEMBLOCK_RANGES 64

/* Forget everything. Must be called first. */
void memblock_init(void);

/* [pa, pa + size) is RAM. Ranges may overlap or touch earlier ones (they merge). What lies at or
 * above DIRECT_SIZE, or wraps, is cut off, since the direct map cannot reach it. 0, -EINVAL
 * (nothing is left after rounding and cutting) or -ENOMEM (the array is full; nothing changed). */
int memblock_add(paddr_t pa, size_t size);

/* [pa, pa + size) must not be given away, RAM or not. May overlap and touch. Same results. */
int memblock_reserve(paddr_t pa, size_t size);

/* Take `size` bytes (rounded up to pages) from the lowest free place that fits, aligned to `align`
 * (a power of two, at least PAGE_SIZE is used), and reserve them for ever. Not zeroed.
 * Returns the physical address, or 0 when nothing fits. Never returns frame 0. */
paddr_t memblock_alloc(size_t size, size_t align);

/* Iterate over RAM (`memory`), ascending: start with *cursor = 0. Returns 1 and the range, or 0 at
 * the end. memblock_next_free iterates over memory minus reserved, memblock_next_reserved over
 * memory that is reserved. Adding or reserving in between is fine: the cursor is an address. */
int memblock_next(paddr_t *cursor, paddr_t *pa, size_t *size);
int memblock_next_free(paddr_t *cursor, paddr_t *pa, size_t *size);
int memblock_next_reserved(paddr_t *cursor, paddr_t *pa, size_t *size);

/* Bytes of RAM. */
size_t memblock_total(void);

/* The end: every free range goes to buddy_add, every reserved part of RAM to buddy_add_reserved
 * (both of mm/buddy.h, passed in so that memblock knows nobody). Any later call of memblock_*
 * panics. */
void memblock_handover(void (*give_free)(paddr_t pa, size_t size),
                       void (*give_reserved)(paddr_t pa, size_t size));

/* Which virtual range of vmemmap must be backed with zeroed memory before RAM at [pa, pa + size)
 * goes to buddy: the descriptors of the enclosing MAX_ORDER blocks (buddy looks at neighbours),
 * rounded to pages. Ranges of neighbouring RAM may overlap: map what is not mapped yet. */
void memblock_vmemmap_extent(paddr_t pa, size_t size, uintptr_t *va, size_t *length);

#endif
