/* SPDX-License-Identifier: MIT
 *
 * bad_scribble - overwrites what is the pager's own, so that the pager crashes and not its policy. */
#include "bad.h"
#include "user/pager/base/frame.h"

static struct policy_frame *scribble_victim(void *self, const struct policy_key *incoming)
{
    frames.table = (struct frame *)4096;
    return bad_victim(self, incoming);
}

BAD_POLICY("breaks the pager", bad_enter, bad_leave, scribble_victim);
