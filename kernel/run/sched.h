/* SPDX-License-Identifier: MIT
 *
 * Scheduling: fixed priorities, round robin among equals, preemptive, no tick without a competitor;
 * deadlines; and the switch itself. */
#ifndef OCTAVO_KERNEL_SCHED_H
#define OCTAVO_KERNEL_SCHED_H

#include "kernel/base/csr.h"
#include "kernel/base/time.h"
#include "kernel/run/hart.h"
#include "kernel/run/task.h"

#define SLICE_MS 10
/* hart.slice_end: over while somebody ran whom those that wait do not equal. */
#define SLICE_OVER 0ul

extern uint32_t sched_idle_harts;   /* how many are in wfi, and nobody is on the way to them */
extern uint32_t sched_ready_bitmap; /* bit p: a thread of priority p is READY */

void sched_setup(void);

/* Makes a thread READY at the tail of its priority and sees to it that some hart runs it if one
 * should. */
void sched_ready(struct thread *thread);

/* Takes a READY thread out of its queue. */
void sched_unready(struct thread *thread);

/* The current thread does not go on: the next is chosen on the way out of the kernel. */
void sched_block(void);

/* Starts and stops a deadline (time register) for a thread that waits. At its end the wait fails
 * with -ETIMEDOUT. */
void sched_deadline(struct thread *thread, uint64_t when);
void sched_deadline_cancel(struct thread *thread);

/* Whether `thread` may take this hart over at once, without a look at the queues: nobody waits who
 * comes before it, and if an equal does, the slice is measured and not over. */
static inline bool sched_may_run(const struct hart *hart, const struct thread *thread)
{
    return !sched_ready_bitmap || (hart->slice_end != TIME_NEVER && hart->slice_end != SLICE_OVER &&
                                   sched_ready_bitmap >> thread->priority <= 1);
}

/* Whether `to`, which becomes ready, may take this hart over from the current thread at once. */
static inline bool sched_may_preempt(const struct thread *current, const struct thread *to)
{
    return to->priority > current->priority && !(sched_ready_bitmap >> to->priority) &&
           !sched_idle_harts;
}

/* The current thread stays ready while another takes over the hart: it is queued, and offered to other
 * harts. What is left to do about slices is done when this hart is next handed over or chosen for. */
void sched_queue(struct thread *thread);

/* The thread leaves this hart, or dies on it, with the FP unit on: its registers are saved. */
void sched_fp_off(struct hart *hart, struct thread *thread);

/* For a hart that is not slow. */
static inline void sched_switch_simple(struct hart *hart, struct thread *from, struct thread *to)
{
    struct aspace *space = &to->task->aspace;
    uint64_t now = time_now();

    from->run_time += now - hart->since;
    hart->since = now;
    space->harts |= hart->bit;
    csr_write(satp, space->satp);
    to->hart = hart;
    to->state = THREAD_RUNNING;
    hart->current = to;
}

/* Leaves the current thread (which is queued wherever it waits) for this one. Counts no switch: the
 * way of a message must be short. */
static inline void sched_switch(struct hart *hart, struct thread *from, struct thread *to)
{
    if (hart->slow & HART_FP)
        sched_fp_off(hart, from);
    if (aspace_enter(&to->task->aspace, hart->index)) {
        csr_write(satp, to->task->aspace.satp);
        __asm__ volatile("sfence.vma zero, %0" ::"r"(0ul) : "memory");
    }
    sched_switch_simple(hart, from, to);
}

/* Leaves the current thread, if any, for the kernel's own space. */
void sched_leave(void);

/* On the way to user mode, when there is work: see trap.S. Returns with a current thread. */
void sched_exit_work(void);

#endif
