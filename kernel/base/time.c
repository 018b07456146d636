/* SPDX-License-Identifier: MIT
 *
 * Ticks and nanoseconds. See time.h. */
#include "kernel/base/time.h"

#include "kernel/base/machine.h"

#define NS_PER_SECOND 1000000000ul

uint64_t time_to_ns(uint64_t ticks)
{
    uint64_t hz = machine.timebase;

    return ticks / hz * NS_PER_SECOND + ticks % hz * NS_PER_SECOND / hz;
}

uint64_t time_from_ns(uint64_t ns)
{
    uint64_t hz = machine.timebase, seconds = ns / NS_PER_SECOND;

    if (ns == TIME_NEVER || seconds >= TIME_NEVER / hz)
        return TIME_NEVER;
    return seconds * hz + (ns % NS_PER_SECOND * hz + NS_PER_SECOND - 1) / NS_PER_SECOND;
}
