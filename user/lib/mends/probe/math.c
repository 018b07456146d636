/* SPDX-License-Identifier: MIT
 *
 * Probes of <math.h>. */
#include <math.h>
#include "probe.h"

PROBE(precision)
{
    volatile float x = 2.5f, y = 0x1.fe66bp+2f;
    volatile double large = 30.5;

    if (fabsf(y1f(x) - 0x1.2ad72p-3f) > 0x1p-24f || fabsf(erfcf(y) - 0x1.545cbap-96f) > 0x1p-116f)
        return "y1f or erfcf";
    return fabs(tgamma(large) - 0x1.305adf049c819p+105) > 0x1p55 ? "tgamma" : NULL;
}

PROBE(double)
{
    volatile double near_int = 2147483647.5, x = 0x1.000002c5e2e99p+0, y = 0x1.c9eee35374af6p+31;

    if (ceil(near_int) != 2147483648.0)
        return "ceil";
    return fabs(pow(x, y) - 0x1.ffffe0bc9e399p+915) > 0x1p865 ? "pow near 1" : NULL;
}
