/* SPDX-License-Identifier: MIT
 *
 * Private pages: the pool they come from, and the way back from swap; everything else is short enough
 * for anon.h. */
#include "user/pager/vm/anon.h"
#include <errno.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/page.h"
#include "user/pager/base/watcher.h"
#include "user/pager/base/zero.h"
#include "user/pager/wait/request.h"

struct pool anon_pool = POOL(struct anon);
uint64_t anon_serial;
const struct anon_swap *anon_swap;

void anon_leave_swap(struct anon *anon)
{
    if (anon->frame && anon->frame->state != FRAME_DIRTY)
        frame_set_state(anon->frame, FRAME_DIRTY);
    anon_swap->free(anon->slot);
    anon->slot = 0;
}

int anon_bring(struct request *r, struct anon *anon)
{
    const void *data;
    enum swap_found found = anon_swap->in(anon->slot, &data, &r->waits_for);

    if (found == SWAP_WAIT) {
        r->waited = true;
        return 1;
    }
    if (found == SWAP_ERROR)
        return -EIO;
    struct frame *frame = frame_take_any();
    if (!frame)
        return -ENOMEM;
    frame_own_anon(frame, anon);
    frame_set_state(frame, FRAME_READING);
    page_copy(frame_memory(frame), data);
    frame_set_state(frame, FRAME_CLEAN);
    anon->frame = frame;
    RECORD(PAGER_RECORD_EVENTS, TRACE_SWAP_IN, (uint64_t)(frame - frames.table), anon->slot);
    if (!anon_swap->keeps)
        anon_leave_swap(anon);
    counters.swap_ins++;
    return 0;
}
