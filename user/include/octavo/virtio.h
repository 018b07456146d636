/* SPDX-License-Identifier: MIT
 *
 * A driver's half of a virtio-mmio device with one queue (Virtual I/O Device 1.1: 2.6 split virtqueues,
 * 3.1.1 initialisation, 4.2 MMIO), for servers with a few threads. It moves buffers and knows nothing
 * of what is in them. Legacy devices are refused.
 *
 * The ring is cut into slots of `stride` descriptors each. A slot belongs to one thread, which describes
 * a request in it and waits in virtio_exchange until the device is done; one more thread hears the
 * interrupts. A device that lies or breaks is given up: who waits gets -EIO, and so does whoever asks
 * later. Its memory stays allocated: such a device may still write to it. */
#ifndef OCTAVO_VIRTIO_H
#define OCTAVO_VIRTIO_H

#include <abi/handle.h>
#include <octavo/lock.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIRTIO_ID_BLOCK 2u
#define VIRTIO_ID_9P 9u

#define VIRTIO_RING 128u /* descriptors at most */
#define VIRTIO_SLOTS 8u
#define VIRTIO_CONFIG 0x100 /* offset of the device's own registers */

struct virtio_ring;

struct virtio_slot {
    unsigned count;   /* descriptors in use */
    uint32_t waits;   /* futex: 1 while the device has the buffers */
    uint32_t room;    /* bytes that it may write */
    uint32_t written; /* that it says it has */
};

struct virtio {
    volatile uint8_t *reg;
    handle_t device, port;
    struct virtio_ring *ring;
    uint32_t features; /* negotiated, of bits 0..31 */
    unsigned size;     /* descriptors of the ring that the device knows of */
    unsigned stride, slots;
    uint16_t used;    /* next used entry; the interrupt thread's */
    bool in_step;     /* the machine waits for each request: no interrupt thread */
    bool broken;      /* the device does not answer any more */
    struct lock lock; /* of the available ring, and of `broken` against new requests */
    struct virtio_slot slot[VIRTIO_SLOTS];
};

/* Takes the device and starts the thread that hears its interrupts; requests may follow. `address`: where
 * its registers go, and 1 MiB further the ring; `id`: what it must be; `features`: those of bits 0..31
 * that are wanted; `stride`: descriptors a slot. How many slots there are (VIRTIO_SLOTS at most), or a
 * negative errno: -ENODEV when it is not such a device. */
int virtio_setup(struct virtio *virtio, handle_t device, uintptr_t address, uint32_t id,
                 uint32_t features, unsigned stride);

/* Makes the device forget all buffers. Nothing can be asked any more. */
void virtio_stop(struct virtio *virtio);

/* Own zeroed frames at `address`, and their physical addresses. 0 or a negative errno. */
long virtio_allocate(uintptr_t address, unsigned pages, uint64_t *physical);

/* A request: begin, then its parts in order, those that the device writes last; then exchange. `page`:
 * physical addresses of `length` bytes' pages. */
void virtio_begin(struct virtio *virtio, unsigned slot);
void virtio_add(struct virtio *virtio, unsigned slot, const uint64_t *page, size_t length,
                bool writes);

/* The same for `length` bytes at one physical address. */
void virtio_add_one(struct virtio *virtio, unsigned slot, uint64_t at, size_t length, bool writes);

/* Hands the request over and waits. Bytes written (never more than there is room), or -EIO. */
long virtio_exchange(struct virtio *virtio, unsigned slot);

/* A register of the device's own configuration, little-endian as the machine (4.2.2). */
uint32_t virtio_config(const struct virtio *virtio, unsigned offset);

#endif
