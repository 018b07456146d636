/* SPDX-License-Identifier: MIT
 *
 * The virtio-9p device behind virtio-mmio (Virtual I/O Device 1.1: 2.6 split virtqueues, 4.2 MMIO; the
 * 9P device is number 9 and has one queue). It moves messages and knows nothing of what is in them.
 *
 * Memory for the device: one frame for the ring; for each slot frames for a request and a reply, which
 * lie anywhere, so a message is a chain of descriptors, one a page. Each slot has its own descriptors,
 * and is free again when its thread has seen `done`. Only the available ring is shared, under a lock;
 * the used ring is the interrupt thread's. */
#include "user/fs/transport.h"
#include "user/fs/lock.h"
#include <abi/layout.h>
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/thread.h>
#include <octavo/wired.h>

/* Registers (4.2.2). */
#define REG_MAGIC 0x000
#define REG_VERSION 0x004
#define REG_DEVICE_ID 0x008
#define REG_DEVICE_FEATURES 0x010
#define REG_DEVICE_FEATURES_SEL 0x014
#define REG_DRIVER_FEATURES 0x020
#define REG_DRIVER_FEATURES_SEL 0x024
#define REG_QUEUE_SEL 0x030
#define REG_QUEUE_NUM_MAX 0x034
#define REG_QUEUE_NUM 0x038
#define REG_QUEUE_READY 0x044
#define REG_QUEUE_NOTIFY 0x050
#define REG_INTERRUPT_STATUS 0x060
#define REG_INTERRUPT_ACK 0x064
#define REG_STATUS 0x070
#define REG_QUEUE_DESC 0x080
#define REG_QUEUE_DRIVER 0x090
#define REG_QUEUE_DEVICE 0x0a0

#define MAGIC 0x74726976u /* "virt" */
#define VERSION_MODERN 2u
#define DEVICE_9P 9u

#define STATUS_ACKNOWLEDGE 1u
#define STATUS_DRIVER 2u
#define STATUS_DRIVER_OK 4u
#define STATUS_FEATURES_OK 8u
#define STATUS_NEEDS_RESET 64u

#define FEATURES_HIGH_VERSION_1 1u /* VIRTIO_F_VERSION_1 is bit 32 */

/* The ring (2.6.5 - 2.6.8), of RING descriptors. */
#define RING 128u
#define DESC_NEXT 1u
#define DESC_WRITE 2u

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

struct ring {
    struct descriptor descriptor[RING];
    struct {
        uint16_t flags, index, ring[RING], used_event;
    } available;
    uint16_t pad;
    struct {
        uint16_t flags, index;
        struct {
            uint32_t id, length;
        } ring[RING];
    } used;
};
_Static_assert(sizeof(struct ring) <= PAGE_SIZE, "one frame");
_Static_assert(offsetof(struct ring, used) % 4 == 0, "2.6: alignment");

#define MESSAGE_PAGES (P9_MESSAGE_MAX / PAGE_SIZE)
#define SLOT_DESCRIPTORS (MESSAGE_PAGES + 2) /* one of the two messages is always a short one */
_Static_assert(SLOT_DESCRIPTORS *TRANSPORT_SLOTS <= RING, "each slot has its own");

/* Where things are in this address space. */
#define DEVICE_BASE WIRED_HEAP_END
#define RING_BASE (WIRED_HEAP_END + (1ul << 20))
#define BUFFER_BASE (RING_BASE + PAGE_SIZE)
#define NOTIFY_DEVICE 1ul

struct slot {
    struct p9 p9;
    uint64_t request[MESSAGE_PAGES], reply[MESSAGE_PAGES]; /* physical addresses */
    uint32_t waits; /* futex: 1 while the device has the buffers */
    uint32_t room;  /* bytes that it may write */
    uint32_t written;
};

static struct {
    volatile uint8_t *reg;
    handle_t device, port;
    struct ring *ring;
    unsigned size;    /* descriptors of the ring that the device knows of */
    uint16_t used;    /* next used entry; the interrupt thread's */
    bool broken;      /* the device does not answer any more */
    struct lock lock; /* of the available ring and of `broken` against new requests */
    unsigned slots;
    struct slot slot[TRANSPORT_SLOTS];
} transport;

static uint32_t reg_read(unsigned offset)
{
    return *(volatile uint32_t *)(transport.reg + offset);
}

static void reg_write(unsigned offset, uint32_t value)
{
    *(volatile uint32_t *)(transport.reg + offset) = value;
}

