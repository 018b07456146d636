/* SPDX-License-Identifier: MIT
 *
 * Delayed writing: see write_back.c and file.h. */
#ifndef PAGER_WRITE_BACK_H
#define PAGER_WRITE_BACK_H

#include <stdbool.h>
#include <stdint.h>
#include "user/pager/cache/file.h"

#define WRITE_BACK_BIT (1ul << 31) /* of the notification: it is time, write_back_all */
#define FILE_DIRTY_START 64u       /* dirty pages of a file: writing begins */
#define FILE_DIRTY_MAX 512u        /* writers wait */

extern uint64_t write_back_pages; /* dirty pages of all files */

void write_back_setup(void);

/* A page has been written to, or soon will be. */
void write_back_dirty(struct file *file, struct frame *frame);

/* The page is about to be forgotten, dirty or not. */
void write_back_forget(struct file *file, struct frame *frame);

/* Begins to write the pages that are dirty now, if there are any and nothing else is changing it; the
 * end of the pass wakes those who wait for the file. */
void write_back_file(struct file *file);

/* The same for every file that is not stuck. */
void write_back_all(void);

/* Everything that was dirty when the request first asked (r->at, 0 then) shall be written: true, the request
 * waits for that; false, it is, or could not be. */
bool write_back_sync_waits(struct request *r, struct file *file);

/* Some file has more dirty pages than it should, or all together: the writer waits for its file. */
bool write_back_must_wait(const struct file *file);

/* The machine is about to stop: writes everything, then tells init. */
void write_back_last(void);

/* A change is over: tells init, if it was the last one. */
void write_back_check(void);

#endif
