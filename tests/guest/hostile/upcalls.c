/* SPDX-License-Identifier: MIT
 *
 * Upcalls that are no use: a handler that returns to what faults, that faults itself, that is told of
 * interruptions faster than it returns. It is all its own business. */
#include "tests/guest/hostile/hostile.h"

#include <octavo/thread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define TIMES 2000ul

static unsigned long came, cause_seen, bits_seen;
static char handler_stack[16384] __attribute__((aligned(16), used));

/* What an upcall comes to: a0 is the message page; a stack of its own, one thread at a time. */
__attribute__((naked)) static void entry(void)
{
    __asm__ volatile("la sp, handler_stack + 16384\n"
                     "tail upcall_handler\n");
}

__attribute__((used)) static void upcall_handler(struct msg_page *page)
{
    static struct upcall_frame frame;

    frame = page->upcall;
    came++;
    cause_seen = frame.cause;
    if (frame.cause == UPCALL_SIGNAL)
        bits_seen |= frame.code;
    if (frame.cause != UPCALL_SIGNAL && came >= TIMES)
        frame.pc += 4; /* over the instruction of `bad_read` */
    sys_thread_control(0, THREAD_RETURN, (uintptr_t)&frame, 0);
    __builtin_trap();
}

__attribute__((noinline)) static void bad_read(void)
{
    __asm__ volatile(".option push\n.option norvc\nld t0, 16(zero)\n.option pop" ::: "t0");
}

static void again_and_again(void)
{
    sys_task_control(HANDLE_SELF, TASK_SET_UPCALL, (uintptr_t)entry, 0);
    bad_read();
    check_equal("a fault comes back as often as it is returned to", (long)came, TIMES);
    check_equal("as a fault", (long)cause_seen, UPCALL_FAULT);
}

static handle_t waiting_port;
static unsigned waiter_number;
static handle_t main_thread;

static int interrupter(void *unused)
{
    (void)unused;
    for (unsigned i = 0; i < 200; i++) {
        sys_thread_control(main_thread, THREAD_INTERRUPT, 1ul << i % 64, 0);
        if (i % 8 == 0)
            pause_ns(MS / 4);
    }
    __atomic_store_n(&waiter_number, 1, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < 100 && __atomic_load_n(&waiter_number, __ATOMIC_ACQUIRE) == 1; i++) {
        sys_thread_control(main_thread, THREAD_INTERRUPT, 1, 0);
        pause_ns(MS);
    }
    return 0;
}

static struct {
    long other, masked;
    unsigned long while_masked, unmasked;
} seen; /* told by the main thread: a write that is interrupted would be lost */

/* This function runs in a thread whose handle the first one has. */
static int be_interrupted(void *unused)
{
    struct message m;
    long other = 0, result;

    (void)unused;
    while (!__atomic_load_n(&main_thread, __ATOMIC_ACQUIRE))
        sys_yield();
    do {
        result = ipc_recv(waiting_port, (unsigned long)sys_clock() + 100 * MS, &m);
        other += result != -EINTR && result != -ETIMEDOUT;
    } while (!__atomic_load_n(&waiter_number, __ATOMIC_ACQUIRE));
    sys_thread_control(0, THREAD_MASK, 1, 0);
    seen.masked = ipc_recv(waiting_port, (unsigned long)sys_clock() + 20 * MS, &m);
    unsigned long before = came;
    sys_thread_control(0, THREAD_INTERRUPT, 2, 0);
    seen.while_masked = came - before;
    sys_thread_control(0, THREAD_MASK, 0, 0);
    seen.unmasked = came - before;
    seen.other = other;
    __atomic_store_n(&waiter_number, 2, __ATOMIC_RELEASE);
    return 0;
}

struct thread_head { /* as user/lib/system/thread.c has it: the handle is what INTERRUPT wants */
    void *tp;
    int (*function)(void *);
    void *argument;
    char *memory;
    int result;
    uint32_t ended;
    handle_t handle;
};

static void interrupted(void)
{
    struct thread *one, *two;

    waiting_port = (handle_t)sys_port_create();
    thread_start(&one, be_interrupted, NULL);
    __atomic_store_n(&main_thread, ((struct thread_head *)one)->handle, __ATOMIC_RELEASE);
    thread_start(&two, interrupter, NULL);
    thread_join(one, NULL);
    thread_join(two, NULL);
    sys_close(waiting_port);
    check_equal("a wait ends with EINTR or when it should", seen.other, 0);
    check(bits_seen == ~0ul, "and no interruption is lost", "%#lx", bits_seen);
    check_equal("masked, a wait is not interrupted", seen.masked, -ETIMEDOUT);
    check_equal("nor is anything else", (long)seen.while_masked, 0);
    check(seen.unmasked > 0, "until it is unmasked", "%lu", seen.unmasked);
    sys_task_control(HANDLE_SELF, TASK_SET_UPCALL, 0, 0);
}

/* upcall-faults: its handler faults, too. */
__attribute__((naked)) static void faulting_entry(void)
{
    __asm__ volatile("ld t0, 32(zero)\n");
}

void upcall_child(void)
{
    sys_task_control(HANDLE_SELF, TASK_SET_UPCALL, (uintptr_t)faulting_entry, 0);
    bad_read();
    exit(0);
}

void upcall_tests(void)
{
    again_and_again();
    interrupted();
    check_equal("a handler that faults", spawned_run(SELF, "upcall", NULL), 128 + SIGSEGV);
}
