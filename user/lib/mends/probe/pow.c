/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8: pow loses bits where the exponent is large. */
#include <math.h>
#include <stddef.h>
#include "probe.h"

PROBE(pow)
{
    volatile double x = 0x1.000002c5e2e99p+0, y = 0x1.c9eee35374af6p+31;
    double wanted = 0x1.ffffe0bc9e399p+915;

    return fabs(pow(x, y) - wanted) > 0x1p865 ? "pow near 1" : NULL;
}
