/* SPDX-License-Identifier: MIT
 *
 * Private pages on a disk, or on none: vm/anon.h's struct anon_swap.
 *
 * Between frames and the disk stand a few buffers, each of a run of neighbouring slots (a cluster). A page
 * that goes out is copied into the open buffer, and its frame is free at once; full buffers are written by
 * a thread (io.h). A page that comes in is sought in the buffers first; if it is in none, the slots around
 * it are read into one. So the memory that swapping needs was set aside at the start, no frame is ever
 * under the device's hand, and what was written or read lately is the cheapest to have again.
 *
 * When writing fails, the pages stay in their buffer, where they can be read, and are written elsewhere
 * later; pages that were to stay resident are DIRTY again. When reading fails, it is tried once more alone.
 * Must not know spaces or policies. */
#ifndef PAGER_DISK_H
#define PAGER_DISK_H

#include <abi/handle.h>
#include <stdint.h>

/* Evicted private pages go to this block server's disk from now on; HANDLE_NONE: there is none, and they
 * cannot go. */
void disk_setup(handle_t right);

/* --- for those who lend a part of it to somebody else (beside/swap_range.c) --- */

#define DISK_PARTS 16u
#define DISK_PART_REST 5000000000ul /* ns */

struct disk_part {
    uint32_t first, count; /* slots; count 0: it is free */
    uint64_t ended;        /* kernel clock; 0: it is in use */
};

/* The block server, or HANDLE_NONE. */
handle_t disk_right(void);

/* How many slots a part may have now: never more than half of what is free, and of all there is a half. */
uint32_t disk_part_most(void);

/* A part of at most `want` slots, or NULL. */
struct disk_part *disk_part_take(uint32_t want);

/* Nobody has a right to it any more. It is used again only after DISK_PART_REST: a write of its last user's may
 * still be on its way to the disk. */
void disk_part_end(struct disk_part *part);

#endif
