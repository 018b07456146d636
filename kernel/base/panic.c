/* SPDX-License-Identifier: MIT
 *
 * Panic: message, backtrace, status. See panic.h. It allocates nothing and takes no lock. */
#include "kernel/base/panic.h"

#include "kernel/base/csr.h"
#include "kernel/base/power.h"
#include "kernel/base/print.h"
#include "mm/mm.h"

struct panic_hooks panic_hooks;

/* One hart speaks; others that panic meanwhile stop. */
static void begin(void)
{
    static uint32_t panicking;

    if (__atomic_exchange_n(&panicking, 1, __ATOMIC_ACQUIRE))
        for (;;)
            __asm__ volatile("wfi");
    print("\nPANIC: ");
}

static _Noreturn void end(uintptr_t pc, uintptr_t ra, uintptr_t fp)
{
    if (panic_hooks.backtrace)
        panic_hooks.backtrace(pc, ra, fp);
    power_off(PANIC_STATUS);
}

void panic(const char *format, ...)
{
    va_list args;

    begin();
    va_start(args, format);
    print_va(format, args);
    va_end(args);
    print("\n");
    end((uintptr_t)__builtin_return_address(0) - 1, 0,
        *((uintptr_t *)__builtin_frame_address(0) - 2));
}

void panic_trap(const uint64_t *frame)
{
    uint64_t pc = csr_read(sepc);

    begin();
    print("trap in the kernel: scause %lu, stval %#lx, sepc %#lx, hart %u\n", csr_read(scause),
          csr_read(stval), pc, frame[4] ? mm_hart() : 99);
    for (int i = 1; i <= 17; i++)
        print("x%d=%#lx%s", i, frame[i], i % 4 == 0 ? "\n" : " ");
    print("\n");
    end(pc, frame[1], frame[8]);
}
