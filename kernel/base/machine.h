/* SPDX-License-Identifier: MIT
 *
 * What the device tree says about the machine; boot/probe.c reads it. Nothing about hardware is hard-coded
 * elsewhere. */
#ifndef OCTAVO_KERNEL_MACHINE_H
#define OCTAVO_KERNEL_MACHINE_H

#include "mm/mm.h"

#include <abi/device.h>
#include <stdbool.h>
#include <stdint.h>

struct machine_device {
    uint32_t kind; /* enum device_kind */
    uint32_t irq;  /* PLIC source, 0 = none */
    uint64_t base, size;
    uint32_t clock; /* Hz, UART */
};

struct machine {
    uint64_t timebase; /* Hz */
    uint32_t nharts;   /* enabled harts with Sv39, the boot hart first */
    uint64_t hart_id[MM_MAX_HARTS];
    uint32_t hart_phandle[MM_MAX_HARTS]; /* of its interrupt controller */
    uint32_t plic_context[MM_MAX_HARTS]; /* for S-mode external interrupts; ~0 = none */
    bool sstc;                           /* every hart has stimecmp */
    uint64_t plic_base, plic_size;
    uint32_t plic_sources;
    uint64_t test_base; /* sifive,test0: leaves QEMU with a status; 0 = none */
    uint32_t ndevices;
    struct machine_device device[BOOT_DEVICES];
    uint64_t initrd_start, initrd_end;
    uint64_t fdt_start, fdt_size;
    const char *arguments;
    bool marked; /* the arguments have run=: octavo-run tells lines of the kernel's by a mark */
    uint8_t random[32];
};

extern struct machine machine;

#endif
