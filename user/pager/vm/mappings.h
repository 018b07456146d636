/* SPDX-License-Identifier: MIT
 *
 * Changing what spaces see of one frame, through its reverse map. Changes are made at once, by one system
 * call for each space: only between messages, when no answer that maps the frame is under way. */
#ifndef PAGER_MAPPINGS_H
#define PAGER_MAPPINGS_H

#include "user/pager/base/frame.h"

/* No page shows it any more. */
void mappings_remove(struct frame *frame);

/* Nobody can write to it any more without a fault. */
void mappings_write_protect(struct frame *frame);

#endif
