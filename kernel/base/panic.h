/* SPDX-License-Identifier: MIT
 *
 * The end after a bug: what happened, a backtrace, and out of QEMU. */
#ifndef OCTAVO_KERNEL_PANIC_H
#define OCTAVO_KERNEL_PANIC_H

#include <stdint.h>

#define PANIC_STATUS 125u /* QEMU's exit status then */

/* What diag/ has for this, where it is there already (boot/boot.c fills it in). */
struct panic_hooks {
    /* Prints the functions on the stack: the one at pc, where that is none the one that jumped there (ra),
     * and those whose frames begin at fp. */
    void (*backtrace)(uintptr_t pc, uintptr_t ra, uintptr_t fp);
    void (*dump)(void); /* prints tasks, threads and memory */
};
extern struct panic_hooks panic_hooks;

/* Says what happened, with a backtrace, and leaves QEMU with PANIC_STATUS. */
_Noreturn void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From trap.S: a trap in S-mode. The frame holds x1..x17 at their indexes. */
_Noreturn void panic_trap(const uint64_t *frame);

#endif
