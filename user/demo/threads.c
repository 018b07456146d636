/* SPDX-License-Identifier: MIT
 *
 * threads: two threads of control that compute with floats, set errno, allocate and print, while
 * the kernel switches between them. What belongs to a thread (FP registers, rounding mode, errno)
 * must stay its own; what is shared (the heap, stdout) must stay whole. Status 0 when all of it
 * held. */
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <octavo/syscall.h>
#include <octavo/thread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 2
#define ROUNDS 20000
#define YIELD_EVERY 64

static const int rounding[THREADS] = {FE_DOWNWARD, FE_UPWARD};
static const int error[THREADS] = {EDOM, ERANGE};

static double third(double one)
{
    return one / 3.0;
}

/* A sum whose every step is inexact, so it depends on the rounding mode. */
static double series(unsigned rounds, unsigned yield_every)
{
    volatile double one = 1.0;
    double sum = 0;

    for (unsigned i = 1; i <= rounds; i++) {
        sum += third(one) / (double)i;
        if (yield_every && i % yield_every == 0)
            sys_yield();
    }
    return sum;
}

static double expected[THREADS];

static int worker(void *argument)
{
    unsigned self = *(unsigned *)argument;
    int wrong = 0;

    fesetround(rounding[self]);
    errno = error[self];
    for (unsigned round = 0; round < 10; round++) {
        wrong += series(ROUNDS, YIELD_EVERY) != expected[self];
        char *memory = malloc(100 + 50 * self);
        if (!memory)
            return 1000;
        memset(memory, (int)self, 100 + 50 * self);
        sys_yield();
        wrong += memory[99] != (char)self;
        free(memory);
        wrong += errno != error[self];
        wrong += fegetround() != rounding[self];
    }
    printf("thread %u: sum %.17g, errno %d, %d wrong\n", self, expected[self], errno, wrong);
    return wrong;
}

int main(void)
{
    struct thread *thread[THREADS];
    unsigned number[THREADS];
    int wrong = 0, result;

    errno = EINTR;
    for (unsigned i = 0; i < THREADS; i++) {
        fesetround(rounding[i]);
        expected[i] = series(ROUNDS, 0);
    }
    fesetround(FE_TONEAREST);
    for (unsigned i = 0; i < THREADS; i++) {
        number[i] = i;
        int failed = thread_start(&thread[i], worker, &number[i]);
        if (failed) {
            fprintf(stderr, "threads: %s\n", strerror(failed));
            return 1;
        }
    }
    for (unsigned i = 0; i < THREADS; i++) {
        thread_join(thread[i], &result);
        wrong += result;
    }
    wrong += errno != EINTR;
    wrong += expected[0] >= expected[1];
    printf("main: errno still %d; %s\n", errno, wrong ? "WRONG" : "all right");
    return wrong != 0;
}
