/* SPDX-License-Identifier: MIT
 *
 * Switching the machine off. See power.h. */
#include "kernel/base/power.h"

#include "kernel/base/machine.h"
#include "kernel/base/panic.h"
#include "kernel/base/time.h"
#include "mm/page.h"
#include "sbi/sbi.h"

void power_off(uint32_t status)
{
    if (machine.test_base) {
        volatile uint32_t *test = phys_to_virt(machine.test_base);
        *test = status ? status << 16 | 0x3333u : 0x5555u;
        /* QEMU stops a moment later; a firmware call meanwhile would end it with status 0. */
        for (uint64_t start = time_now(); time_now() - start < machine.timebase;)
            ;
    }
    sbi_reset(SBI_RESET_SHUTDOWN, status ? SBI_RESET_SYSTEM_FAILURE : SBI_RESET_NO_REASON);
    for (;;)
        __asm__ volatile("wfi");
}

void power_reboot(void)
{
    sbi_reset(SBI_RESET_COLD_REBOOT, SBI_RESET_NO_REASON);
    power_off(PANIC_STATUS);
}
