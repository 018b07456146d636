/* SPDX-License-Identifier: MIT
 *
 * The supply of free frames, and the thread that zeroes them ahead. See zero.h. */
#include "user/pager/base/zero.h"
#include <abi/layout.h>
#include <octavo/syscall.h>
#include <stdatomic.h>
#include "user/pager/base/memory.h"
#include "user/pager/base/page.h"
#include "user/pager/base/panic.h"

#define RING_MOST 8192u /* frames a ring holds: 32 MiB */
#define RING_LEAST 64u
#define TAKE_BACK 32u /* frames main takes back from `todo` at once */
#define BATCH 64u     /* frames main takes from `ready` at once */

uint64_t zero_on_demand;

static uint32_t ring; /* frames that each of both holds, a power of two */

static _Atomic uint32_t *todo; /* frame numbers; 0 = none (frame 0 is the shared zero frame) */
static uint32_t todo_in;       /* main's: where the next one goes */
static uint32_t todo_out;      /* the thread's; at most todo_in */

static uint32_t *ready;
static _Atomic uint32_t ready_in;  /* written by the thread */
static _Atomic uint32_t ready_out; /* written by main */

static _Atomic uint32_t asleep; /* 1: the thread waits, or is about to */

/* --- the thread: touches only the rings and the frames it has taken; no libc, it has no TLS --- */

static void thread_wait(void)
{
    atomic_store(&asleep, 1);
    /* main stores to todo, then reads asleep; here it is the other way round: one sees the other */
    if (atomic_load(&todo[todo_out & (ring - 1)]) == 0 ||
        atomic_load(&ready_in) - atomic_load(&ready_out) >= ring)
        sys_futex_wait((unsigned long)(uintptr_t)&asleep, 1, DEADLINE_NEVER);
    atomic_store(&asleep, 0);
}

__attribute__((used)) static void thread_main(void)
{
    for (;;) {
        uint32_t in = atomic_load_explicit(&ready_in, memory_order_relaxed), number = 0;

        if (in - atomic_load_explicit(&ready_out, memory_order_acquire) < ring)
            number = atomic_exchange(&todo[todo_out & (ring - 1)], 0);
        if (number == 0) {
            thread_wait();
            continue;
        }
        todo_out++;
        page_zero(frame_memory(frame_number(number)));
        ready[in & (ring - 1)] = number;
        atomic_store_explicit(&ready_in, in + 1, memory_order_release);
    }
}

/* A thread starts with all registers but a0, a1 and sp at 0. */
__attribute__((naked)) static void thread_entry(void)
{
    __asm__ volatile(".option push\n"
                     ".option norelax\n"
                     "la gp, __global_pointer$\n"
                     ".option pop\n"
                     "li s0, 0\n"
                     "call thread_main\n"
                     "unimp\n");
}

void zero_setup(void)
{
    static uint64_t stack[512] __attribute__((aligned(16)));
    uint32_t want = RING_LEAST;

    while (want < RING_MOST && want < frames.limit)
        want *= 2;
    todo = memory_metadata(want * sizeof(*todo));
    ready = memory_metadata(want * sizeof(*ready));
    PAGER_CHECK(todo && ready);
    ring = want;
    long thread = sys_thread_create(HANDLE_SELF, (unsigned long)(uintptr_t)thread_entry,
                                    (unsigned long)(uintptr_t)(stack + 512), 0, PRIORITY_IDLE);
    if (thread > 0)
        sys_close((unsigned long)thread);
}

/* --- main's side --- */

static bool todo_is_empty(void)
{
    return atomic_load(&todo[(todo_in - 1) & (ring - 1)]) == 0;
}

static void zero_wake(void)
{
    if (atomic_load(&asleep) && !todo_is_empty()) {
        atomic_store(&asleep, 0);
        sys_futex_wake((unsigned long)(uintptr_t)&asleep, 1);
    }
}

void zero_feed(void)
{
    uint32_t in = todo_in;

    for (; frames.dirty; in++) {
        struct frame *frame = frames.dirty;
        if (atomic_load_explicit(&todo[in & (ring - 1)], memory_order_relaxed))
            break;
        frames.dirty = frame->next;
        atomic_store_explicit(&todo[in & (ring - 1)], (uint32_t)(frame - frames.table),
                              memory_order_release);
    }
    frames.dirty_count -= in - todo_in;
    todo_in = in;
    atomic_thread_fence(memory_order_seq_cst); /* before asleep is read: see thread_wait */
    zero_wake();
}

/* Moves a batch of zeroed frames to main's own list, keeping their order. */
static void zero_collect(void)
{
    uint32_t out = atomic_load_explicit(&ready_out, memory_order_relaxed);
    uint32_t n = atomic_load_explicit(&ready_in, memory_order_acquire) - out;

    if (n == 0)
        return;
    if (n > BATCH)
        n = BATCH;
    for (uint32_t at = n; at-- > 0;)
        frame_push(&frames.zeroed, frame_number(ready[(out + at) & (ring - 1)]));
    frames.zeroed_count += n;
    atomic_store(&ready_out, out + n);
    zero_wake(); /* it may have stopped because the ring was full */
}

/* Takes back a frame that the thread has not got to; NULL: none is left. */
static struct frame *zero_take_back(void)
{
    uint32_t number =
        ring ? atomic_exchange_explicit(&todo[(todo_in - 1) & (ring - 1)], 0, memory_order_acquire)
             : 0;

    if (number == 0)
        return NULL;
    todo_in--;
    return frame_number(number);
}

/* A frame in any of the lists that hold zeroed, or others. */
static struct frame *take_from(struct frame **list, uint64_t *count)
{
    struct frame *frame = frame_pop(list);

    if (frame)
        --*count;
    return frame;
}

/* A frame with any contents: out of the list, or from the thread, and then some more for who comes next. */
static struct frame *take_dirty(void)
{
    struct frame *frame;
    uint64_t n = 0;

    if (!frames.dirty) {
        for (; n < TAKE_BACK && (frame = zero_take_back()) != NULL; n++)
            frame_push(&frames.dirty, frame);
        frames.dirty_count = n;
    }
    return take_from(&frames.dirty, &frames.dirty_count);
}

/* When the list in front is empty or frames run low: every other source, cheapest first. */
struct frame *zero_take_slow(bool zero)
{
    struct frame *frame;

    if (frames.used >= frames.limit)
        return NULL;
    if (!frames.zeroed)
        zero_collect();
    frame = zero && frames.zeroed ? NULL : take_dirty();
    if (!frame) {
        if (!frames.zeroed)
            memory_grow();
        return take_from(&frames.zeroed, &frames.zeroed_count);
    }
    if (zero) {
        page_zero(frame_memory(frame));
        zero_on_demand++;
    }
    return frame;
}

struct frame *zero_take_free(void)
{
    struct frame *frame = take_from(&frames.dirty, &frames.dirty_count);

    if (!frame)
        frame = zero_take_back();
    if (!frame && !frames.zeroed)
        zero_collect();
    return frame ? frame : take_from(&frames.zeroed, &frames.zeroed_count);
}

uint64_t zero_in_rings(void)
{
    /* In this order a frame that changes rings meanwhile counts twice, never not at all. */
    uint64_t waiting = (uint32_t)(todo_in - __atomic_load_n(&todo_out, __ATOMIC_ACQUIRE));

    return waiting + (uint32_t)(atomic_load(&ready_in) - atomic_load(&ready_out));
}

uint64_t zero_ready_count(void)
{
    return frames.zeroed_count + (atomic_load(&ready_in) - atomic_load(&ready_out));
}
