/* SPDX-License-Identifier: MIT
 *
 * The kernel's one lock. Every entry from user mode takes it in trap.S and every return gives it up
 * there; idle harts give it up in wfi. One lock is right for entries this short (S. Peters et al.,
 * "For a Microkernel, a Big Lock Is Fine", APSys 2015). A hart that waits for it still answers remote
 * fences, since OpenSBI serves those in M-mode. There is no other lock in S-mode. */
#ifndef OCTAVO_KERNEL_LOCK_H
#define OCTAVO_KERNEL_LOCK_H

#include <stdint.h>

extern uint32_t lock_holder; /* 0 = free; trap.S writes the low half of its tp */

static inline void lock_take(void)
{
    while (__atomic_exchange_n(&lock_holder, 1, __ATOMIC_ACQUIRE))
        while (__atomic_load_n(&lock_holder, __ATOMIC_RELAXED))
            ;
}

static inline void lock_drop(void)
{
    __atomic_store_n(&lock_holder, 0, __ATOMIC_RELEASE);
}

#endif
