/* SPDX-License-Identifier: MIT
 *
 * bad_enter - crashes when the 300th frame enters. */
#include "bad.h"

static void crash_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct bad *bad = self;

    if (bad->enters == 300)
        *(volatile char *)0x123456789 = 1;
    bad_enter(self, frame, why);
}

BAD_POLICY("crashes in enter", crash_enter, bad_leave, bad_victim);
