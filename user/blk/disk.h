/* SPDX-License-Identifier: MIT
 *
 * The virtio-blk device: one request a slot, in the slot's own buffer. */
#ifndef OCTAVO_BLK_DISK_H
#define OCTAVO_BLK_DISK_H

#include <abi/handle.h>
#include <stdbool.h>
#include <stdint.h>

/* Takes the device. How many slots there are, or a negative errno. */
int disk_setup(handle_t device);
void disk_stop(void);

uint64_t disk_sectors(void);
bool disk_is_read_only(void);

/* BLK_IO_MAX bytes, which a request reads from or writes to. */
void *disk_buffer(unsigned slot);

/* 0, or -EIO. The slot's thread waits for the device. */
int disk_read(unsigned slot, uint64_t sector, uint32_t sectors);
int disk_write(unsigned slot, uint64_t sector, uint32_t sectors);
int disk_flush(unsigned slot);

#endif
