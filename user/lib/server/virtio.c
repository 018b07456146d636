/* SPDX-License-Identifier: MIT
 *
 * One queue of a virtio-mmio device. See <octavo/virtio.h>.
 *
 * Each slot has its own descriptors, and is free again when its thread has seen `waits` go to 0. Only
 * the available ring is shared, under the lock; the used ring is the interrupt thread's. */
#include <abi/layout.h>
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/thread.h>
#include <octavo/virtio.h>
#include <proto/init.h>

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

#define STATUS_ACKNOWLEDGE 1u
#define STATUS_DRIVER 2u
#define STATUS_DRIVER_OK 4u
#define STATUS_FEATURES_OK 8u
#define STATUS_NEEDS_RESET 64u

#define FEATURES_HIGH_VERSION_1 1u /* VIRTIO_F_VERSION_1 is bit 32 */

#define RING_OFFSET (1ul << 20) /* from the registers */
#define NOTIFY_DEVICE 1ul

/* The ring (2.6.5 - 2.6.8). */
#define DESC_NEXT 1u
#define DESC_WRITE 2u

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

struct virtio_ring {
    struct descriptor descriptor[VIRTIO_RING];
    struct {
        uint16_t flags, index, ring[VIRTIO_RING], used_event;
    } available;
    uint16_t pad;
    struct {
        uint16_t flags, index;
        struct {
            uint32_t id, length;
        } ring[VIRTIO_RING];
    } used;
};
_Static_assert(sizeof(struct virtio_ring) <= PAGE_SIZE, "one frame");
_Static_assert(offsetof(struct virtio_ring, used) % 4 == 0, "2.6: alignment");

static uint32_t reg_read(const struct virtio *virtio, unsigned offset)
{
    return *(volatile uint32_t *)(virtio->reg + offset);
}

static void reg_write(struct virtio *virtio, unsigned offset, uint32_t value)
{
    *(volatile uint32_t *)(virtio->reg + offset) = value;
}

static void reg_write_address(struct virtio *virtio, unsigned offset, uint64_t value)
{
    reg_write(virtio, offset, (uint32_t)value);
    reg_write(virtio, offset + 4, (uint32_t)(value >> 32));
}

uint32_t virtio_config(const struct virtio *virtio, unsigned offset)
{
    return reg_read(virtio, VIRTIO_CONFIG + offset);
}

/* Between memory and registers, in both directions. */
static void barrier(void)
{
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}

/* --- Requests ----------------------------------------------------------------------------- */

void virtio_begin(struct virtio *virtio, unsigned slot)
{
    virtio->slot[slot].count = 0;
    virtio->slot[slot].room = 0;
    virtio->slot[slot].written = 0;
}

void virtio_add_one(struct virtio *virtio, unsigned slot, uint64_t at, size_t length, bool writes)
{
    struct virtio_slot *s = &virtio->slot[slot];
    unsigned number = slot * virtio->stride + s->count++;

    virtio->ring->descriptor[number] =
        (struct descriptor){at, (uint32_t)length, (uint16_t)(DESC_NEXT | (writes ? DESC_WRITE : 0)),
                            (uint16_t)(number + 1)};
    if (writes)
        s->room += (uint32_t)length;
}

void virtio_add(struct virtio *virtio, unsigned slot, const uint64_t *page, size_t length,
                bool writes)
{
    for (; length > 0; page++) {
        size_t part = length < PAGE_SIZE ? length : PAGE_SIZE;
        virtio_add_one(virtio, slot, *page, part, writes);
        length -= part;
    }
}

/* Under the lock. */
static void submit(struct virtio *virtio, unsigned slot)
{
    volatile uint16_t *index = &virtio->ring->available.index;

    virtio->slot[slot].waits = 1;
    virtio->ring->available.ring[*index % virtio->size] = (uint16_t)(slot * virtio->stride);
    barrier();
    *index = (uint16_t)(*index + 1);
    barrier();
    reg_write(virtio, REG_QUEUE_NOTIFY, 0);
}

