/* SPDX-License-Identifier: MIT
 *
 * bad_crash - fifo that crashes when it is asked for its 100th victim. For tests/guest/policy_fails.py. */
#include "bad.h"

static struct policy_frame *crash_victim(void *self, const struct policy_key *incoming)
{
    struct bad *bad = self;
    struct policy_frame *volatile nowhere = (struct policy_frame *)8;

    (void)incoming;
    if (++bad->victims == 100) {
        policy_log("victim %u is the last", bad->victims);
        return TAILQ_NEXT(nowhere, link);
    }
    return TAILQ_FIRST(&bad->queue);
}

BAD_POLICY("crashes in victim", bad_enter, bad_leave, crash_victim);
