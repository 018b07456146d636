/* SPDX-License-Identifier: MIT
 *
 * Reads the machine out of the device tree. See probe.h. It touches no device. */
#include "kernel/boot/probe.h"

#include "kernel/base/machine.h"
#include "kernel/base/panic.h"
#include "kernel/base/print.h"
#include "kernel/boot/fdt.h"
#include "kernel/boot/memblock.h"

#include <string.h>

#define IRQ_S_EXTERNAL 9u /* privileged spec 4.1.3: supervisor external interrupt */

static bool has_text(const char *list, uint32_t length, const char *what)
{
    size_t n = strlen(what);

    for (uint32_t at = 0; at + n < length; at++)
        if (memcmp(list + at, what, n) == 0)
            return true;
    return false;
}

static bool type_is(const struct fdt_node *node, const char *type)
{
    uint32_t length;
    const char *value = fdt_property(node, "device_type", &length);

    return value && length == strlen(type) + 1 && memcmp(value, type, length) == 0;
}

static void probe_memory(const struct fdt_node *node)
{
    uint64_t base, size;

    for (unsigned i = 0; fdt_reg(node, i, &base, &size); i++)
        if (memblock_add(base, size))
            print("memory %#lx+%#lx ignored\n", base, size);
}

static void reserve(uint64_t base, uint64_t size)
{
    if (size && memblock_reserve(base, size))
        panic("too many reserved ranges in the device tree");
}

static void probe_hart(const struct fdt_node *node, uint64_t boot_hart)
{
    uint32_t length;
    uint64_t id, size;
    const char *mmu = fdt_property(node, "mmu-type", &length);
    const char *status = fdt_property(node, "status", NULL);
    const char *isa = fdt_property(node, "riscv,isa", &length);

    if (!fdt_reg(node, 0, &id, &size) || !mmu || memcmp(mmu, "riscv,sv", 8) != 0 ||
        (status && memcmp(status, "ok", 2) != 0))
        return;
    if (!isa || !has_text(isa, length, "_sstc"))
        machine.sstc = false;
    uint32_t at = machine.nharts;
    if (at == MM_MAX_HARTS) {
        if (id != boot_hart)
            return;
        at = MM_MAX_HARTS - 1;
    } else {
        machine.nharts++;
    }
    machine.hart_id[at] = id;
    machine.plic_context[at] = ~0u;
    if (id == boot_hart && at > 0) {
        machine.hart_id[at] = machine.hart_id[0];
        machine.hart_phandle[at] = machine.hart_phandle[0];
        machine.hart_id[0] = id;
        machine.hart_phandle[0] = 0;
    }
}

/* The interrupt controller below a cpu node: the PLIC names it by phandle. */
static void probe_hart_intc(const struct fdt_node *node)
{
    for (uint32_t i = 0; i < machine.nharts; i++)
        if (machine.hart_id[i] == node->reg0[node->depth - 1])
            machine.hart_phandle[i] = node->phandle[node->depth];
}

static void probe_plic(const struct fdt_node *node)
{
    uint32_t length;
    const void *list = fdt_property(node, "interrupts-extended", &length);

    if (!fdt_reg(node, 0, &machine.plic_base, &machine.plic_size) || !list)
        return;
    machine.plic_sources = (uint32_t)fdt_number(node, "riscv,ndev", 0);
    for (uint32_t context = 0; 8 * context + 8 <= length; context++) {
        if (fdt_cell(list, 2 * context + 1) != IRQ_S_EXTERNAL)
            continue;
        for (uint32_t i = 0; i < machine.nharts; i++)
            if (machine.hart_phandle[i] == fdt_cell(list, 2 * context))
                machine.plic_context[i] = context;
    }
}

/* Whether one of the boot arguments is run=. */
static bool wants_marks(const char *arguments)
{
    for (const char *at = arguments; *at; at++)
        if (memcmp(at, "run=", 4) == 0 && (at == arguments || at[-1] == ' '))
            return true;
    return false;
}

