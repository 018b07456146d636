/* SPDX-License-Identifier: MIT
 *
 * Who gets ^C. */
#ifndef OCTAVO_INIT_FOREGROUND_H
#define OCTAVO_INIT_FOREGROUND_H

/* con has seen ^C: ends the foreground process and its descendants with SIGINT. */
void foreground_interrupt(void);

#endif
