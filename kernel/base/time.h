/* SPDX-License-Identifier: MIT
 *
 * The time register (unprivileged spec 8.1) and nanoseconds. Times are ticks since the machine started. */
#ifndef OCTAVO_KERNEL_TIME_H
#define OCTAVO_KERNEL_TIME_H

#include "kernel/base/csr.h"

#define TIME_NEVER UINT64_MAX

static inline uint64_t time_now(void)
{
    return csr_read(time);
}

/* Nanoseconds of so many ticks. */
uint64_t time_to_ns(uint64_t ticks);

/* Ticks of so many nanoseconds, rounded up, so that a wait is never short; TIME_NEVER stays. */
uint64_t time_from_ns(uint64_t ns);

#endif
