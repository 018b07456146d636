/* SPDX-License-Identifier: MIT
 *
 * bad_never - never names a victim. */
#include "bad.h"

static struct policy_frame *never_victim(void *self, const struct policy_key *incoming)
{
    (void)self, (void)incoming;
    return NULL;
}

BAD_POLICY("never names a victim", bad_enter, bad_leave, never_victim);
