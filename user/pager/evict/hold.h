/* SPDX-License-Identifier: MIT
 *
 * Progress. When memory is short, what a thread was brought stays until the thread has got past the
 * instruction or the system call that needed it, whatever the policy nominates. Each such thread has a turn;
 * turns are kept in order, and where not all can keep their frames the oldest one does: so at any time somebody
 * gets on, and then it is the next one's turn. hold.c says how it is seen that a thread has got past it.
 *
 * Frames that are held are busy to the policy, no more: nothing is pinned, and memory that can be had in no
 * other way is had by ending a turn (hold_yield). Must not evict, nor map. */
#ifndef PAGER_HOLD_H
#define PAGER_HOLD_H

#include <stdbool.h>
#include "user/pager/base/frame.h"
#include "user/pager/wait/request.h"

/* The thread that waits for r's answer needs this frame before it gets on; to be called when frames
 * are short (frames.tight). */
void hold_frame(const struct request *r, const struct frame *frame);

/* A call has been answered for good: what was held for it is not any longer. */
void hold_answered(const struct request *r);

struct guest_frame;

/* Is it to stay for now? */
bool hold_keeps(const struct guest_frame *known);

/* Nothing else can go for r (NULL: for no request in particular): the youngest turn gives its frames up. False:
 * only one has any, or r's own does, which is not helped by losing them, and none is younger. */
bool hold_yield(const struct request *r);

/* Debug builds: what each frame counts is what turns say. */
void hold_audit(void);

#endif
