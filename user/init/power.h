/* SPDX-License-Identifier: MIT
 *
 * The end of the machine: what is still to be said is said first, and what is to be written is written,
 * within reason. */
#ifndef OCTAVO_INIT_POWER_H
#define OCTAVO_INIT_POWER_H

#include <stdint.h>

/* Stops when con has sent all and the pager has written all, or after a while. Returns; power_deadline() tells when to look. */
void power_off_soon(unsigned status);

/* con says that all output has left. */
void power_drained(void);

/* The pager says that all is written, or it is gone. */
void power_synced(void);

/* When power_expire() is to be called, kernel clock; ~0: never. */
uint64_t power_deadline(void);
void power_expire(void);

#endif
