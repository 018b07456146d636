/* SPDX-License-Identifier: MIT
 *
 * A mutex for the threads of a server (Drepper, "Futexes are tricky", mutex2). Zero is free. Nobody should
 * wait for a device, a client or another lock while holding one. */
#ifndef OCTAVO_LOCK_H
#define OCTAVO_LOCK_H

#include <octavo/syscall.h>
#include <stdint.h>

struct lock {
    uint32_t word; /* 0 free, 1 held, 2 held and waited for */
};

static inline void lock_acquire(struct lock *lock)
{
    uint32_t expected = 0;
    if (__atomic_compare_exchange_n(&lock->word, &expected, 1, 0, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED))
        return;
    while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0)
        sys_futex_wait((unsigned long)&lock->word, 2, DEADLINE_NEVER);
}

static inline void lock_release(struct lock *lock)
{
    if (__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2)
        sys_futex_wake((unsigned long)&lock->word, 1);
}

#endif
