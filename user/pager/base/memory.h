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

/* Asks the kernel how much there is, and how many frames it shall be, and sets up the frame pool. `envp`:
 * main's. One frame in `part` is left for a store (pager.h; 0: none); how many these are. */
uint32_t memory_setup(char **envp, uint32_t part);

/* The value of a pair of the auxiliary vector; 0: there is none. */
uint64_t memory_auxv(uint64_t type);

/* Zeroed memory that is never given back, `bytes` rounded up to whole pages. NULL: none left, or metadata
 * has reached its share of the machine (a quarter). */
void *memory_metadata(size_t bytes);

/* Memory for the first `need` bytes of a window at `base`; *backed bytes of it have some. False: there is
 * not enough. */
bool memory_back(uint64_t base, uint64_t *backed, uint64_t need);

/* A boot argument's value, or what auxv says instead, ended by 0; "" and 0: not given.
 * Only while starting. */
void memory_argument(const char *name, char *value, uint64_t room);
uint64_t memory_argument_number(const char *name);

/* Beside the table of frames there shall be another one at `base`, with an entry of `size` bytes for each frame,
 * zero at first. Before the first memory_grow. */
void memory_table(uint64_t base, uint64_t size);

/* Takes up to a chunk of frames from the kernel into the pool; false: none came. They are zero. */
bool memory_grow(void);

/* Gives up to n free frames back to the kernel, and lowers the limit by as many. How many it was. */
uint32_t memory_shrink(uint32_t n);

/* The kernel has frames again: raises the limit, not beyond what it was at the start. */
void memory_recover(void);

#endif
