/* SPDX-License-Identifier: MIT
 *
 * Delayed writing: see write_back.c and file.h. */
#ifndef PAGER_WRITE_BACK_H
#define PAGER_WRITE_BACK_H

#define WRITE_BACK_BIT (1ul << 31) /* of the notification: it is time, file_flush_all */
#define FILE_DIRTY_START 64u       /* dirty pages of a file: writing begins */
#define FILE_DIRTY_MAX 512u        /* writers wait */

void write_back_setup(void);

/* The machine is about to stop: writes everything, then tells init. */
void write_back_last(void);

/* A change is over: tells init, if it was the last one. */
void write_back_check(void);

#endif
