/* SPDX-License-Identifier: MIT
 *
 * Reading the device tree. */
#ifndef OCTAVO_KERNEL_PROBE_H
#define OCTAVO_KERNEL_PROBE_H

#include <stdint.h>

/* Fills `machine` from the device tree at this physical address, which the direct map must reach, and feeds
 * memblock. Panics with a clear line if it lacks what the kernel cannot do without. */
void probe_machine(uint64_t fdt, uint64_t boot_hart);

#endif
