/* SPDX-License-Identifier: MIT
 *
 * bad_busy - names the page that came last, which is busy. */
#include "bad.h"

static struct policy_frame *busy_victim(void *self, const struct policy_key *incoming)
{
    struct bad *bad = self;
    struct policy_frame *frame;

    (void)incoming;
    TAILQ_FOREACH (frame, &bad->queue, link)
        if (policy_busy(frame))
            return frame;
    return TAILQ_LAST(&bad->queue, policy_list);
}

BAD_POLICY("names busy pages", bad_enter, bad_leave, busy_victim);
