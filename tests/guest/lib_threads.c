/* SPDX-License-Identifier: MIT
 *
 * Threads of control: errno and TLS of their own, floating-point registers that survive preemption and
 * moves between harts, futexes, one heap and one stdout for all.
 *
 * octavo-test: SMP=1,4 TIMEOUT=120 */
#include <abi/info.h>
#include <errno.h>
#include <octavo/syscall.h>
#include <octavo/thread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/check.h"

#define MANY 24

static struct thread *thread[MANY];

/* Starts n threads, each with its number; and joins them, adding up what they return. */
static void start(unsigned n, int (*function)(void *))
{
    for (unsigned i = 0; i < n; i++)
        if (thread_start(&thread[i], function, (void *)(uintptr_t)i) != 0) {
            printf("not ok thread_start: number %u\n", i);
            exit(1);
        }
}

static long join(unsigned n)
{
    long sum = 0;
    int result;

    for (unsigned i = 0; i < n; i++)
        sum += thread_join(thread[i], &result) == 0 ? result : 1000000;
    return sum;
}

/* --- errno and TLS ----------------------------------------------------------------------- */

static _Thread_local int initialised = 1234;
static _Thread_local char zeroed[100];
static _Thread_local uint64_t aligned __attribute__((aligned(64))) = 5;

static int tls_thread(void *argument)
{
    int self = (int)(uintptr_t)argument, wrong = 0;

    wrong += initialised != 1234 || aligned != 5 || (uintptr_t)&aligned % 64 != 0;
    for (unsigned i = 0; i < sizeof(zeroed); i++)
        wrong += zeroed[i] != 0;
    initialised = self;
    memset(zeroed, self, sizeof(zeroed));
    errno = 10 + self;
    for (int round = 0; round < 200; round++) {
        sys_yield();
        wrong += initialised != self || zeroed[99] != (char)self || errno != 10 + self;
    }
    errno = 0;
    wrong += munmap((void *)1, 1) != -1 || errno != EINVAL;
    return wrong;
}

static int number_thread(void *argument)
{
    return 1 + (int)(uintptr_t)argument;
}

static int exit_thread(void *argument)
{
    (void)argument;
    thread_exit(7);
}

static void test_tls(void)
{
    errno = ENOTTY;
    start(MANY, tls_thread);
    check_equal("errno and TLS of 24 threads", join(MANY), 0);
    check_equal("errno of main", errno, ENOTTY);
    check_equal("TLS of main", initialised, 1234);
    for (unsigned round = 0, right = 0; round < 4; round++) {
        start(MANY, number_thread);
        right += join(MANY) == MANY * (MANY + 1) / 2;
        if (round == 3)
            check_equal("results of 96 threads", right, 4);
    }
    start(1, exit_thread);
    check_equal("thread_exit", join(1), 7);
}

/* --- Floating point ---------------------------------------------------------------------- */

/* Fills f0..f31 and fcsr with values made of `seed`, spins `rounds` times, and returns in how many of
 * those rounds' checks any of them had changed. All in one piece of assembly: the compiler sees no
 * floating point here. */
static unsigned long fp_spin(unsigned long seed, unsigned long rounds)
{
    unsigned long wrong = 0;

    __asm__ volatile(
        "fmv.d.x f0, %[seed]\n"
        ".irp n, "
        "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
        "addi t0, %[seed], \\n\n"
        "fmv.d.x f\\n, t0\n"
        ".endr\n"
        "andi t1, %[seed], 3\n" /* rounding mode 0..3 */
        "slli t1, t1, 5\n"
        "fscsr t1\n"
        "1:\n"
        "li t2, 2000\n"
        "2: addi t2, t2, -1\n"
        "bnez t2, 2b\n"
        "li t3, 0\n"
        ".irp n, "
        "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
        "addi t0, %[seed], \\n\n"
        "fmv.x.d t2, f\\n\n"
        "xor t2, t2, t0\n"
        "or t3, t3, t2\n"
        ".endr\n"
        "frcsr t2\n"
        "xor t2, t2, t1\n"
        "or t3, t3, t2\n"
        "snez t3, t3\n"
        "add %[wrong], %[wrong], t3\n"
        "addi %[rounds], %[rounds], -1\n"
        "bnez %[rounds], 1b\n"
        "fscsr zero\n"
        : [wrong] "+r"(wrong), [rounds] "+r"(rounds)
        : [seed] "r"(seed)
        : "t0", "t1", "t2", "t3", "memory", "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8",
          "f9", "f10", "f11", "f12", "f13", "f14", "f15", "f16", "f17", "f18", "f19", "f20", "f21",
          "f22", "f23", "f24", "f25", "f26", "f27", "f28", "f29", "f30", "f31");
    return wrong;
}

static int fp_thread(void *argument)
{
    unsigned long seed = 0x3ff0000000000000ul + ((uintptr_t)argument << 32) + (uintptr_t)argument;
    unsigned long wrong = 0;

    for (int i = 0; i < 10; i++) {
        wrong += fp_spin(seed, 400);
        sys_yield();
    }
    return (int)wrong;
}

static unsigned long switches(void)
{
    struct info_system system;

    return sys_info(INFO_SYSTEM, 0, (uintptr_t)&system, sizeof(system)) < 0 ? 0 : system.switches;
}

/* A new thread's registers are zero, whatever another left in them. */
static int fp_fresh_thread(void *argument)
{
    uint64_t f8, f31, fcsr;

    (void)argument;
    __asm__ volatile("fmv.x.d %0, f8\nfmv.x.d %1, f31\nfrcsr %2" : "=r"(f8), "=r"(f31), "=r"(fcsr));
    return f8 || f31 || fcsr;
}

