/* SPDX-License-Identifier: MIT
 *
 * powf (C17 7.12.7.4). picolibc 1.8 and 1.8.6: results of large exponents are wrong by up to 66 units in the
 * last place (picolibc's issue 833). By the exponential and logarithm of double, which leave 20 bits to spare.
 * exp2f, exp10f and pow10f are here since picolibc's bring its powf with them. */
#include <math.h>

float powf(float x, float y)
{
    if (x > 0 && isfinite(x) && isfinite(y))
        return (float)exp(y * log(x));
    return (float)pow(x, y);
}

float exp2f(float x)
{
    return (float)exp(x * M_LN2);
}

float exp10f(float x)
{
    return (float)exp(x * M_LN10);
}

float pow10f(float x)
{
    return exp10f(x);
}
