/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8.12: nearbyint raises the inexact exception. */
#include <fenv.h>
#include <math.h>
#include <stddef.h>
#include "probe.h"

PROBE(nearbyint)
{
    volatile double half = 0.5;
    volatile float half_float = 0.5f;

    feclearexcept(FE_ALL_EXCEPT);
    half = nearbyint(half);
    half_float = nearbyintf(half_float);
    return fetestexcept(FE_INEXACT) ? "nearbyint raises inexact" : NULL;
}
