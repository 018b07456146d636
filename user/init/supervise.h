/* SPDX-License-Identifier: MIT
 *
 * The servers: con, the pager, and login, which starts shells. Init loads them, learns from con and the
 * pager what to hand out, and watches over them. */
#ifndef OCTAVO_INIT_SUPERVISE_H
#define OCTAVO_INIT_SUPERVISE_H

#include "user/init/process.h"
#include <stdbool.h>
#include <stdint.h>

/* Starts con and the pager; login follows when both have registered. 0 or a negative errno. */
int supervise_start(void);

/* The system's pager; NULL: it is gone. */
struct process *supervise_pager(void);

/* Its factory right (proto/pager.h), which stays init's; HANDLE_NONE: it has registered none. */
handle_t supervise_pager_right(void);

/* A wired process has committed a crime and will be ended: makes its device forget its memory, before
 * that belongs to somebody else. */
void supervise_crashed(struct process *process);

/* Has the pager write all files back; it answers by INIT_SYNCED. False: there is no pager. */
bool supervise_ask_sync(void);

/* A wired process has ENDED. Frees it. */
void supervise_gone(struct process *process);

/* When supervise_expire() is to be called, kernel clock: a server that never registers must not end
 * in silence. ~0: never. */
uint64_t supervise_deadline(void);
void supervise_expire(void);

#endif