static void probe_chosen(const struct fdt_node *node)
{
    uint32_t length;
    const char *arguments = fdt_property(node, "bootargs", &length);
    const uint8_t *seed = fdt_property(node, "rng-seed", &length);

    if (arguments)
        machine.arguments = arguments;
    machine.marked = arguments && wants_marks(arguments);
    if (seed)
        memcpy(machine.random, seed, length < 32 ? length : 32);
    machine.initrd_start = fdt_number(node, "linux,initrd-start", 0);
    machine.initrd_end = fdt_number(node, "linux,initrd-end", 0);
}

static void probe_device(const struct fdt_node *node)
{
    static const struct {
        const char *compatible;
        uint32_t kind;
    } known[] = {
        {"ns16550a", DEVICE_UART},
        {"virtio,mmio", DEVICE_VIRTIO},
        {"google,goldfish-rtc", DEVICE_RTC},
    };

    for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct machine_device *device = &machine.device[machine.ndevices];
        if (!fdt_compatible(node, known[i].compatible) || machine.ndevices == BOOT_DEVICES - 1)
            continue;
        device->kind = known[i].kind;
        if (!fdt_reg(node, 0, &device->base, &device->size))
            continue;
        device->irq = (uint32_t)fdt_number(node, "interrupts", 0);
        device->clock = (uint32_t)fdt_number(node, "clock-frequency", 0);
        machine.ndevices++;
        return;
    }
}

static bool below(const struct fdt_node *node, const char *parent, char (*path)[32])
{
    return node->depth >= 1 && strlen(path[node->depth - 1]) == strlen(parent) &&
           memcmp(path[node->depth - 1], parent, strlen(parent)) == 0;
}

static void probe_node(const struct fdt_node *node, uint64_t boot_hart, char (*path)[32])
{
    uint64_t base, size;

    if (type_is(node, "memory"))
        probe_memory(node);
    else if (type_is(node, "cpu"))
        probe_hart(node, boot_hart);
    else if (fdt_compatible(node, "riscv,cpu-intc"))
        probe_hart_intc(node);
    else if (fdt_compatible(node, "riscv,plic0") || fdt_compatible(node, "sifive,plic-1.0.0"))
        probe_plic(node);
    else if (fdt_compatible(node, "sifive,test0") && fdt_reg(node, 0, &base, &size))
        machine.test_base = base;
    else if (node->depth == 1 && memcmp(node->name, "chosen", 7) == 0)
        probe_chosen(node);
    else if (node->depth == 1 && memcmp(node->name, "cpus", 5) == 0)
        machine.timebase = fdt_number(node, "timebase-frequency", 0);
    else if (below(node, "reserved-memory", path))
        for (unsigned i = 0; fdt_reg(node, i, &base, &size); i++)
            reserve(base, size);
    else
        probe_device(node);
}

void probe_machine(uint64_t address, uint64_t boot_hart)
{
    static char path[FDT_DEPTH + 1][32];
    struct fdt fdt;
    struct fdt_node node = {.fdt = &fdt};
    uint64_t base, size;

    if (fdt_open(&fdt, phys_to_virt(address)))
        panic("no device tree at %#lx", address);
    machine.fdt_start = address;
    machine.fdt_size = fdt.size;
    machine.arguments = "";
    machine.sstc = true;
    reserve(address, fdt.size);
    for (unsigned i = 0; fdt_reserved(&fdt, i, &base, &size); i++)
        reserve(base, size);
    while (fdt_next(&node)) {
        size_t n = strlen(node.name);
        if (n > sizeof(path[0]) - 1)
            n = sizeof(path[0]) - 1;
        memcpy(path[node.depth], node.name, n);
        path[node.depth][n] = 0;
        probe_node(&node, boot_hart, path);
    }
    if (machine.initrd_end > machine.initrd_start)
        reserve(machine.initrd_start, machine.initrd_end - machine.initrd_start);
    if (!machine.nharts || machine.hart_id[0] != boot_hart)
        panic("boot hart %lu is not in the device tree", boot_hart);
    if (!machine.timebase)
        panic("the device tree has no timebase-frequency");
    if (!memblock_total())
        panic("the device tree has no memory");
}
