/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <math.h>
#include <stddef.h>
#include "probe.h"

PROBE(float)
{
    volatile float x = 2.5f, y = 0x1.fe66bp+2f, base = -1.1f, exponent = 101;

    if (fabsf(y1f(x) - 0x1.2ad72p-3f) > 0x1p-24f)
        return "y1f";
    if (fabsf(erfcf(y) - 0x1.545cbap-96f) > 0x1p-116f)
        return "erfcf";
    return fabsf(powf(base, exponent) - -0x1.d9b5a8p+13f) > 0x1p-9f ? "powf" : NULL;
}
