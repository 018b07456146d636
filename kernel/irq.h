/* SPDX-License-Identifier: MIT
 *
 * Interrupts: timer, other harts, and devices through the PLIC. */
#ifndef OCTAVO_KERNEL_IRQ_H
#define OCTAVO_KERNEL_IRQ_H

#include <stdint.h>

/* Maps nothing: the kernel's root must already map the PLIC (boot.c). */
void irq_setup(void);

/* Each hart: enables its interrupts. */
void irq_setup_hart(void);

/* Serves whatever is pending on this hart now. */
void irq_poll(void);

/* Lets a source interrupt, or silences it. */
void irq_enable(uint32_t irq);
void irq_disable(uint32_t irq);

#endif
