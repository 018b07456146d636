/* SPDX-License-Identifier: MIT
 *
 * A pager's own store as swap. See store.h. A page is in a frame or in the store, never in both, and nothing
 * waits: what goes in or out is copied at once. */
#include "user/pager/swap/store.h"
#include <abi/layout.h>
#include "user/pager/base/counters.h"
#include "user/pager/vm/anon.h"

static const struct pager_store *store;
static uint32_t stored; /* pages in it */

static enum swap_room room(void)
{
    return counters.swap_slots > 0 && store->room() ? SWAP_ROOM : SWAP_FULL;
}

static void out(struct anon *anon)
{
    anon->slot = store->out(frame_memory(anon->frame));
    PAGER_CHECK(anon->slot != 0);
    stored++;
    counters.swap_written++;
    frame_set_state(anon->frame, FRAME_CLEAN);
}

static enum swap_found in(uint32_t slot, const void **data, const void **waits_for)
{
    static uint64_t page[PAGE_SIZE / 8];

    (void)waits_for;
    if (store->in(slot, page) < 0) {
        counters.swap_errors++;
        return SWAP_ERROR;
    }
    counters.swap_read++;
    *data = page;
    return SWAP_HERE;
}

static void give_back(uint32_t slot)
{
    store->free(slot);
    stored--;
}

static uint32_t used(void)
{
    return stored;
}

static uint64_t bytes(void)
{
    return store->bytes ? store->bytes() : 0;
}

void store_setup(const struct pager_store *own, uint32_t own_frames)
{
    static const struct anon_swap swap = {
        .room = room, .out = out, .in = in, .free = give_back, .used = used, .bytes = bytes};

    store = own;
    counters.swap_slots = store->start(own_frames);
    anon_swap = &swap;
}
