/* SPDX-License-Identifier: MIT
 *
 * bad_asks - asks its services about a frame that has left. */
#include "bad.h"

static struct policy_frame *asking_victim(void *self, const struct policy_key *incoming)
{
    struct bad *bad = self;
    static const struct policy_frame none;

    if (bad->victims == 60)
        policy_busy(&none);
    return bad_victim(self, incoming);
}

BAD_POLICY("asks about what is no frame", bad_enter, bad_leave, asking_victim);
