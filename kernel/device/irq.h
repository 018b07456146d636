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
 * stands still as well, but for 10 us: how long the device takes in the host's time is not to be seen. It passes
 * with a firmware newer than SBI 2.0 (irq.c). */
void irq_wait(uint32_t irq);

#endif
