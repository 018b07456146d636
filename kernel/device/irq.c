/* SPDX-License-Identifier: MIT
 *
 * Interrupts. See irq.h. A device interrupt is silenced, completed and passed on as a notification at
 * once; its driver's irq_ack lets the source interrupt again. PLIC: RISC-V Platform-Level Interrupt
 * Controller Specification 1.0.0, chapters 3-9. All sources go to the boot hart. */
#include "kernel/device/irq.h"

#include "kernel/base/csr.h"
#include "kernel/base/machine.h"
#include "kernel/base/print.h"
#include "kernel/device/device.h"
#include "kernel/run/hart.h"
#include "kernel/run/sched.h"
#include "mm/page.h"
#include "sbi/sbi.h"

#define PLIC_PRIORITY(irq) (4 * (irq))
#define PLIC_ENABLE(context, irq) (0x2000 + 0x80 * (context) + 4 * ((irq) / 32))
#define PLIC_THRESHOLD(context) (0x200000 + 0x1000 * (context))
#define PLIC_CLAIM(context) (0x200004 + 0x1000 * (context))

static volatile uint32_t *plic(uint64_t offset)
{
    return phys_to_virt(machine.plic_base + offset);
}

void irq_enable(uint32_t irq, bool on)
{
    if (irq && irq <= machine.plic_sources)
        *plic(PLIC_PRIORITY(irq)) = on;
}

static void external(void)
{
    uint32_t irq;

    while ((irq = *plic(PLIC_CLAIM(machine.plic_context[0])))) {
        irq_enable(irq, false);
        *plic(PLIC_CLAIM(machine.plic_context[0])) = irq;
        device_interrupt(irq);
    }
}

void irq_setup(void)
{
    uint32_t context = machine.plic_context[0];

    if (!machine.plic_base || context == ~0u) {
        print("no PLIC for the boot hart: devices cannot interrupt\n");
        machine.plic_sources = 0;
        return;
    }
    for (uint32_t irq = 1; irq <= machine.plic_sources; irq++) {
        *plic(PLIC_PRIORITY(irq)) = 0;
        *plic(PLIC_ENABLE(context, irq)) |= 1u << irq % 32;
    }
    *plic(PLIC_THRESHOLD(context)) = 0;
    hart_interrupts.external = external;
}

/* QEMU's -icount sleep=off lets no time pass in wfi while no timer is armed, and the only way to disarm
 * one is to let it expire: soon, but not before the SBI has armed it. With a firmware that arms it again the hart
 * looks once in 100 us, which the device hardly ever needs: so each request takes equally long there, too. */
void irq_wait(uint32_t irq)
{
    uint64_t until = time_now() + machine.timebase / 100000;
    bool rests = sbi_timer_rests();

    sbi_timer_set(until);
    while (!(csr_read(sip) & SIP_STIP))
        ;
    csr_clear(sie, SIP_STIP);
    do { /* at least once: as many instructions when the device was faster */
        if (rests)
            __asm__ volatile("wfi");
        for (until += machine.timebase / 10000; !rests && time_now() < until;)
            ;
    } while (!(csr_read(sip) & SIP_SEIP));
    hart_serve();
    irq_enable(irq, false);
    csr_set(sie, SIP_STIP);
}
