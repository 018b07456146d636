/* SPDX-License-Identifier: MIT
 *
 * Private pages on a disk: swap.h's functions by the same names, for the case that there is a disk or
 * nothing.
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

#include "user/pager/swap/swap.h"

void disk_setup(handle_t right);
enum swap_room disk_room(void);
void disk_out(struct anon *anon);
bool disk_flush(void);
enum swap_found disk_in(uint32_t slot, const void **data, const void **waits_for);
bool disk_peek(uint32_t slot); /* is it in a buffer? */
void disk_free(uint32_t slot);
uint32_t disk_used(void);
void disk_audit(void);

/* For swap_range.h: the disk, or HANDLE_NONE; how many slots are free; and a run of at most `want` of them, taken,
 * from *first on. How many it is, perhaps none; they go back by disk_free. */
handle_t disk_right(void);
uint32_t disk_free_slots(void);
uint32_t disk_take(uint32_t want, uint32_t *first);

#endif
