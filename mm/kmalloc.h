/* SPDX-License-Identifier: MIT
 *
 * kmalloc: kernel memory of any size, in slab's caches of 8, 16 .. 2048 bytes, above them in blocks of
 * buddy. It must not charge anyone: accounts are kernel/'s business. */
#ifndef OCTAVO_MM_KMALLOC_H
#define OCTAVO_MM_KMALLOC_H

#include <stddef.h>

#include "mm/buddy.h"

/* Sets up slab and the caches. After buddy_ready, before any other call into slab. */
void kmalloc_setup(void);

/* `size` bytes, aligned to min(size rounded up to a power of two, 16); above 2 KiB whole blocks of
 * buddy, page aligned. NULL when there is no memory, or for size 0 or above 4 MiB. flags: MM_ZERO,
 * MM_ATOMIC, and above 2 KiB MM_DMA32. */
void *kmalloc(size_t size, unsigned flags);

static inline void *kzalloc(size_t size, unsigned flags)
{
    return kmalloc(size, flags | MM_ZERO);
}

/* The size is found through the page descriptor. kfree(NULL) does nothing. */
void kfree(void *p);

#endif
