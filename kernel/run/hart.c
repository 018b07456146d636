/* SPDX-License-Identifier: MIT
 *
 * Harts: records, stacks, start, and what one asks of another. See hart.h. */
#include "kernel/run/hart.h"

#include "kernel/base/csr.h"
#include "kernel/base/lock.h"
#include "kernel/base/machine.h"
#include "kernel/run/offsets.h"
#include "kernel/base/panic.h"
#include "kernel/run/sched.h"
#include "kernel/base/stats.h"
#include "sbi/sbi.h"

#include <stddef.h>

#define HART_STACK_SIZE 16384u
#define SCOUNTEREN_ALL 7u /* cycle, time, instret readable in user mode; 4.1.5 */

_Static_assert(offsetof(struct hart, current) == H_CURRENT, "trap.S");
_Static_assert(offsetof(struct hart, work) == H_WORK, "trap.S");
_Static_assert(offsetof(struct hart, stack_top) == H_STACK, "trap.S");
_Static_assert(offsetof(struct hart, id) == H_ID, "entry.S");
_Static_assert(sizeof(struct hart) == H_SIZE, "entry.S");

struct hart harts[MM_MAX_HARTS];
uint32_t hart_count;

extern char trap_entry[], hart_entry[], image_start[];
extern uint64_t image_pa;
_Noreturn void trap_start(void);
_Noreturn void hart_main(struct hart *hart); /* from entry.S on every hart but the first */

/* What every hart sets up for itself before its first user thread. */
static void setup_self(struct hart *hart)
{
    csr_write(sscratch, 0);
    csr_write(stvec, (uintptr_t)trap_entry);
    csr_write(scounteren, SCOUNTEREN_ALL);
    csr_clear(sstatus, SSTATUS_FS | SSTATUS_SPP);
    csr_write(satp, kernel_satp);
    __asm__ volatile("sfence.vma" ::: "memory");
    csr_write(sie, SIP_SSIP | SIP_STIP | (hart->index == 0 && machine.plic_sources ? SIP_SEIP : 0));
    hart->timer_set = 0;
    hart->slice_end = TIME_NEVER;
    hart->since = hart->started = time_now();
    hart->work = HART_RESCHED | HART_FENCE_I;
    hart->up = true;
}

void hart_main(struct hart *hart)
{
    kernel_lock_take();
    setup_self(hart);
    trap_start();
}

void hart_start_all(void)
{
    struct hart *boot = &harts[0];

    for (uint32_t i = 0; i < hart_count; i++) {
        struct hart *hart = &harts[i];
        RB_INIT(&hart->timers);
        if (vmalloc_reserve(&hart->stack, HART_STACK_SIZE) ||
            vmalloc_grow(&hart->stack, HART_STACK_SIZE))
            panic("no memory for the stack of hart %u", i);
        hart->stack_top = hart->stack.base + HART_STACK_SIZE - 16; /* trap.S keeps a word there */
    }
    kernel_lock_take();
    setup_self(boot);
    for (uint32_t i = 1; i < hart_count; i++) {
        uint64_t entry = image_pa + (uintptr_t)(hart_entry - image_start);
        int error = sbi_hart_start(harts[i].id, entry, (uint64_t)&harts[i]);
        if (error)
            print("hart %lu does not start: error %d\n", harts[i].id, error);
    }
    trap_start();
}

void hart_poke(struct hart *hart)
{
    if (sbi_send_ipi(1, hart->id))
        panic("cannot interrupt hart %u", hart->index);
}

/* A set of harts as the firmware wants it: hardware ids from *base on. */
static unsigned long ids_of(unsigned long mask, uint64_t *base)
{
    unsigned long ids = 0;

    *base = UINT64_MAX;
    for (uint32_t i = 0; i < hart_count; i++)
        if (mask & harts[i].bit && harts[i].id < *base)
            *base = harts[i].id;
    for (uint32_t i = 0; i < hart_count; i++)
        if (mask & harts[i].bit)
            ids |= 1ul << (harts[i].id - *base);
    return ids;
}

void hart_fence_i_all(const struct aspace *space)
{
    unsigned long mask = 0;
    uint64_t base;

    for (uint32_t i = 0; i < hart_count; i++) {
        struct thread *current = harts[i].current;
        harts[i].work |= HART_FENCE_I;
        if (&harts[i] != hart_this() && current && &current->task->aspace == space)
            mask |= harts[i].bit;
    }
    unsigned long ids = ids_of(mask, &base);
    if (ids && sbi_remote_fence_i(ids, base))
        panic("remote fence.i failed");
}

void hart_catch_up(struct hart *hart)
{
    if (!(hart->work & HART_FENCE))
        return;
    hart->work &= ~HART_FENCE;
    __asm__ volatile("sfence.vma" ::: "memory");
}

/* ---- hooks of mm/port.h ---- */

/* The harts of the mask that must fence now: others that run a thread of this space. One without a thread
 * touches no memory but its stack and the kernel lock, and flushes before anything else when it has that;
 * one that runs in another space flushes on its way out of the kernel, without which it does not leave it. */
static unsigned long must_fence(unsigned long mask, uint32_t asid)
{
    unsigned long now = 0;

    for (uint32_t i = 0; i < hart_count; i++) {
        struct hart *hart = &harts[i];
        if (!(mask & hart->bit) || hart == hart_this() || !hart->up)
            continue;
        if (!hart->current || (asid != MM_ASID_ANY && hart->current->task->aspace.asid != asid))
            hart->work |= HART_FENCE;
        else
            now |= hart->bit;
    }
    return now;
}

void mm_fence(unsigned long mask, uint32_t asid, uintptr_t va, size_t size)
{
    struct hart *self = hart_this();
    uint64_t base;

    if (mask & 1ul << self->index) {
        if (size == PAGE_SIZE)
            fence_page(va);
        else
            __asm__ volatile("sfence.vma" ::: "memory");
    }
    if (mask == 1ul << self->index)
        return;
    unsigned long ids = ids_of(must_fence(mask, asid), &base);
    if (!ids)
        return;
    stats.shootdowns++;
    uint64_t bytes = size == MM_FENCE_ALL ? ~0ul : size, start = size == MM_FENCE_ALL ? 0 : va;
    int error = asid == MM_ASID_ANY ? sbi_remote_sfence_vma(ids, base, start, bytes)
                                    : sbi_remote_sfence_vma_asid(ids, base, start, bytes, asid);
    if (error)
        panic("remote fence failed: error %d", error);
}

unsigned mm_asid_bits(void)
{
    uint64_t old = csr_read(satp), bits;

    csr_write(satp, old | 0xfffful << SATP_ASID_SHIFT);
    bits = csr_read(satp) >> SATP_ASID_SHIFT & 0xffff;
    csr_write(satp, old);
    __asm__ volatile("sfence.vma" ::: "memory");
    unsigned n = 0;
    while (bits >> n & 1)
        n++;
    return n;
}
