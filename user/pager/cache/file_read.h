/* SPDX-License-Identifier: MIT
 *
 * Reading files, and ahead: functions of vm/object.h's struct object_ops, for objects that are files. */
#ifndef PAGER_FILE_READ_H
#define PAGER_FILE_READ_H

#include <proto/pager.h>
#include "user/pager/vm/object.h"

/* The frame of page `index`, with contents: struct object_ops says what it returns. */
int file_read_page(struct request *r, struct object *object, uint64_t index, struct frame **frame,
                   enum pager_action *how);

void file_read_advise(struct object *object, uint64_t index, uint64_t count,
                      enum object_advice advice);

void file_read_ahead(struct object *object, struct frame *frame);

#endif
