/* SPDX-License-Identifier: MIT
 *
 * virtio-blk (Virtual I/O Device 1.1, 5.2): a header, the data, and a byte of status that the device
 * writes. The header and the status of all slots share one frame. See disk.h. */
#include "user/blk/disk.h"
#include <abi/layout.h>
#include <errno.h>
#include <octavo/virtio.h>
#include <octavo/wired.h>
#include <proto/blk.h>

/* 5.2.3, 5.2.6. */
#define FEATURE_RO (1u << 5)
#define FEATURE_FLUSH (1u << 9)
#define CONFIG_CAPACITY 0 /* sectors, 64 bits */
#define TYPE_IN 0u
#define TYPE_OUT 1u
#define TYPE_FLUSH 4u
#define STATUS_OK 0u
#define STATUS_NONE 0xffu /* our own: the device wrote none */

struct header {
    uint32_t type, reserved;
    uint64_t sector;
};

/* What a slot has in the common frame. */
struct control {
    struct header header;
    uint8_t status;
    uint8_t pad[15];
};

#define BUFFER_PAGES (BLK_IO_MAX / PAGE_SIZE)
#define SLOT_DESCRIPTORS (BUFFER_PAGES + 2)

#define DEVICE_BASE WIRED_HEAP_END
#define CONTROL_BASE (WIRED_HEAP_END + (2ul << 20))
#define BUFFER_BASE (CONTROL_BASE + PAGE_SIZE)

static struct virtio device;
static struct control *const control = (struct control *)CONTROL_BASE;
static uint64_t control_at;                        /* physical */
static uint64_t pages[VIRTIO_SLOTS][BUFFER_PAGES]; /* physical */

uint64_t disk_sectors(void)
{
    return virtio_config(&device, CONFIG_CAPACITY) |
           (uint64_t)virtio_config(&device, CONFIG_CAPACITY + 4) << 32;
}

bool disk_is_read_only(void)
{
    return device.features & FEATURE_RO;
}

void *disk_buffer(unsigned slot)
{
    return (void *)(BUFFER_BASE + slot * (uintptr_t)BLK_IO_MAX);
}

static int request(unsigned slot, uint32_t type, uint64_t sector, uint32_t sectors)
{
    uint64_t at = control_at + slot * sizeof(struct control);

    control[slot] =
        (struct control){.header = {.type = type, .sector = sector}, .status = STATUS_NONE};
    virtio_begin(&device, slot);
    virtio_add_one(&device, slot, at, sizeof(struct header), false);
    virtio_add(&device, slot, pages[slot], (size_t)sectors * BLK_SECTOR, type == TYPE_IN);
    virtio_add_one(&device, slot, at + offsetof(struct control, status), 1, true);
    if (virtio_exchange(&device, slot) < 0)
        return -EIO;
    return *(volatile uint8_t *)&control[slot].status == STATUS_OK ? 0 : -EIO;
}

int disk_read(unsigned slot, uint64_t sector, uint32_t sectors)
{
    return request(slot, TYPE_IN, sector, sectors);
}

int disk_write(unsigned slot, uint64_t sector, uint32_t sectors)
{
    return request(slot, TYPE_OUT, sector, sectors);
}

int disk_flush(unsigned slot)
{
    return device.features & FEATURE_FLUSH ? request(slot, TYPE_FLUSH, 0, 0) : 0;
}

int disk_setup(handle_t handle)
{
    int count = virtio_setup(&device, handle, DEVICE_BASE, VIRTIO_ID_BLOCK,
                             FEATURE_RO | FEATURE_FLUSH, SLOT_DESCRIPTORS);
    long result = count < 0 ? count : virtio_allocate(CONTROL_BASE, 1, &control_at);

    for (int i = 0; result == 0 && i < count; i++)
        result = virtio_allocate((uintptr_t)disk_buffer((unsigned)i), BUFFER_PAGES, pages[i]);
    return result < 0 ? (int)result : count;
}

void disk_stop(void)
{
    virtio_stop(&device);
}
