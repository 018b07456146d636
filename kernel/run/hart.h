/* SPDX-License-Identifier: MIT
 *
 * The per-hart record. In S-mode tp points to it. */
#ifndef OCTAVO_KERNEL_HART_H
#define OCTAVO_KERNEL_HART_H

#include "kernel/run/thread.h"
#include "mm/aspace.h"
#include "mm/mm.h"

/* hart.work: what to do before this hart returns to user mode. */
#define HART_RESCHED 1ul /* a thread became ready, or the slice is over */
#define HART_FENCE_I 2ul /* a page became executable somewhere */
#define HART_TIMER 4ul   /* set the timer anew */
#define HART_REAP 8ul    /* tasks wait for their teardown */
#define HART_LOOK 16ul   /* a thread that ran here got `work`: see that it does not block with it */
#define HART_PRESSURE 32ul /* memory runs low: tell who asked */
#define HART_FENCE 64ul    /* it missed a fence, for it could not use what is gone: flushes all */

/* hart.slow */
#define HART_FP 1u    /* the FP unit is on, for the current thread: sstatus.FS is not Off */
#define HART_FLUSH 2u /* from when the ASIDs ran out: some spaces share one */

struct hart {
    uint32_t index;         /* mm/mm.h reads it here */
    struct thread *current; /* NULL: none; about to idle */
    uint64_t work;          /* HART_*, set by any hart that holds the lock */
    uint64_t stack_top;
    uint64_t id;        /* mhartid */
    bool up;            /* has reached the scheduler */
    bool idle;          /* in wfi, without the lock */
    uint8_t slow;       /* HART_FP, HART_FLUSH: a switch needs more than sched_switch_simple does */
    uint64_t since;     /* time register at the last switch */
    uint64_t slice_end; /* time register; ~0: not measured, SLICE_OVER */
    uint64_t timer_set; /* what the timer is armed for */
    uint64_t idle_time; /* ticks in wfi */
    uint64_t started;   /* time register when it came up */
    uint64_t switches, interrupts;
    uint64_t bit;       /* 1 << index */
    struct tree timers; /* waits with a deadline that were begun here, earliest first */
};

extern struct hart harts[MM_MAX_HARTS];
extern uint32_t hart_count; /* records in use: harts 0..hart_count-1; 0 is the boot hart */

static inline struct hart *hart_this(void)
{
    struct hart *hart;
    __asm__("mv %0, tp" : "=r"(hart));
    return hart;
}

#define current_thread() (hart_this()->current)
#define current_task() (hart_this()->current->task)

extern uint64_t hart_kernel_satp; /* the kernel's own root, while no user space is entered */

/* Who serves which interrupt; filled in when sched.c and the PLIC are set up. */
struct hart_interrupts {
    void (*timer)(void);
    void (*external)(void); /* of devices: they go to the boot hart */
};
extern struct hart_interrupts hart_interrupts;

/* Serves whatever is pending on this hart now. */
void hart_serve(void);

/* The calling hart does the fences that it missed: out of idle, and before it leaves the kernel. */
void hart_catch_up(struct hart *hart);

/* Sends a hart to kernel entry: it will do its `work`. Not for the calling hart. */
void hart_poke(struct hart *hart);

/* mm_hooks.fence: see mm/mm.h. */
void hart_fence(unsigned long mask, uint32_t asid, uintptr_t va, size_t size);

/* A page of the space became executable: harts that run it have executed fence.i when this returns, all
 * others will before they next return to user mode. */
void hart_fence_i_all(const struct aspace *space);

#endif
