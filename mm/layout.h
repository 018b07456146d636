/* SPDX-License-Identifier: MIT
 *
 * The kernel's half of an Sv39 address space, and the page size.
 *
 * Preprocessor constants only, so that assembly and linker scripts may include this file.
 * It must not declare anything and must not know what lies inside the ranges.
 *
 * Privileged spec 4.4.1: an Sv39 address has 39 bits, sign-extended; the root table has 512 entries
 * of 1 GiB. Entries 0..255 are the user's, 256..511 the kernel's and equal in every root.
 */
#ifndef OCTAVO_MM_LAYOUT_H
#define OCTAVO_MM_LAYOUT_H

#ifdef __ASSEMBLER__
#define MM_UL(x) x
#else
#define MM_UL(x) x##ul
#endif

/* User half: page size, USER_TOP (2^38) and MEGAPAGE_SIZE are part of the ABI. */
#ifdef __ASSEMBLER__
#define PAGE_SHIFT 12
#define PAGE_SIZE 4096
#else
#include <abi/layout.h>
#endif

#define GIGAPAGE_SIZE (MM_UL(1) << 30)

/* RAM at physical address p appears at DIRECT_BASE + p, for p < DIRECT_SIZE. */
#define MM_DIRECT_BASE MM_UL(0xffffffc000000000)
#define DIRECT_SIZE (MM_UL(1) << 37)

/* struct page of frame n at VMEMMAP_BASE + n * sizeof(struct page): 1 GiB, one root entry. */
#define MM_VMEMMAP_BASE MM_UL(0xffffffe000000000)

/* mm/vmalloc.h: 1 GiB, one root entry. */
#define VMALLOC_BASE MM_UL(0xffffffe800000000)
#define VMALLOC_SIZE GIGAPAGE_SIZE

/* The kernel image is linked here (plus its offset from a 2 MiB boundary). */
#define KERNEL_BASE MM_UL(0xffffffff80000000)

#endif
