/* SPDX-License-Identifier: MIT
 *
 * The start of the harts. */
#ifndef OCTAVO_KERNEL_START_H
#define OCTAVO_KERNEL_START_H

/* Gives every hart its stack and starts the others. Called on the boot hart, last thing at boot. */
_Noreturn void start_all(void);

#endif