static void reg_write_address(unsigned offset, uint64_t value)
{
    reg_write(offset, (uint32_t)value);
    reg_write(offset + 4, (uint32_t)(value >> 32));
}

/* Between memory and registers, in both directions. */
static void barrier(void)
{
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}

/* --- Requests ----------------------------------------------------------------------------- */

/* Describes `length` bytes at these pages, from descriptor `at` on. The next free descriptor. */
static unsigned describe(const uint64_t *page, size_t length, unsigned at, uint16_t flags)
{
    for (; length > 0; page++, at++) {
        size_t part = length < PAGE_SIZE ? length : PAGE_SIZE;
        transport.ring->descriptor[at] = (struct descriptor){
            *page, (uint32_t)part, (uint16_t)(flags | DESC_NEXT), (uint16_t)(at + 1)};
        length -= part;
    }
    return at;
}

/* False: the device is broken. */
static bool submit(struct slot *slot, unsigned head)
{
    volatile uint16_t *index = &transport.ring->available.index;

    lock_acquire(&transport.lock);
    bool works = !transport.broken;
    if (works) {
        slot->waits = 1;
        transport.ring->available.ring[*index % transport.size] = (uint16_t)head;
        barrier();
        *index = (uint16_t)(*index + 1);
        barrier();
        reg_write(REG_QUEUE_NOTIFY, 0);
    }
    lock_release(&transport.lock);
    return works;
}

int p9_exchange(struct p9 *p9, size_t size, size_t room)
{
    struct slot *slot = &transport.slot[p9->tag];
    unsigned head = p9->tag * SLOT_DESCRIPTORS;

    unsigned end = describe(slot->request, size, head, 0);
    end = describe(slot->reply, room, end, DESC_WRITE);
    transport.ring->descriptor[end - 1].flags &= (uint16_t)~DESC_NEXT;
    slot->room = (uint32_t)room;
    slot->written = 0;
    if (!submit(slot, head))
        return -EIO;
    while (__atomic_load_n(&slot->waits, __ATOMIC_ACQUIRE))
        sys_futex_wait((unsigned long)&slot->waits, 1, DEADLINE_NEVER);
    p9->reply_size = slot->written;
    return p9->reply_size ? 0 : -EIO;
}

/* --- Interrupts --------------------------------------------------------------------------- */

static void wake(struct slot *slot, uint32_t written)
{
    slot->written = written < slot->room ? written : slot->room;
    __atomic_store_n(&slot->waits, 0, __ATOMIC_RELEASE);
    sys_futex_wake((unsigned long)&slot->waits, 1);
}

/* Nobody waits for a device that is out of order. */
static void give_up(void)
{
    lock_acquire(&transport.lock);
    transport.broken = true;
    lock_release(&transport.lock);
    reg_write(REG_STATUS, 0);
    for (unsigned i = 0; i < transport.slots; i++)
        if (transport.slot[i].waits)
            wake(&transport.slot[i], 0);
}

/* False: the device says that it finished what it was not given. */
static bool take_used(void)
{
    volatile uint16_t *index = &transport.ring->used.index;

    while (transport.used != *index) {
        barrier();
        unsigned at = transport.used++ % transport.size;
        uint32_t id = transport.ring->used.ring[at].id;
        struct slot *slot = &transport.slot[id / SLOT_DESCRIPTORS];
        if (id % SLOT_DESCRIPTORS != 0 || id / SLOT_DESCRIPTORS >= transport.slots || !slot->waits)
            return false;
        wake(slot, transport.ring->used.ring[at].length);
    }
    return true;
}

static int listen(void *unused)
{
    struct message m;

    (void)unused;
    while (!transport.broken) {
        if (ipc_recv(transport.port, DEADLINE_NEVER, &m) < 0 || MSG_KIND(m.tag) != MSG_KIND_NOTIFY)
            continue;
        reg_write(REG_INTERRUPT_ACK, reg_read(REG_INTERRUPT_STATUS));
        sys_irq_ack(transport.device);
        barrier();
        if (!take_used() || reg_read(REG_STATUS) & STATUS_NEEDS_RESET)
            give_up();
    }
    return 0;
}

/* --- Setting up --------------------------------------------------------------------------- */

/* Frames at `address`, and their physical addresses. */
static long allocate(unsigned long address, unsigned pages, uint64_t *physical)
{
    long result = sys_page_alloc(address, pages);
    for (unsigned i = 0; result >= 0 && i < pages; i++) {
        result = sys_dma_address(address + i * PAGE_SIZE);
        physical[i] = (uint64_t)result;
    }
    return result < 0 ? result : 0;
}

