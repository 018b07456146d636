/* SPDX-License-Identifier: MIT
 *
 * Device objects: a range of registers, an interrupt, or (DEVICE_SYSTEM) the machine's power and the
 * kernel's console. Made at boot, one each, given to init. */
#ifndef OCTAVO_KERNEL_DEVICE_H
#define OCTAVO_KERNEL_DEVICE_H

#include "kernel/object/object.h"

#include <abi/device.h>

struct right;
struct task;

struct device {
    struct object object;
    uint32_t kind; /* enum device_kind */
    uint32_t irq;
    uint64_t base, size;
    struct right *right; /* referenced; who is told of the interrupt */
    uint64_t bits;
};

/* Makes the objects, fills info->device and gives the task a handle on each. */
void device_setup(struct task *init, struct boot_info *info);

/* The source interrupted (and is silent now). */
void device_interrupt(uint32_t irq);

#endif
