/* SPDX-License-Identifier: MIT
 *
 * Harts: their records, what one asks of another, and which interrupts are pending. See hart.h. */
#include "kernel/run/hart.h"

#include "kernel/base/csr.h"
#include "kernel/base/panic.h"
#include "kernel/base/stats.h"
#include "kernel/run/offsets.h"
#include "kernel/run/task.h"
#include "sbi/sbi.h"

#include <stddef.h>

OFFSETS_ASSERT(H_CURRENT, offsetof(struct hart, current));
OFFSETS_ASSERT(H_WORK, offsetof(struct hart, work));
OFFSETS_ASSERT(H_STACK, offsetof(struct hart, stack_top));
OFFSETS_ASSERT(H_ID, offsetof(struct hart, id));
OFFSETS_ASSERT(H_SIZE, sizeof(struct hart));

struct hart harts[MM_MAX_HARTS];
uint32_t hart_count;

uint64_t hart_kernel_satp;
struct hart_interrupts hart_interrupts;

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

void hart_serve(void)
{
    struct hart *hart = hart_this();
    uint64_t pending = csr_read(sip);

    hart->interrupts++;
    if (pending & SIP_SSIP) /* another hart set hart->work first */
        csr_clear(sip, SIP_SSIP);
    if (pending & SIP_STIP)
        hart_interrupts.timer();
    if (pending & SIP_SEIP && hart->index == 0)
        hart_interrupts.external();
}

void hart_catch_up(struct hart *hart)
{
    if (!(hart->work & HART_FENCE))
        return;
    hart->work &= ~HART_FENCE;
    __asm__ volatile("sfence.vma" ::: "memory");
}

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

void hart_fence(unsigned long mask, uint32_t asid, uintptr_t va, size_t size)
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
    _Static_assert(SBI_ASID_ANY == MM_ASID_ANY, "translate MM_ASID_ANY into SBI_ASID_ANY here");
    int error = sbi_remote_sfence_vma(ids, base, start, bytes, asid);
    if (error)
        panic("remote fence failed: error %d", error);
}
