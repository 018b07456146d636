/* SPDX-License-Identifier: MIT
 *
 * The slow side of scheduling: run queues, slices, deadlines, idle, and what is done on the way out
 * of the kernel. See sched.h. It decides nothing about why a thread waits. */
#include "kernel/run/sched.h"

#include "kernel/base/fp.h"
#include "kernel/base/lock.h"
#include "kernel/base/machine.h"
#include "kernel/run/upcall.h"
#include "sbi/sbi.h"

#include <abi/errno.h>

uint32_t sched_ready_bitmap, sched_idle_harts;
static struct thread_queue queues[PRIORITY_COUNT];

static bool by_deadline(const struct tree_node *a, const struct tree_node *b)
{
    return tree_entry(a, const struct thread, timer)->deadline <
           tree_entry(b, const struct thread, timer)->deadline;
}

/* The thread whose deadline comes first, or NULL. */
static struct thread *first_timed(const struct hart *hart)
{
    return tree_entry(tree_end(&hart->timers, TREE_BEFORE), struct thread, timer);
}

/* The timer interrupt. */
static void timer_expired(void)
{
    struct hart *hart = hart_this();
    uint64_t now = time_now();
    struct thread *first;

    hart->timer_set = 0; /* it fired: whatever comes next is armed anew */
    hart->work |= HART_TIMER;
    while ((first = first_timed(hart)) && first->deadline <= now)
        thread_abort(first, -ETIMEDOUT);
    if (hart->slice_end <= now)
        hart->work |= HART_RESCHED;
}

void sched_setup(void)
{
    for (unsigned i = 0; i < PRIORITY_COUNT; i++)
        TAILQ_INIT(&queues[i]);
    hart_interrupts.timer = timer_expired;
}

/* The highest priority of a thread that is READY; there is one. (RV64GC has no instruction for it, and
 * libgcc's function is for another floating-point ABI.) */
static unsigned highest_ready(void)
{
    unsigned n = 0;

    for (unsigned half = 16; half; half /= 2)
        if (sched_ready_bitmap >> n >> half)
            n += half;
    return n;
}

/* The timer is armed at most ten seconds ahead; firing early does nothing but arm it again. With
 * "never" in it, QEMU's -icount sleep=off jumps to the end of its 63 bits of time as soon as all harts
 * idle, and hangs. */
static void timer_arm(struct hart *hart)
{
    struct thread *first = first_timed(hart);
    uint64_t when = hart->slice_end == SLICE_OVER ? TIME_NEVER : hart->slice_end;

    if (first && first->deadline < when)
        when = first->deadline;
    if (hart->work & HART_REAP && time_now() + machine.timebase / 1000 < when)
        when = time_now() + machine.timebase / 1000;
    if (when != hart->timer_set) {
        uint64_t far = time_now() + 10 * machine.timebase;
        hart->timer_set = when;
        sbi_timer_set(when < far ? when : far);
    }
}

/* Asks a hart, this one or another, to look at the queues. */
static void kick(struct hart *hart, uint64_t work)
{
    hart->work |= work;
    if (hart != hart_this())
        hart_poke(hart);
}

/* Sends an idle hart to look at the queues. False: none is idle. */
static bool wake_idle(void)
{
    struct hart *hart = harts;

    if (!sched_idle_harts)
        return false;
    while (!hart->idle)
        hart++;
    hart->idle = false; /* it is on its way: the next one goes to another */
    sched_idle_harts--;
    hart_poke(hart);
    return true;
}

/* Somebody waits, so nobody may run without end. */
static void measure_slices(void)
{
    for (uint32_t i = 0; i < hart_count; i++)
        if (harts[i].up && harts[i].slice_end == TIME_NEVER && !(harts[i].work & HART_TIMER))
            kick(&harts[i], HART_TIMER);
}

/* Finds who should notice that `thread` became ready: an idle hart; else the hart that runs the
 * lowest priority, if that is lower; else all start to measure slices. A hart that is about to choose
 * may be counted on more than once: pass_on() sees to the rest when it has chosen. */
static void place(struct thread *thread)
{
    struct hart *lowest = NULL;

    if (wake_idle())
        return;
    for (uint32_t i = 0; i < hart_count; i++) {
        struct hart *hart = &harts[i];
        if (!hart->up)
            continue;
        if (!hart->current) {
            hart->work |= HART_RESCHED;
            return;
        }
        if (!lowest || hart->current->priority < lowest->current->priority)
            lowest = hart;
    }
    if (!lowest)
        return;
    if (lowest->current->priority < thread->priority)
        kick(lowest, HART_RESCHED);
    else
        measure_slices();
}

/* This hart has chosen, and there are threads left over. */
static void pass_on(void)
{
    if (sched_ready_bitmap && !wake_idle())
        measure_slices();
}

static void enqueue(struct thread *thread)
{
    thread->state = THREAD_READY;
    TAILQ_INSERT_TAIL(&queues[thread->priority], thread, queue);
    sched_ready_bitmap |= 1u << thread->priority;
}

void sched_ready(struct thread *thread)
{
    enqueue(thread);
    place(thread);
}

void sched_queue(struct thread *thread)
{
    enqueue(thread);
    if (hart_count > 1)
        place(thread);
}

void sched_unready(struct thread *thread)
{
    struct thread_queue *queue = &queues[thread->priority];

    TAILQ_REMOVE(queue, thread, queue);
    if (TAILQ_EMPTY(queue))
        sched_ready_bitmap &= ~(1u << thread->priority);
}

