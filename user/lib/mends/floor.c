/* SPDX-License-Identifier: MIT
 *
 * floor, ceil, trunc and truncf (C17 7.12.9). picolibc 1.8 takes bits of the upper and lower word by turns
 * and loses some near 2^31 and beyond 2^63. */
#include <math.h>

/* Doubles from here on have no fraction; the conversion below is exact for all smaller ones. */
#define ALL_INTEGRAL 0x1p52
#define ALL_INTEGRAL_FLOAT 0x1p23f

double trunc(double x)
{
    return fabs(x) < ALL_INTEGRAL ? copysign((double)(long)x, x) : x;
}

double floor(double x)
{
    double whole = trunc(x);

    return whole > x ? whole - 1 : whole;
}

double ceil(double x)
{
    double whole = trunc(x);

    return whole < x ? copysign(whole + 1, x) : whole;
}

float truncf(float x)
{
    return fabsf(x) < ALL_INTEGRAL_FLOAT ? copysignf((float)(long)x, x) : x;
}
