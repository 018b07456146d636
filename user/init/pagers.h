/* SPDX-License-Identifier: MIT
 *
 * Pagers beside the system's (PAGER_* of proto/init.h): init makes them of sbin/pager or of a program
 * that was sent in pieces, hands out their factory rights, and sees to it that neither they nor their
 * programs outlive each other. Its memory is its own: a table, and the frames of images. */
#ifndef OCTAVO_INIT_PAGERS_H
#define OCTAVO_INIT_PAGERS_H

#include "user/init/process.h"

/* Notes which pager a process has, its task just made. 0, or -EPIPE: a pager that is ending. */
int pagers_adopt(struct process *process);

/* process_end of a pager: its programs end first, and it is said. */
void pagers_ending(struct process *process);

/* process_end of any process: what it started has no owner any more. */
void pagers_orphan(const struct process *owner);

/* A pager has ENDED. Frees it. */
void pagers_gone(struct process *process);

/* Some process is gone: ends the pagers that nobody needs any more. */
void pagers_check(void);

/* When pagers_expire() is to be called, kernel clock; ~0: never. */
extern uint64_t pagers_deadline;
void pagers_expire(void);

#endif