void sched_fp_off(struct hart *hart, struct thread *thread)
{
    if ((csr_read(sstatus) & SSTATUS_FS) == SSTATUS_FS_DIRTY)
        fp_save(thread->f);
    csr_clear(sstatus, SSTATUS_FS);
    hart->slow &= (uint8_t)~HART_FP;
}

void sched_leave(void)
{
    struct hart *hart = hart_this();
    struct thread *from = hart->current;
    uint64_t now = time_now();

    if (!from)
        return;
    from->run_time += now - hart->since;
    hart->since = now;
    hart->switches++;
    if (hart->slow & HART_FP)
        sched_fp_off(hart, from);
    csr_write(satp, hart_kernel_satp);
    hart->current = NULL;
}

void sched_block(void)
{
    struct hart *hart = hart_this();

    sched_leave();
    hart->work |= HART_RESCHED;
}

void sched_deadline(struct thread *thread, uint64_t when)
{
    struct hart *hart = hart_this();

    thread->deadline = when;
    if (when == TIME_NEVER)
        return;
    thread->timed = true;
    thread->timer_hart = hart;
    tree_insert(&hart->timers, &thread->timer, by_deadline);
    hart->work |= HART_TIMER;
}

void sched_deadline_cancel(struct thread *thread)
{
    if (!thread->timed)
        return;
    tree_remove(&thread->timer_hart->timers, &thread->timer, NULL);
    thread->timed = false;
}

/* Enters a thread from the kernel's own space. */
static void enter(struct hart *hart, struct thread *to)
{
    bool flush = aspace_enter(&to->task->aspace, hart->index);

    csr_write(satp, to->task->aspace.satp);
    if (flush)
        __asm__ volatile("sfence.vma zero, %0" ::"r"(0ul) : "memory");
    to->hart = hart;
    to->state = THREAD_RUNNING;
    hart->current = to;
}

/* Chooses who runs: the current thread goes on unless a higher one is ready, or its slice is over
 * and an equal one is. */
static void choose(struct hart *hart)
{
    struct thread *current = hart->current;
    uint64_t now = time_now();

    if (current) {
        unsigned limit = current->priority + (hart->slice_end <= now ? 0u : 1u);
        if (!sched_ready_bitmap || highest_ready() < limit) {
            if (hart->slice_end <= now) /* those below may be equals of who is served here */
                hart->slice_end = sched_ready_bitmap ? SLICE_OVER : TIME_NEVER;
            return;
        }
        sched_leave();
        sched_ready(current);
    }
    if (!sched_ready_bitmap)
        return;
    struct thread *next = TAILQ_FIRST(&queues[highest_ready()]);
    sched_unready(next);
    enter(hart, next);
    hart->slice_end = TIME_NEVER;
}

/* While anybody waits, slices are measured: a lower one too, since the current thread may be a
 * server that will hand this hart back to an equal of the one that waits. */
static void slice(struct hart *hart)
{
    if (!sched_ready_bitmap)
        hart->slice_end = TIME_NEVER;
    else if (hart->slice_end == TIME_NEVER)
        hart->slice_end = time_now() + machine.timebase / (1000 / SLICE_MS);
}

static void idle(struct hart *hart)
{
    uint64_t start = time_now();

    hart->slice_end = TIME_NEVER;
    timer_arm(hart);
    hart->idle = true;
    sched_idle_harts++;
    lock_drop();
    /* QEMU may jump to the deadline from where it saw the clock read last: see that it is here. */
    __asm__ volatile("rdtime zero; wfi" ::: "memory");
    lock_take();
    sched_idle_harts -= hart->idle;
    hart->idle = false;
    hart_catch_up(hart);
    hart->since = time_now();
    hart->idle_time += hart->since - start;
    hart->work |= HART_RESCHED;
    hart_serve();
}

/* No program is held up for long because another is torn down: a tenth of a millisecond each time it comes
 * out of the kernel, which it does every millisecond then (timer_arm). */
static bool reap_can_wait(const struct hart *hart, uint64_t entered)
{
    return hart->current && hart->current->priority >= PRIORITY_USER &&
           time_now() - entered > machine.timebase / 10000;
}

void sched_exit_work(void)
{
    struct hart *hart = hart_this();
    uint64_t entered = time_now();

    for (;;) {
        hart_catch_up(hart);
        uint64_t work = hart->work;
        hart->work = 0;
        if (work & HART_FENCE_I)
            __asm__ volatile("fence.i" ::: "memory");
        if (work & HART_PRESSURE)
            task_pressure_tell();
        if (hart->current && hart->current->work)
            upcall_thread_work(hart->current);
        if (work & HART_LOOK)
            thread_look();
        if (work & HART_REAP && task_reap())
            hart->work |= HART_REAP;
        if (work & (HART_RESCHED | HART_TIMER) || !hart->current)
            choose(hart);
        if (hart->work & ~HART_REAP || (hart->current && hart->current->work))
            continue;
        if (hart->work && !reap_can_wait(hart, entered)) {
            lock_drop(); /* others get in between two chunks */
            lock_take();
            hart_serve();
            continue;
        }
        if (!hart->current) {
            idle(hart);
            continue;
        }
        slice(hart);
        timer_arm(hart);
        pass_on();
        return;
    }
}
