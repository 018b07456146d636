/* SPDX-License-Identifier: MIT
 *
 * What init knows about the machine: boot information, devices, the clock of the day, and how to stop.
 * Nothing here waits for another program. */
#ifndef OCTAVO_INIT_MACHINE_H
#define OCTAVO_INIT_MACHINE_H

#include "user/init/archive.h"
#include <abi/device.h>
#include <stddef.h>
#include <stdint.h>

/* Takes the boot information. */
void machine_setup(void);

const struct archive *machine_archive(void);

/* The first device of a kind; HANDLE_NONE: there is none. */
handle_t machine_device(enum device_kind kind);

/* The first virtio device with that device id (virtio 1.1, 5); HANDLE_NONE: there is none. Slots of
 * virtio-mmio are filled in any order, so each is looked at. */
handle_t machine_virtio(uint32_t device_id);

/* Resets it, if it is there: it ends what it was given, and writes to no memory after that (2.1.2, 2.4). */
void machine_virtio_reset(uint32_t device_id);

/* The value of the boot argument name=value (or name alone: ""), not terminated. NULL: not given. */
const char *machine_argument(const char *name, size_t name_length, size_t *length);

/* ns since 1970 at kernel clock 0; 0 without a clock of the day. */
uint64_t machine_real_time(void);

/* 32 bytes that the machine has given as a seed (device tree: /chosen/rng-seed), or zeros. */
const uint8_t *machine_seed(void);

/* To the kernel's console, for what con cannot say. */
void machine_write(const char *text, size_t length);

/* These do not return. */
_Noreturn void machine_power_off(unsigned status);
_Noreturn void machine_reboot(void);

#endif
