/* SPDX-License-Identifier: MIT
 *
 * Starts the harts, each with a stack of its own, and sends them to the scheduler. See start.h. */
#include "kernel/boot/start.h"

#include "kernel/base/csr.h"
#include "kernel/base/lock.h"
#include "kernel/base/machine.h"
#include "kernel/base/panic.h"
#include "kernel/base/print.h"
#include "kernel/boot/entry.h"
#include "kernel/entry/trap.h"
#include "kernel/run/sched.h"
#include "mm/vmalloc.h"
#include "sbi/sbi.h"

#define STACK_SIZE 16384u
#define SCOUNTEREN_ALL 7u /* cycle, time, instret readable in user mode; 4.1.5 */

extern char image_start[]; /* kernel.ld */

/* What every hart sets up for itself before its first user thread. */
static void setup(struct hart *hart)
{
    csr_write(sscratch, 0);
    csr_write(stvec, (uintptr_t)trap_entry);
    csr_write(scounteren, SCOUNTEREN_ALL);
    csr_clear(sstatus, SSTATUS_FS | SSTATUS_SPP);
    csr_write(satp, hart_kernel_satp);
    __asm__ volatile("sfence.vma" ::: "memory");
    csr_write(sie, SIP_SSIP | SIP_STIP | (hart->index == 0 && machine.plic_sources ? SIP_SEIP : 0));
    hart->timer_set = 0;
    hart->slice_end = TIME_NEVER;
    hart->since = hart->started = time_now();
    hart->work = HART_RESCHED | HART_FENCE_I;
    hart->up = true;
}

void start_hart(struct hart *hart)
{
    lock_take();
    setup(hart);
    trap_start();
}

void start_all(void)
{
    struct hart *boot = &harts[0];

    for (uint32_t i = 0; i < hart_count; i++) {
        struct hart *hart = &harts[i];
        struct vm_area stack;
        if (vmalloc_reserve(&stack, STACK_SIZE) || vmalloc_grow(&stack, STACK_SIZE))
            panic("no memory for the stack of hart %u", i);
        hart->stack_top = stack.base + STACK_SIZE - 16; /* trap.S keeps a word there */
    }
    lock_take();
    setup(boot);
    for (uint32_t i = 1; i < hart_count; i++) {
        uint64_t entry = entry_image_pa + (uintptr_t)(entry_hart - image_start);
        int error = sbi_hart_start(harts[i].id, entry, (uint64_t)&harts[i]);
        if (error)
            print("hart %lu does not start: error %d\n", harts[i].id, error);
    }
    trap_start();
}