static void test_fp(void)
{
    unsigned long before = switches();

    start(9, fp_thread); /* more than harts */
    check_equal("floating-point registers of 9 threads", join(9), 0);
    unsigned long passed = switches() - before;
    check(passed > 20, "they were switched", "%lu times", passed);
    fp_spin(0x4008000000000123ul, 1);
    start(MANY, fp_fresh_thread);
    check_equal("floating-point registers start as zero", join(MANY), 0);
}

/* --- Futexes ----------------------------------------------------------------------------- */

static uint32_t word, turn, sleeping, woken, lock_word;
static unsigned long shared_count;

static long wait_on(uint32_t *address, uint32_t value)
{
    return sys_futex_wait((uintptr_t)address, value, DEADLINE_NEVER);
}

static void wake(uint32_t *address, unsigned long count)
{
    sys_futex_wake((uintptr_t)address, count);
}

#define ROUNDS 2000

/* Two threads take turns. */
static int turn_thread(void *argument)
{
    uint32_t self = (uint32_t)(uintptr_t)argument;

    for (int i = 0; i < ROUNDS; i++) {
        uint32_t now;
        while ((now = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) % 2 != self)
            wait_on(&turn, now);
        __atomic_add_fetch(&turn, 1, __ATOMIC_RELEASE);
        wake(&turn, 1);
    }
    return 0;
}

static int sleep_thread(void *argument)
{
    (void)argument;
    __atomic_add_fetch(&sleeping, 1, __ATOMIC_RELEASE);
    long result = wait_on(&word, 0);
    __atomic_add_fetch(&woken, 1, __ATOMIC_RELEASE);
    return result != 0;
}

/* The plain three-state lock (Drepper, "Futexes are tricky"). */
static void lock(void)
{
    uint32_t free = 0;

    if (__atomic_compare_exchange_n(&lock_word, &free, 1, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED))
        return;
    while (__atomic_exchange_n(&lock_word, 2, __ATOMIC_ACQUIRE) != 0)
        wait_on(&lock_word, 2);
}

static void unlock(void)
{
    if (__atomic_exchange_n(&lock_word, 0, __ATOMIC_RELEASE) == 2)
        wake(&lock_word, 1);
}

static int lock_thread(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        lock();
        unsigned long now = shared_count;
        if (i % 64 == 0)
            sys_yield();
        shared_count = now + 1;
        unlock();
    }
    return 0;
}

static void sleep_ms(unsigned long ms)
{
    uint32_t nobody = 0;

    sys_futex_wait((uintptr_t)&nobody, 0, (unsigned long)sys_clock() + ms * 1000000);
}

static void test_futex(void)
{
    unsigned long now = (unsigned long)sys_clock();

    word = 3;
    check_equal("wait for another value", wait_on(&word, 4), -EAGAIN);
    check_equal("wait with a deadline", sys_futex_wait((uintptr_t)&word, 3, now + 30000000),
                -ETIMEDOUT);
    unsigned long took = (unsigned long)sys_clock() - now;
    check(took >= 30000000, "which is not early", "%lu ns", took);
    check_equal("wait with a deadline in the past", sys_futex_wait((uintptr_t)&word, 3, 1),
                -ETIMEDOUT);
    check_equal("wake nobody", sys_futex_wake((uintptr_t)&word, 10), 0);
    check_equal("wait at an odd address", sys_futex_wait((uintptr_t)&word + 1, 3, now), -EINVAL);
    check_equal("wait at no address", sys_futex_wait(0, 3, now), -EFAULT);
    turn = 0;
    start(2, turn_thread);
    join(2);
    check_equal("two threads take turns", turn, 2 * ROUNDS);
    word = 0;
    start(6, sleep_thread);
    while (__atomic_load_n(&sleeping, __ATOMIC_ACQUIRE) < 6)
        sys_yield();
    sleep_ms(50);
    long n = 0;
    while (n < 2) /* they may not have come to wait yet */
        n += sys_futex_wake((uintptr_t)&word, 2 - (unsigned long)n);
    check_equal("wake two of six", n, 2);
    while (__atomic_load_n(&woken, __ATOMIC_ACQUIRE) < 2)
        sleep_ms(1);
    sleep_ms(50);
    check_equal("two go on", woken, 2);
    for (n = 0; n < 4;)
        n += sys_futex_wake((uintptr_t)&word, 100);
    check_equal("wake the others", n, 4);
    check_equal("all were woken", join(6), 0);
    start(8, lock_thread);
    join(8);
    check_equal("a lock of a futex", (long)shared_count, 8 * ROUNDS);
}

/* --- Shared: heap and stdout -------------------------------------------------------------- */

static int heap_thread(void *argument)
{
    unsigned char *block[32] = {0};
    unsigned state = 1 + (unsigned)(uintptr_t)argument, size[32], wrong = 0;

    for (int i = 0; i < 6000; i++) {
        state = state * 1103515245u + 12345u;
        unsigned at = state >> 16 & 31;
        if (block[at]) {
            for (unsigned n = 0; n < size[at]; n++)
                wrong += block[at][n] != (unsigned char)(at + (uintptr_t)argument);
            free(block[at]);
            block[at] = NULL;
            continue;
        }
        size[at] = state >> 8 & 1023;
        block[at] = malloc(size[at]);
        if (!block[at] && size[at])
            return 1000;
        if (block[at])
            memset(block[at], (int)(at + (uintptr_t)argument), size[at]);
    }
    for (int at = 0; at < 32; at++)
        free(block[at]);
    return (int)wrong;
}

static void test_heap(void)
{
    start(6, heap_thread);
    check_equal("one heap for 6 threads", join(6), 0);
}

int main(void)
{
    test_tls();
    test_fp();
    test_futex();
    test_heap();
    return check_done();
}
