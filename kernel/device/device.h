/* SPDX-License-Identifier: MIT
 *
 * Device objects: a range of registers, an interrupt, or (DEVICE_SYSTEM) the machine's power and the
 * kernel's console. Made at boot, one each, given to init. */
#ifndef OCTAVO_KERNEL_DEVICE_H
#define OCTAVO_KERNEL_DEVICE_H

#include "kernel/object/object.h"

#include <abi/device.h>

struct right;

struct device {
    struct object object;
    uint32_t kind; /* enum device_kind */
    uint32_t irq;
    uint64_t base, size;
    struct right *right; /* referenced; who is told of the interrupt */
    uint64_t bits;
};

/* At boot, for each device of the machine, at most BOOT_DEVICES: makes its object. */
struct device *device_add(uint32_t kind, uint32_t irq, uint64_t base, uint64_t size);

/* The source interrupted (and is silent now). */
void device_interrupt(uint32_t irq);

#endif
