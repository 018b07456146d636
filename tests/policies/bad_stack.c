/* SPDX-License-Identifier: MIT
 *
 * bad_stack - searches its queue by recursion, and does not stop. */
#include "bad.h"

static struct policy_frame *search(struct policy_frame *frame, unsigned depth)
{
    volatile char room[200];

    room[depth % sizeof(room)] = (char)depth;
    struct policy_frame *found = depth == ~0u ? frame : search(frame, depth + 1);
    return room[0] ? found : frame;
}

static struct policy_frame *deep_victim(void *self, const struct policy_key *incoming)
{
    struct bad *bad = self;

    return bad->victims < 40 ? bad_victim(self, incoming) : search(TAILQ_FIRST(&bad->queue), 0);
}

BAD_POLICY("runs out of stack", bad_enter, bad_leave, deep_victim);
