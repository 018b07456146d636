/* SPDX-License-Identifier: MIT
 *
 * The kernel's own output, and its end. */
#ifndef OCTAVO_KERNEL_PANIC_H
#define OCTAVO_KERNEL_PANIC_H

#include "mm/port.h"

#include <stdint.h>

/* To the firmware's console. %d %u %x %p %s, with #, l and z; no widths. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says what happened, with a backtrace in symbol names, and leaves QEMU with status 125. */
#define panic mm_panic

/* From trap.S: a trap in S-mode. The frame holds x1..x17 at their indexes. */
_Noreturn void panic_trap(const uint64_t *frame);

#define PANIC_STATUS 125u

/* Leaves QEMU with this status through the test device; firmware shutdown if there is none. */
_Noreturn void power_off(uint32_t status);
_Noreturn void power_reboot(void);

/* The dump of tasks, threads and memory (kernel/diag/dump.c). */
void dump_all(void);

#endif