static long setup_slots(void)
{
    unsigned long address = BUFFER_BASE;

    for (unsigned i = 0; i < transport.slots; i++) {
        struct slot *slot = &transport.slot[i];
        slot->p9 = (struct p9){.request = (uint8_t *)address,
                               .reply = (uint8_t *)(address + P9_MESSAGE_MAX),
                               .tag = (uint16_t)i};
        long result = allocate(address, MESSAGE_PAGES, slot->request);
        if (result == 0)
            result = allocate(address + P9_MESSAGE_MAX, MESSAGE_PAGES, slot->reply);
        if (result < 0)
            return result;
        address += 2 * P9_MESSAGE_MAX;
    }
    return 0;
}

/* 3.1.1, up to FEATURES_OK. */
static long negotiate(void)
{
    if (reg_read(REG_MAGIC) != MAGIC || reg_read(REG_VERSION) != VERSION_MODERN ||
        reg_read(REG_DEVICE_ID) != DEVICE_9P)
        return -ENODEV;
    reg_write(REG_STATUS, 0);
    reg_write(REG_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
    reg_write(REG_DEVICE_FEATURES_SEL, 1);
    if (!(reg_read(REG_DEVICE_FEATURES) & FEATURES_HIGH_VERSION_1))
        return -ENODEV;
    reg_write(REG_DRIVER_FEATURES_SEL, 0);
    reg_write(REG_DRIVER_FEATURES, 0);
    reg_write(REG_DRIVER_FEATURES_SEL, 1);
    reg_write(REG_DRIVER_FEATURES, FEATURES_HIGH_VERSION_1);
    reg_write(REG_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
    return reg_read(REG_STATUS) & STATUS_FEATURES_OK ? 0 : -ENODEV;
}

/* 4.2.3.2. */
static long setup_queue(void)
{
    uint64_t physical;
    long result = allocate(RING_BASE, 1, &physical);
    if (result < 0)
        return result;
    transport.ring = (struct ring *)RING_BASE;
    reg_write(REG_QUEUE_SEL, 0);
    uint32_t most = reg_read(REG_QUEUE_NUM_MAX);
    if (reg_read(REG_QUEUE_READY) || most < SLOT_DESCRIPTORS)
        return -ENODEV;
    for (transport.size = RING; transport.size > most; transport.size /= 2)
        ;
    transport.slots = transport.size / SLOT_DESCRIPTORS;
    if (transport.slots > TRANSPORT_SLOTS)
        transport.slots = TRANSPORT_SLOTS;
    reg_write(REG_QUEUE_NUM, transport.size);
    reg_write_address(REG_QUEUE_DESC, physical + offsetof(struct ring, descriptor));
    reg_write_address(REG_QUEUE_DRIVER, physical + offsetof(struct ring, available));
    reg_write_address(REG_QUEUE_DEVICE, physical + offsetof(struct ring, used));
    reg_write(REG_QUEUE_READY, 1);
    return transport.slots ? 0 : -ENODEV;
}

static long setup_interrupt(void)
{
    struct thread *thread;
    long port = sys_port_create();
    if (port < 0)
        return port;
    transport.port = (handle_t)port;
    long right = sys_right_create((handle_t)port, 0, NOTIFY_DEVICE);
    if (right < 0)
        return right;
    long result = sys_irq_bind(transport.device, (handle_t)right, NOTIFY_DEVICE);
    if (result < 0)
        return result;
    return -thread_start_priority(&thread, listen, NULL, PRIORITY_DRIVER);
}

int transport_setup(handle_t device)
{
    long result = sys_device_map(device, DEVICE_BASE, 0);
    if (result < 0)
        return (int)result;
    transport.device = device;
    transport.reg = (volatile uint8_t *)DEVICE_BASE;
    result = negotiate();
    if (result == 0)
        result = setup_queue();
    if (result == 0)
        result = setup_slots();
    if (result == 0)
        result = setup_interrupt();
    if (result < 0)
        return (int)result;
    reg_write(REG_STATUS,
              STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
    return (int)transport.slots;
}

struct p9 *transport_slot(unsigned slot)
{
    return &transport.slot[slot].p9;
}

void transport_stop(void)
{
    if (transport.reg)
        reg_write(REG_STATUS, 0);
}
