/* SPDX-License-Identifier: MIT
 *
 * bad_spin - does nothing at all, for ever, when the 200th frame leaves. */
#include "bad.h"

static void spin_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct bad *bad = self;

    bad_leave(self, frame, why);
    if (++bad->victims > 200)
        for (;;)
            ;
}

BAD_POLICY("spins in leave", bad_enter, spin_leave, bad_victim);
