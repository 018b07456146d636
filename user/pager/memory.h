/* SPDX-License-Identifier: MIT
 *
 * Where the pager's memory comes from: the kernel, by page_alloc, into windows of the pager's own
 * space. Frames for programs have one window, their descriptors another, metadata a third, so that
 * each is an array and nothing ever moves. What is taken for frames stays in the pool. */
#ifndef PAGER_MEMORY_H
#define PAGER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define METADATA_BASE 0x0400000000ul
#define FRAME_TABLE_BASE 0x0800000000ul
#define FRAME_WINDOW_BASE 0x1000000000ul /* up to BOOT_ARCHIVE_BASE: 128 GiB */

/* Asks the kernel how much there is and init for `frames=`, and sets up the frame pool. */
void memory_setup(void);

/* Zeroed memory that is never given back; a multiple of PAGE_SIZE. NULL: none left, or metadata
 * has reached its share of the machine (a quarter). */
void *memory_metadata(size_t bytes);

/* Takes up to a chunk of frames from the kernel into the pool; false: none came. They are zero. */
bool memory_grow(void);

#endif
