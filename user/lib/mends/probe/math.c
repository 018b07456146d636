/* SPDX-License-Identifier: MIT
 *
 * Probes of <math.h>. */
#include <math.h>
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

PROBE(floor)
{
    volatile double near_int = 2147483647.5, large = 1e20;

    return ceil(near_int) != 2147483648.0 || trunc(large) != large ? "ceil or trunc" : NULL;
}

PROBE(gamma)
{
    volatile double x = 30.5, y = -2.5;

    if (fabs(tgamma(x) - 0x1.305adf049c819p+105) > 0x1p55)
        return "tgamma";
    return fabs(lgamma(y) - -0x1.ccbf9f5ed0f16p-5) > 0x1p-55 ? "lgamma" : NULL;
}

PROBE(pow)
{
    volatile double x = 0x1.000002c5e2e99p+0, y = 0x1.c9eee35374af6p+31;

    return fabs(pow(x, y) - 0x1.ffffe0bc9e399p+915) > 0x1p865 ? "pow near 1" : NULL;
}
