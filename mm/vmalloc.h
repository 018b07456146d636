/* SPDX-License-Identifier: MIT
 *
 * vmalloc: kernel memory that is contiguous in virtual addresses only, with an unmapped guard page
 * on either side: per-hart stacks, and tables that grow in place. None of it ever ends, so nothing is given
 * back.
 *
 * VMALLOC_BASE .. + VMALLOC_SIZE. Frames and tables come from buddy singly (state PAGE_KERNEL). It
 * must not be used for small or short-lived things: mapping fences all harts.
 */
#ifndef OCTAVO_MM_VMALLOC_H
#define OCTAVO_MM_VMALLOC_H

#include <stddef.h>
#include <stdint.h>

#include "mm/sv39.h"

/* A reservation. Embedded in its user; all zero means none. */
struct vm_area {
    uintptr_t base; /* first address; page aligned */
    size_t size;    /* bytes backed from base on; whole pages */
    size_t max;     /* bytes reserved; whole pages */
};

/* Once: makes the level-1 table of the range in the kernel's root (so that later roots share it).
 * Panics without memory. */
void vmalloc_init(pte_t *kernel_root);

/* Reserve `max` bytes of addresses, back none. 0, -EINVAL (max is 0) or -ENOMEM (so many are not left). */
int vmalloc_reserve(struct vm_area *area, size_t max);

/* Back the area up to new_size bytes (rounded up to pages) with zeroed frames; smaller than now:
 * nothing. The memory is at (void *)area->base. 0, -EINVAL (above max) or -ENOMEM (area->size says
 * how much there is). */
int vmalloc_grow(struct vm_area *area, size_t new_size);

#endif
