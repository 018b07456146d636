/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 and 1.8.6: powf loses bits where the exponent is large. */
#include <math.h>
#include <stddef.h>
#include "probe.h"

PROBE(powf)
{
    volatile float x = -1.1f, y = 101;

    return fabsf(powf(x, y) - -0x1.d9b5a8p+13f) > 0x1p-9f ? "powf" : NULL;
}
