/* SPDX-License-Identifier: MIT
 *
 * From the boot table to the first thread: device tree, the kernel's own page table, mm/, init, harts.
 * Runs once, on the boot hart. */
#include "kernel/base/machine.h"
#include "kernel/base/panic.h"
#include "kernel/base/print.h"
#include "kernel/boot/entry.h"
#include "kernel/boot/first_task.h"
#include "kernel/boot/memblock.h"
#include "kernel/boot/probe.h"
#include "kernel/boot/start.h"
#include "kernel/device/irq.h"
#include "kernel/diag/backtrace.h"
#include "kernel/diag/dump.h"
#include "kernel/entry/trap.h"
#include "kernel/run/futex.h"
#include "kernel/run/port.h"
#include "kernel/run/sched.h"
#include "mm/buddy.h"
#include "mm/kmalloc.h"
#include "mm/vmalloc.h"
#include "sbi/sbi.h"

extern char image_start[], text_end[], rodata_end[], image_end[]; /* kernel.ld */

static pte_t *root;

static uint64_t pa_of(const char *symbol)
{
    return entry_image_pa + (uint64_t)(symbol - image_start);
}

static pte_t *boot_table(void)
{
    paddr_t pa = memblock_alloc(PAGE_SIZE, PAGE_SIZE);

    if (!pa)
        panic("no memory for page tables");
    page_zero(phys_to_virt(pa));
    return phys_to_virt(pa);
}

static void map(uintptr_t va, uint64_t pa, uint64_t size, pte_t flags)
{
    static struct sv39_pool pool;

    while (size > 0) {
        unsigned level = sv39_level(va, pa, size);
        while (pool.count < SV39_TABLES_MAX)
            sv39_pool_put(&pool, boot_table());
        int error = sv39_map(root, va, pa, level, flags, &pool);
        if (error)
            panic("cannot map %#lx to %#lx, %#lx bytes: error %d", va, pa, size, error);
        va += sv39_size(level);
        pa += sv39_size(level);
        size -= sv39_size(level);
    }
}

static void map_direct(uint64_t start, uint64_t end, pte_t flags)
{
    if (start < end)
        map(DIRECT_BASE + start, start, end - start, flags);
}

static uint64_t min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* RAM, read-write, but for the alias of the image's text and constants: read-only. */
static void map_ram(void)
{
    uint64_t ro_start = entry_image_pa, ro_end = pa_of(rodata_end);
    paddr_t cursor = 0, pa;
    size_t size;

    while (memblock_next(&cursor, &pa, &size)) {
        uint64_t end = pa + size;
        map_direct(pa, min(end, ro_start), PTE_KERNEL_RW);
        map_direct(max(pa, ro_start), min(end, ro_end), PTE_KERNEL_RO);
        map_direct(max(pa, ro_end), end, PTE_KERNEL_RW);
    }
}

/* Descriptors for RAM, zeroed; what neighbours share is mapped once. */
static void map_vmemmap(void)
{
    paddr_t cursor = 0, pa;
    size_t size, length;
    uintptr_t va;

    while (memblock_next(&cursor, &pa, &size)) {
        memblock_vmemmap_extent(pa, size, &va, &length);
        for (uintptr_t at = va; at < va + length; at += PAGE_SIZE) {
            unsigned level;
            if (!pte_is_leaf(pte_read(sv39_walk(root, at, &level))))
                map(at, virt_to_phys(boot_table()), PAGE_SIZE, PTE_KERNEL_RW);
        }
    }
}

static void map_image(void)
{
    map((uintptr_t)image_start, entry_image_pa, (uint64_t)(text_end - image_start), PTE_KERNEL_RX);
    map((uintptr_t)text_end, pa_of(text_end), (uint64_t)(rodata_end - text_end), PTE_KERNEL_RO);
    map((uintptr_t)rodata_end, pa_of(rodata_end), (uint64_t)(image_end - rodata_end),
        PTE_KERNEL_RW);
}

/* The devices that the kernel itself drives, at their direct-map addresses. */
static void map_devices(void)
{
    map_direct(machine.plic_base, machine.plic_base + machine.plic_size, PTE_KERNEL_RW);
    if (machine.test_base)
        map_direct(machine.test_base, machine.test_base + PAGE_SIZE, PTE_KERNEL_RW);
}

/* How many bits of ASID satp keeps (privileged spec 4.1.11). */
static unsigned asid_bits(void)
{
    uint64_t old = csr_read(satp), bits;
    unsigned n = 0;

    csr_write(satp, old | 0xfffful << SATP_ASID_SHIFT);
    bits = csr_read(satp) >> SATP_ASID_SHIFT & 0xffff;
    csr_write(satp, old);
    __asm__ volatile("sfence.vma" ::: "memory");
    while (bits >> n & 1)
        n++;
    return n;
}

static void setup_memory(void)
{
    root = boot_table();
    map_ram();
    map_vmemmap();
    map_image();
    map_devices();
    hart_kernel_satp = sv39_satp(root, 0);
    csr_write(satp, hart_kernel_satp);
    __asm__ volatile("sfence.vma" ::: "memory");
    buddy_init();
    memblock_handover(buddy_add, buddy_add_reserved);
    buddy_ready();
    kmalloc_setup();
    vmalloc_init(root);
    aspace_setup(root, asid_bits());
}

static void setup_objects(void)
{
    sched_setup();
    futex_setup();
    account_setup();
    port_setup();
    task_setup();
    thread_setup();
}

void boot_main(uint64_t hart_id, uint64_t fdt)
{
    csr_write(sscratch, 0);
    csr_write(stvec, (uintptr_t)trap_entry);
    mm_hooks.panic = panic;
    mm_hooks.fence = hart_fence;
    mm_hooks.pressure = task_pressure;
    panic_hooks.backtrace = backtrace_print;
    panic_hooks.dump = dump_all;
    if (sbi_init())
        panic("the firmware has no SBI base extension");
    memblock_init();
    if (memblock_reserve(entry_image_pa, (size_t)(image_end - image_start)))
        panic("cannot reserve the kernel image");
    probe_machine(fdt, hart_id);
    if (!sbi_timer_init(machine.sstc))
        panic("no timer: neither Sstc nor the SBI's TIME extension");
    print("Octavo: %u hart%s, %zu MiB\n", machine.nharts, machine.nharts == 1 ? "" : "s",
          memblock_total() >> 20);
    setup_memory();
    hart_count = machine.nharts;
    for (uint32_t i = 0; i < hart_count; i++) {
        harts[i].index = i;
        harts[i].bit = 1ul << i;
        harts[i].id = machine.hart_id[i];
    }
    setup_objects();
    irq_setup();
    first_task_create();
    start_all();
}
