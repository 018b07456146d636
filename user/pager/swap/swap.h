/* SPDX-License-Identifier: MIT
 *
 * Swap: where private pages are that were evicted, on a disk (disk.h) or in the pager's own store
 * (pager.h). A page that is there has a slot (anon->slot). On a disk it keeps it as long as the disk holds
 * what the page holds; a page that is shared after fork has one slot, whoever shares it.
 *
 * When reading fails, the fault that needs the page is told. Must not know spaces or policies. */
#ifndef PAGER_SWAP_H
#define PAGER_SWAP_H

#include <abi/handle.h>
#include <stdbool.h>
#include <stdint.h>
#include "user/pager/vm/anon.h"

struct pager_store;

/* `disk`: a right to a block server, or HANDLE_NONE. `own`: a store to be used instead, which may take so many frames, or NULL. Neither:
 * there is no swap. */
void swap_setup(handle_t disk, const struct pager_store *own, uint32_t own_frames);

enum swap_room {
    SWAP_ROOM, /* swap_out can take a page now */
    SWAP_BUSY, /* when something that is under way is done: wait for &frames */
    SWAP_FULL  /* no: no disk, no slot, or writing fails again and again */
};
enum swap_room swap_room(void);

/* Copies the page of an anon, in a frame, to swap, for which there is SWAP_ROOM: it gets a slot. The
 * frame may be given up then; if it stays, it must be CLEANING, and becomes CLEAN when the page is on
 * the disk, DIRTY (and the slot is free again) when it could not be. */
void swap_out(struct anon *anon);

/* Begins to write what waits in the open buffer: false if there is nothing. */
bool swap_flush(void);

enum swap_found { SWAP_HERE, SWAP_WAIT, SWAP_ERROR };

/* The contents of a slot: HERE and *data; or WAIT, they are being read, for *waits_for; or ERROR, they
 * cannot be read. */
enum swap_found swap_in(uint32_t slot, const void **data, const void **waits_for);

/* Would it be HERE? */
bool swap_is_here(uint32_t slot);

/* May a page that came back stay there, too? */
bool swap_keeps(void);

/* The page holds something else now, or is gone. */
void swap_free(uint32_t slot);

/* Slots that are taken. */
uint32_t swap_used(void);

/* Bytes of the pager's memory that evicted pages take. */
uint64_t swap_bytes(void);

/* Debug builds: slots, buffers and counts agree. */
void swap_audit(void);

#endif
