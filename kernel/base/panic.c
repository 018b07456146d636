/* SPDX-License-Identifier: MIT
 *
 * Panic: message, backtrace, status. See panic.h. It allocates nothing and takes no lock. */
#include "kernel/base/panic.h"

#include "kernel/base/csr.h"
#include "kernel/run/hart.h"
#include "kernel/base/machine.h"
#include "mm/layout.h"
#include "mm/page.h"
#include "mm/port.h"
#include "sbi/sbi.h"

#include <stdarg.h>
#include <stdbool.h>

#define BACKTRACE_DEPTH 24

/* The symbol table that the build makes (tests/tools/ksyms): offsets from ksym_base, ascending. */
extern const uint64_t ksym_base;
extern const uint32_t ksym_count, ksym_addrs[], ksym_name_offs[];
extern const char ksym_names[];
extern const char image_start[], text_end[];

void print_va(const char *format, va_list args);

static bool in_text(uintptr_t pc)
{
    return pc >= (uintptr_t)image_start && pc < (uintptr_t)text_end;
}

static void print_symbol(uintptr_t pc)
{
    uint32_t offset = (uint32_t)(pc - ksym_base);
    uint32_t low = 0, high = ksym_count;

    if (!in_text(pc) || !ksym_count) {
        print("  %#lx\n", pc);
        return;
    }
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (ksym_addrs[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    print("  %#lx %s+%#x\n", pc, ksym_names + ksym_name_offs[low], offset - ksym_addrs[low]);
}

static bool in_stack(uintptr_t fp)
{
    return fp % 8 == 0 && fp >= VMALLOC_BASE;
}

/* Frames are chained through s0: return address at s0 - 8, caller's s0 at s0 - 16 (psABI). Where pc is
 * nowhere (a call through a bad pointer), ra tells who jumped; else it may be stale, and is in a frame. */
static void backtrace(uintptr_t pc, uintptr_t ra_now, uintptr_t fp)
{
    print("backtrace:\n");
    print_symbol(pc);
    if (!in_text(pc) && in_text(ra_now))
        print_symbol(ra_now - 1);
    for (int i = 0; i < BACKTRACE_DEPTH && in_stack(fp); i++) {
        uintptr_t ra = ((uintptr_t *)fp)[-1], next = ((uintptr_t *)fp)[-2];
        if (!in_text(ra))
            break;
        print_symbol(ra - 1);
        if (next <= fp)
            break;
        fp = next;
    }
}

void power_off(uint32_t status)
{
    if (machine.test_base) {
        volatile uint32_t *test = phys_to_virt(machine.test_base);
        *test = status ? status << 16 | 0x3333u : 0x5555u;
        /* QEMU stops a moment later; a firmware call meanwhile would end it with status 0. */
        for (uint64_t start = time_now(); time_now() - start < machine.timebase;)
            ;
    }
    sbi_shutdown(status ? SBI_RESET_SYSTEM_FAILURE : SBI_RESET_NO_REASON);
    for (;;)
        __asm__ volatile("wfi");
}

void power_reboot(void)
{
    sbi_reboot(SBI_RESET_NO_REASON);
    power_off(PANIC_STATUS);
}

/* One hart speaks; others that panic meanwhile stop. */
static void panic_begin(void)
{
    static uint32_t panicking;

    if (__atomic_exchange_n(&panicking, 1, __ATOMIC_ACQUIRE))
        for (;;)
            __asm__ volatile("wfi");
}

void mm_panic(const char *format, ...)
{
    va_list args;

    panic_begin();
    print("\nPANIC: ");
    va_start(args, format);
    print_va(format, args);
    va_end(args);
    print("\n");
    backtrace((uintptr_t)__builtin_return_address(0) - 1, 0,
              *((uintptr_t *)__builtin_frame_address(0) - 2));
    power_off(PANIC_STATUS);
}

void panic_trap(const uint64_t *frame)
{
    uint64_t cause = csr_read(scause), value = csr_read(stval), pc = csr_read(sepc);
    struct hart *hart = (struct hart *)frame[4];

    panic_begin();
    print("\nPANIC: trap in the kernel: scause %lu, stval %#lx, sepc %#lx, hart %u\n", cause, value,
          pc, hart ? hart->index : 99);
    for (int i = 1; i <= 17; i++)
        print("x%d=%#lx%s", i, frame[i], i % 4 == 0 ? "\n" : " ");
    print("\n");
    backtrace(pc, frame[1], frame[8]);
    power_off(PANIC_STATUS);
}
