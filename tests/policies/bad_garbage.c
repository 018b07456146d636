/* SPDX-License-Identifier: MIT
 *
 * bad_garbage - names what is no page. */
#include "bad.h"

static struct policy_frame *garbage_victim(void *self, const struct policy_key *incoming)
{
    struct bad *bad = self;
    struct policy_frame *frame = TAILQ_FIRST(&bad->queue);
    static const uint64_t garbage[] = {8, 0xdeadbeef, ~0ul, 0x0c00000000 - 48, 0x0cffffffff};

    (void)incoming;
    unsigned n = bad->victims++ % 7;
    return n < 5 ? (struct policy_frame *)garbage[n]
                 : (struct policy_frame *)((char *)frame + (n == 5 ? 1 : -64));
}

BAD_POLICY("names what is no page", bad_enter, bad_leave, garbage_victim);
