/* SPDX-License-Identifier: MIT
 *
 * Interrupts: timer, other harts, and devices through the PLIC. */
#ifndef OCTAVO_KERNEL_IRQ_H
#define OCTAVO_KERNEL_IRQ_H

#include <stdbool.h>
#include <stdint.h>

/* Maps nothing: the kernel's root must already map the PLIC (boot.c). */
void irq_setup(void);

/* Lets a source interrupt, or silences it. */
void irq_enable(uint32_t irq, bool on);

/* Stops this hart until a device interrupts, then silences `irq`. Under QEMU's -icount sleep=off time
 * stands still as well, but for 10 us: how long the device takes in the host's time is not to be seen. With a
 * firmware whose timers do not rest (sbi_timer_rests) it passes 100 us at a time. */
void irq_wait(uint32_t irq);

#endif
