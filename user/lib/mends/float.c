/* SPDX-License-Identifier: MIT
 *
 * Functions of float that lose bits, by those of double, which have 29 to spare (C17 7.12; the Bessel functions are
 * BSD's). Wrong are in picolibc up to 1.8.12 the Bessel functions near their zeros, up to 1.8.10 cbrtf by 3 units in
 * the last place for one argument in 500 and erfcf by up to 43, and in 1.8 and 1.8.6 powf of large exponents by up to
 * 66 (picolibc's issue 833). erff lies in one file with erfcf, and exp2f, exp10f and pow10f use picolibc's powf. */
#include <math.h>

#define BY_DOUBLE(name)        \
    float name##f(float x)     \
    {                          \
        return (float)name(x); \
    }
BY_DOUBLE(j0)
BY_DOUBLE(j1)
BY_DOUBLE(y0)
BY_DOUBLE(y1)
BY_DOUBLE(cbrt)
BY_DOUBLE(erf)
BY_DOUBLE(erfc)
BY_DOUBLE(exp2)
BY_DOUBLE(exp10)
BY_DOUBLE(pow10)

float jnf(int n, float x)
{
    return (float)jn(n, x);
}

float ynf(int n, float x)
{
    return (float)yn(n, x);
}

float powf(float x, float y)
{
    if (x > 0 && isfinite(x) && isfinite(y))
        return (float)exp(y * log(x));
    return (float)pow(x, y);
}
