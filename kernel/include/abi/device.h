/* SPDX-License-Identifier: MIT
 *
 * Device handles, and what the kernel tells the first program, init, about the machine. */
#ifndef OCTAVO_ABI_DEVICE_H
#define OCTAVO_ABI_DEVICE_H

#include <abi/handle.h>
#include <stdint.h>

enum device_kind {
    DEVICE_SYSTEM = 1, /* power, kernel console, dump: the handle of `system` */
    DEVICE_UART = 2,   /* ns16550a */
    DEVICE_VIRTIO = 3, /* virtio,mmio */
    DEVICE_RTC = 4     /* google,goldfish-rtc */
};

enum system_operation {
    SYSTEM_POWER_OFF = 1, /* a: status for QEMU, 0..255 */
    SYSTEM_REBOOT = 2,
    SYSTEM_WRITE = 3, /* a: address, b: length. To the kernel's console */
    SYSTEM_DUMP = 4,  /* tasks, threads, memory to the kernel's console */
    SYSTEM_PANIC = 5  /* stop as a kernel panic does: status 125 */
};

struct device_info {
    uint32_t kind;   /* enum device_kind */
    handle_t handle; /* init's, H_ALL */
    uint64_t base;   /* physical address, to tell devices apart; 0 = none */
    uint64_t size;   /* bytes of registers */
    uint32_t irq;    /* PLIC source, 0 = none */
    uint32_t clock;  /* Hz, UART only; 0 = not told */
};

#define BOOT_DEVICES 40
#define BOOT_INFO_BASE 0x3000000000ul    /* init's read-only view of struct boot_info */
#define BOOT_ARCHIVE_BASE 0x3100000000ul /* init's read-only view of the boot archive */

struct boot_info {
    uint64_t archive_bytes;
    uint32_t harts; /* that run */
    uint32_t ndevices;
    struct device_info device[BOOT_DEVICES];
    char arguments[2048]; /* /chosen/bootargs */
    uint8_t random[32];   /* /chosen/rng-seed, or zero */
};

#endif
