/* SPDX-License-Identifier: MIT
 *
 * The end of the machine: what is still to be said is said first, within reason. */
#ifndef OCTAVO_INIT_POWER_H
#define OCTAVO_INIT_POWER_H

#include <stdint.h>

/* Stops when con has sent all, or after a moment. Returns; power_deadline() tells when to look. */
void power_off_soon(unsigned status);

/* con says that all output has left. */
void power_drained(void);

/* When power_expire() is to be called, kernel clock; ~0: never. */
uint64_t power_deadline(void);
void power_expire(void);

#endif
