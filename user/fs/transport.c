/* SPDX-License-Identifier: MIT
 *
 * 9P messages over virtio (its 9P device is number 9 and has one queue). Each slot has frames for a
 * request and a reply, which lie anywhere, so a message is a chain of descriptors, one a page. */
#include "user/fs/transport.h"
#include <abi/layout.h>
#include <errno.h>
#include <octavo/virtio.h>
#include <octavo/wired.h>

#define MESSAGE_PAGES (P9_MESSAGE_MAX / PAGE_SIZE)
#define SLOT_DESCRIPTORS (MESSAGE_PAGES + 2) /* one of the two messages is always a short one */
_Static_assert(SLOT_DESCRIPTORS *TRANSPORT_SLOTS <= VIRTIO_RING,
               "lower TRANSPORT_SLOTS: each needs SLOT_DESCRIPTORS of the ring");
_Static_assert(TRANSPORT_SLOTS <= VIRTIO_SLOTS, "lower TRANSPORT_SLOTS to VIRTIO_SLOTS");

/* Where things are in this address space. */
#define DEVICE_BASE WIRED_HEAP_END
#define BUFFER_BASE (WIRED_HEAP_END + (2ul << 20))

static struct virtio device;

static struct slot {
    struct p9 p9;
    uint64_t request[MESSAGE_PAGES], reply[MESSAGE_PAGES]; /* physical addresses */
} slots[TRANSPORT_SLOTS];

int p9_exchange(struct p9 *p9, size_t size, size_t room)
{
    struct slot *slot = &slots[p9->tag];

    virtio_begin(&device, p9->tag);
    virtio_add(&device, p9->tag, slot->request, size, false);
    virtio_add(&device, p9->tag, slot->reply, room, true);
    long written = virtio_exchange(&device, p9->tag);
    p9->reply_size = written < 0 ? 0 : (size_t)written;
    return written < 0 ? (int)written : 0;
}

static long setup_slots(unsigned count)
{
    unsigned long address = BUFFER_BASE;

    for (unsigned i = 0; i < count; i++) {
        struct slot *slot = &slots[i];
        slot->p9 = (struct p9){.request = (uint8_t *)address,
                               .reply = (uint8_t *)(address + P9_MESSAGE_MAX),
                               .tag = (uint16_t)i};
        long result = virtio_allocate(address, MESSAGE_PAGES, slot->request);
        if (result == 0)
            result = virtio_allocate(address + P9_MESSAGE_MAX, MESSAGE_PAGES, slot->reply);
        if (result < 0)
            return result;
        address += 2 * P9_MESSAGE_MAX;
    }
    return 0;
}

int transport_setup(handle_t handle)
{
    int count = virtio_setup(&device, handle, DEVICE_BASE, VIRTIO_ID_9P, 0, SLOT_DESCRIPTORS);
    long result = count < 0 ? count : setup_slots((unsigned)count);

    return result < 0 ? (int)result : count;
}

struct p9 *transport_slot(unsigned slot)
{
    return &slots[slot].p9;
}

void transport_stop(void)
{
    virtio_stop(&device);
}
