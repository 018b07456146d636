/* SPDX-License-Identifier: MIT
 *
 * picolibc up to 1.8.12: the Bessel functions of float lose bits next to their zeros. */
#include <math.h>
#include <stddef.h>
#include "probe.h"

PROBE(bessel)
{
    volatile float x = 2.5f;

    return fabsf(y1f(x) - 0x1.2ad72p-3f) > 0x1p-24f ? "y1f" : NULL;
}
