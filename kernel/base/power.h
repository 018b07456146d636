/* SPDX-License-Identifier: MIT
 *
 * Switching the machine off. */
#ifndef OCTAVO_KERNEL_POWER_H
#define OCTAVO_KERNEL_POWER_H

#include <stdint.h>

/* Leaves QEMU with this status through the test device; firmware shutdown if there is none. */
_Noreturn void power_off(uint32_t status);
_Noreturn void power_reboot(void);

#endif