/* --- Interrupts --------------------------------------------------------------------------- */

static void wake(struct virtio_slot *slot, uint32_t written)
{
    slot->written = written < slot->room ? written : slot->room;
    __atomic_store_n(&slot->waits, 0, __ATOMIC_RELEASE);
    sys_futex_wake((unsigned long)&slot->waits, 1);
}

/* Nobody waits for a device that is out of order. Under the lock. */
static void give_up(struct virtio *virtio)
{
    virtio->broken = true;
    reg_write(virtio, REG_STATUS, 0);
    for (unsigned i = 0; i < virtio->slots; i++)
        if (virtio->slot[i].waits)
            wake(&virtio->slot[i], 0);
}

/* False: the device says that it finished what it was not given. */
static bool take_used(struct virtio *virtio)
{
    volatile uint16_t *index = &virtio->ring->used.index;

    while (virtio->used != *index) {
        barrier();
        unsigned at = virtio->used++ % virtio->size;
        uint32_t id = virtio->ring->used.ring[at].id;
        uint32_t slot = id / virtio->stride;
        if (id % virtio->stride != 0 || slot >= virtio->slots || !virtio->slot[slot].waits)
            return false;
        wake(&virtio->slot[slot], virtio->ring->used.ring[at].length);
    }
    return true;
}

/* It has interrupted. Under the lock. */
static void serve(struct virtio *virtio)
{
    reg_write(virtio, REG_INTERRUPT_ACK, reg_read(virtio, REG_INTERRUPT_STATUS));
    if (!virtio->in_step)
        sys_irq_ack(virtio->device, false);
    barrier();
    if (!take_used(virtio) || reg_read(virtio, REG_STATUS) & STATUS_NEEDS_RESET)
        give_up(virtio);
}

static int listen(void *context)
{
    struct virtio *virtio = context;
    struct message m;

    while (!virtio->broken) {
        if (ipc_recv(virtio->port, DEADLINE_NEVER, &m) < 0 || MSG_KIND(m.tag) != MSG_KIND_NOTIFY)
            continue;
        lock_acquire(&virtio->lock);
        serve(virtio);
        lock_release(&virtio->lock);
    }
    return 0;
}

long virtio_exchange(struct virtio *virtio, unsigned slot)
{
    struct virtio_slot *s = &virtio->slot[slot];

    virtio->ring->descriptor[slot * virtio->stride + s->count - 1].flags &= (uint16_t)~DESC_NEXT;
    lock_acquire(&virtio->lock);
    bool works = !virtio->broken;
    if (works)
        submit(virtio, slot);
    while (virtio->in_step && s->waits) {
        sys_irq_ack(virtio->device, true);
        serve(virtio);
    }
    lock_release(&virtio->lock);
    if (!works)
        return -EIO;
    while (__atomic_load_n(&s->waits, __ATOMIC_ACQUIRE))
        sys_futex_wait((unsigned long)&s->waits, 1, DEADLINE_NEVER);
    return s->written ? (long)s->written : -EIO;
}

/* --- Setting up --------------------------------------------------------------------------- */

long virtio_allocate(uintptr_t address, unsigned pages, uint64_t *physical)
{
    long result = sys_page_alloc(address, pages);
    for (unsigned i = 0; result >= 0 && i < pages; i++) {
        result = sys_dma_address(address + i * PAGE_SIZE);
        physical[i] = (uint64_t)result;
    }
    return result < 0 ? result : 0;
}

