/* SPDX-License-Identifier: MIT
 *
 * picolibc up to 1.8.12: tgamma loses most of its last bits, and lgamma some next to its zeros. */
#include <math.h>
#include <stddef.h>
#include "probe.h"

PROBE(gamma)
{
    volatile double x = 30.5, y = -2.5;
    double wanted = 0x1.305adf049c819p+105;

    if (fabs(tgamma(x) - wanted) > wanted * 0x1p-50)
        return "tgamma";
    return fabs(lgamma(y) - -0x1.ccbf9f5ed0f16p-5) > 0x1p-55 ? "lgamma" : NULL;
}
