/* SPDX-License-Identifier: MIT
 *
 * nearbyint and nearbyintf (C17 7.12.9.3) do not raise the inexact exception; those of picolibc 1.8.12 do. */
#include <fenv.h>
#include <math.h>

double nearbyint(double x)
{
    int raised = fetestexcept(FE_INEXACT);
    double whole = rint(x);

    feclearexcept(FE_INEXACT & ~raised);
    return whole;
}

float nearbyintf(float x)
{
    return (float)nearbyint(x); /* which is exact */
}
