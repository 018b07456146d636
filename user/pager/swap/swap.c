/* SPDX-License-Identifier: MIT
 *
 * Where evicted private pages are: on the disk (disk.c), or in the store that this pager brings
 * (pager.h). See swap.h. Must not know what either does with them. */
#include "user/pager/swap/swap.h"
#include <abi/layout.h>
#include "user/pager/base/counters.h"
#include "user/pager/pager.h"
#include "user/pager/swap/disk.h"

static const struct pager_store *store; /* NULL: the disk */
static uint32_t stored;                 /* pages in it */

void swap_setup(handle_t disk, const struct pager_store *own, uint32_t own_frames)
{
    store = own;
    if (store)
        counters.swap_slots = store->start(own_frames);
    else
        disk_setup(disk);
}

enum swap_room swap_room(void)
{
    if (!store)
        return disk_room();
    return counters.swap_slots > 0 && store->room() ? SWAP_ROOM : SWAP_FULL;
}

void swap_out(struct anon *anon)
{
    if (!store) {
        disk_out(anon);
        return;
    }
    anon->slot = store->out(frame_memory(anon->frame));
    PAGER_CHECK(anon->slot != 0);
    stored++;
    counters.swap_written++;
    frame_set_state(anon->frame, FRAME_CLEAN);
}

bool swap_flush(void)
{
    return !store && disk_flush();
}

enum swap_found swap_in(uint32_t slot, const void **data, const void **waits_for)
{
    static uint64_t page[PAGE_SIZE / 8];

    if (!store)
        return disk_in(slot, data, waits_for);
    if (store->in(slot, page) < 0) {
        counters.swap_errors++;
        return SWAP_ERROR;
    }
    counters.swap_read++;
    *data = page;
    return SWAP_HERE;
}

bool swap_keeps(void)
{
    return !store;
}

bool swap_is_here(uint32_t slot)
{
    return store || disk_peek(slot);
}

void swap_free(uint32_t slot)
{
    if (!store) {
        disk_free(slot);
        return;
    }
    store->free(slot);
    stored--;
}

void anon_leave_swap(struct anon *anon)
{
    if (anon->frame && anon->frame->state != FRAME_DIRTY)
        frame_set_state(anon->frame, FRAME_DIRTY);
    swap_free(anon->slot);
    anon->slot = 0;
}

uint32_t swap_used(void)
{
    return store ? stored : disk_used();
}

uint64_t swap_bytes(void)
{
    return store && store->bytes ? store->bytes() : 0;
}

#ifdef OCTAVO_DEBUG
void swap_audit(void)
{
    if (!store)
        disk_audit();
}
#endif
