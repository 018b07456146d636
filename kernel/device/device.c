/* SPDX-License-Identifier: MIT
 *
 * Device objects and their system calls. See device.h. It drives nothing. */
#include "kernel/device/device.h"

#include "kernel/base/machine.h"
#include "kernel/base/panic.h"
#include "kernel/base/power.h"
#include "kernel/device/irq.h"
#include "kernel/run/fault.h"
#include "kernel/run/handler.h"
#include "kernel/run/hart.h"
#include "kernel/run/port.h"
#include "kernel/run/vm.h"
#include "sbi/sbi.h"

#include <abi/errno.h>
#include <abi/layout.h>

#define WRITE_MAX 256u

static struct device devices[BOOT_DEVICES];
static uint32_t device_count;

struct device *device_add(uint32_t kind, uint32_t irq, uint64_t base, uint64_t size)
{
    struct device *device = &devices[device_count++];

    device->object.refs = 1; /* for ever: a device does not end */
    device->object.type = OBJECT_DEVICE;
    device->kind = kind;
    device->irq = irq;
    device->base = base;
    device->size = size;
    return device;
}

void device_interrupt(uint32_t irq)
{
    for (uint32_t i = 0; i < device_count; i++) {
        struct device *device = &devices[i];
        if (device->irq == irq && device->right)
            port_notify(device->right->port, device->bits);
    }
}

/* The right's port is gone: its device, if it still has one, interrupts nobody and drops the right. */
static void unbind(struct right *right)
{
    for (uint32_t i = 0; i < device_count; i++)
        if (devices[i].right == right) {
            irq_enable(devices[i].irq, false);
            devices[i].right = NULL;
            object_unref(&right->object);
        }
}

static struct device *find(word handle, long *error)
{
    return handler_object(handle, OBJECT_DEVICE, H_MANAGE, error);
}

long sys_device_map(word handle, word va, word flags)
{
    struct task *task = current_task();
    struct sv39_pool pool;
    long error;
    struct device *device = find(handle, &error);

    if (!device)
        return error;
    if (!device->size)
        return -ENODEV;
    uint64_t first = device->base & ~PAGE_MASK;
    size_t pages = ((device->base & PAGE_MASK) + device->size + PAGE_MASK) >> PAGE_SHIFT;
    if (flags || va & PAGE_MASK || va < USER_MIN || va >= USER_MAX ||
        pages > (USER_MAX - va) >> PAGE_SHIFT)
        return -EINVAL;
    for (size_t i = 0; i < pages; i++)
        if (sv39_page(task->aspace.root, va + i * PAGE_SIZE) & PTE_V)
            return -EEXIST;
    error = vm_tables_prepare(task, va, pages, &pool);
    if (error)
        return error;
    for (size_t i = 0; i < pages; i++)
        aspace_map(&task->aspace, va + i * PAGE_SIZE, first + i * PAGE_SIZE, 0,
                   PTE_V | PTE_U | PTE_R | PTE_W | PTE_A | PTE_D | PTE_IO, &pool);
    fence_page(va);
    return (long)(pages * PAGE_SIZE);
}

long sys_irq_bind(word handle, word right_handle, word bits)
{
    long error;
    struct device *device = find(handle, &error);

    if (!device)
        return error;
    struct right *right = handler_object(right_handle, OBJECT_RIGHT, H_NOTIFY, &error);
    if (!right)
        return error;
    if (!device->irq)
        return -ENODEV;
    if (bits & ~right->mask)
        return -EPERM;
    struct right *old = device->right;
    object_ref(&right->object);
    device->right = right;
    device->bits = bits;
    right->severed = unbind;
    if (old)
        object_unref(&old->object);
    irq_enable(device->irq, true);
    return 0;
}

long sys_irq_ack(word handle, word wait)
{
    long error;
    struct device *device = find(handle, &error);

    if (!device)
        return error;
    if (!device->irq || !(device->right || wait))
        return -ENODEV;
    if (wait && hart_count > 1) /* time would go on for the others, and they for the lock */
        return -EINVAL;
    irq_enable(device->irq, true);
    if (wait)
        irq_wait(device->irq);
    return 0;
}

long sys_dma_address(word va)
{
    struct task *task = current_task();
    pte_t pte = va < USER_MAX ? sv39_page(task->aspace.root, va) : 0;

    if ((pte & (PTE_V | PTE_U | PTE_IO)) != (PTE_V | PTE_U))
        return -EFAULT;
    paddr_t pa = pte_pa(pte);
    return pa_to_page(pa)->owner == task ? (long)(pa + (va & PAGE_MASK)) : -EPERM;
}

static long write_console(word va, word length)
{
    struct thread *thread = current_thread();
    char text[WRITE_MAX];
    size_t n = length < WRITE_MAX ? length : WRITE_MAX;
    size_t done = aspace_copy_in(&thread->task->aspace, text, va, n);

    if (done < n && !done)
        return fault_for_syscall(thread, va, ACCESS_READ);
    for (size_t i = 0; i < done; i++)
        sbi_console_putchar(text[i]);
    return (long)done;
}

long sys_system(word handle, word operation, word a, word b)
{
    long error;
    struct device *device = find(handle, &error);

    if (!device)
        return error;
    if (device->kind != DEVICE_SYSTEM)
        return -ENODEV;
    switch (operation) {
    case SYSTEM_POWER_OFF:
        if (a > 255)
            return -EINVAL;
        power_off((uint32_t)a);
    case SYSTEM_REBOOT:
        power_reboot();
    case SYSTEM_WRITE:
        return write_console(a, b);
    case SYSTEM_DUMP:
        panic_hooks.dump();
        return 0;
    case SYSTEM_PANIC:
        panic("asked for by %s", current_task()->name);
    default:
        return -EINVAL;
    }
}
