/* SPDX-License-Identifier: MIT
 *
 * bad_loop - asked for its 50th victim it looks for ever. */
#include "bad.h"

static struct policy_frame *look_for_ever(struct bad *bad)
{
    struct policy_frame *frame = TAILQ_FIRST(&bad->queue);

    policy_log("looking at %u frames", bad->enters);
    while (policy_busy(frame) || !policy_referenced(frame) || bad->victims)
        frame = TAILQ_NEXT(frame, link) ? TAILQ_NEXT(frame, link) : TAILQ_FIRST(&bad->queue);
    return frame;
}

static struct policy_frame *loop_victim(void *self, const struct policy_key *incoming)
{
    struct bad *bad = self;

    return bad->victims < 50 ? bad_victim(self, incoming) : look_for_ever(bad);
}

BAD_POLICY("does not come back from victim", bad_enter, bad_leave, loop_victim);
