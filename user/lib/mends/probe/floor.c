/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8: floor, ceil and trunc of doubles are wrong near 2^31 and beyond, trunc and truncf
 * beyond 2^63. */
#include <math.h>
#include <stddef.h>
#include "probe.h"

PROBE(floor)
{
    volatile double near_int = 2147483647.5, large = 1e20, negative = -2147483648.5;
    volatile float large_float = 1e20f;

    if (ceil(near_int) != 2147483648.0 || floor(negative) != -2147483649.0)
        return "ceil and floor near 2^31";
    if (trunc(large) != large || truncf(large_float) != large_float)
        return "trunc beyond 2^63";
    return NULL;
}
