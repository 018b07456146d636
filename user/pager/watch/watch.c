/* SPDX-License-Identifier: MIT
 *
 * See watch.h. */
#include "user/pager/watch/watch.h"
#include "user/pager/base/watcher.h"
#include "user/pager/calls/fault.h"
#include "user/pager/evict/reclaim.h"
#include "user/pager/watch/record.h"
#include "user/pager/watch/refs.h"
#include "user/pager/watch/stat.h"

static void answer(struct fault *f)
{
    struct policy_key key = {TRACE_NONE, TRACE_NONE};

    if (f->code == 0 && f->space->refs)
        refs_fault(f);
    stat_trace(f);
    if (f->code == 0 && f->frame->kind != FRAME_ZERO)
        key = reclaim_key(f->frame);
    RECORD(PAGER_RECORD_EVENTS, TRACE_FAULT, f->space->badge, f->address, f->access, f->pc,
           f->action, f->pages, f->code, key.object, key.index);
}

static void begins(struct space *space, const struct space *creator)
{
    if (creator && creator->refs)
        refs_begin(space);
}

void watch_setup(void)
{
    static struct space_hook hook = {.begins = begins, .ends = refs_end};

    space_hook(&hook);
    watcher = (struct watcher){.event = record_event, .answer = answer, .stop = record_last};
}