/* 3.1.1, up to FEATURES_OK. */
static long negotiate(struct virtio *virtio, uint32_t id, uint32_t features)
{
    if (reg_read(virtio, REG_MAGIC) != MAGIC || reg_read(virtio, REG_VERSION) != VERSION_MODERN ||
        reg_read(virtio, REG_DEVICE_ID) != id)
        return -ENODEV;
    reg_write(virtio, REG_STATUS, 0);
    reg_write(virtio, REG_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
    reg_write(virtio, REG_DEVICE_FEATURES_SEL, 1);
    if (!(reg_read(virtio, REG_DEVICE_FEATURES) & FEATURES_HIGH_VERSION_1))
        return -ENODEV;
    reg_write(virtio, REG_DEVICE_FEATURES_SEL, 0);
    virtio->features = reg_read(virtio, REG_DEVICE_FEATURES) & features;
    reg_write(virtio, REG_DRIVER_FEATURES_SEL, 0);
    reg_write(virtio, REG_DRIVER_FEATURES, virtio->features);
    reg_write(virtio, REG_DRIVER_FEATURES_SEL, 1);
    reg_write(virtio, REG_DRIVER_FEATURES, FEATURES_HIGH_VERSION_1);
    reg_write(virtio, REG_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
    return reg_read(virtio, REG_STATUS) & STATUS_FEATURES_OK ? 0 : -ENODEV;
}

/* 4.2.3.2. */
static long setup_queue(struct virtio *virtio, uintptr_t address)
{
    uint64_t physical;
    long result = virtio_allocate(address, 1, &physical);
    if (result < 0)
        return result;
    virtio->ring = (struct virtio_ring *)address;
    reg_write(virtio, REG_QUEUE_SEL, 0);
    uint32_t most = reg_read(virtio, REG_QUEUE_NUM_MAX);
    if (reg_read(virtio, REG_QUEUE_READY) || most < virtio->stride)
        return -ENODEV;
    for (virtio->size = VIRTIO_RING; virtio->size > most; virtio->size /= 2)
        ;
    virtio->slots = virtio->size / virtio->stride;
    if (virtio->slots > VIRTIO_SLOTS)
        virtio->slots = VIRTIO_SLOTS;
    reg_write(virtio, REG_QUEUE_NUM, virtio->size);
    reg_write_address(virtio, REG_QUEUE_DESC, physical + offsetof(struct virtio_ring, descriptor));
    reg_write_address(virtio, REG_QUEUE_DRIVER, physical + offsetof(struct virtio_ring, available));
    reg_write_address(virtio, REG_QUEUE_DEVICE, physical + offsetof(struct virtio_ring, used));
    reg_write(virtio, REG_QUEUE_READY, 1);
    return virtio->slots ? 0 : -ENODEV;
}

/* The boot argument `step`. */
static bool machine_is_in_step(void)
{
    static const char name[] = "step";
    struct message m = {.tag = INIT_ARGUMENT, .w = {sizeof name - 1, 0}};

    ipc_attach_in(&m, name, sizeof name - 1);
    return ipc_request(HANDLE_INIT, &m) == 0;
}

static long setup_interrupt(struct virtio *virtio)
{
    struct thread *thread;

    virtio->in_step = machine_is_in_step();
    if (virtio->in_step)
        return 0;
    long port = sys_port_create();
    if (port < 0)
        return port;
    virtio->port = (handle_t)port;
    long right = sys_right_create((handle_t)port, 0, NOTIFY_DEVICE);
    if (right < 0)
        return right;
    long result = sys_irq_bind(virtio->device, (handle_t)right, NOTIFY_DEVICE);
    if (result < 0)
        return result;
    return -thread_start_priority(&thread, listen, virtio, PRIORITY_DRIVER);
}

int virtio_setup(struct virtio *virtio, handle_t device, uintptr_t address, uint32_t id,
                 uint32_t features, unsigned stride)
{
    *virtio = (struct virtio){.device = device, .stride = stride};
    long result = sys_device_map(device, address, 0);
    if (result < 0)
        return (int)result;
    virtio->reg = (volatile uint8_t *)address;
    result = negotiate(virtio, id, features);
    if (result == 0)
        result = setup_queue(virtio, address + RING_OFFSET);
    if (result == 0)
        result = setup_interrupt(virtio);
    if (result < 0)
        return (int)result;
    reg_write(virtio, REG_STATUS,
              STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
    return (int)virtio->slots;
}

void virtio_stop(struct virtio *virtio)
{
    if (virtio->reg)
        reg_write(virtio, REG_STATUS, 0);
}
