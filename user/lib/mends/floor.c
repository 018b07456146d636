/* SPDX-License-Identifier: MIT
 *
 * floor, ceil, trunc and truncf (C17 7.12.9). picolibc 1.8 takes bits of the upper and lower word by turns
 * and loses some near 2^31 and beyond 2^63. */
#include <math.h>

/* From 2^52 on a double has no fraction; the conversion is exact for all smaller ones. */
double trunc(double x)
{
    return fabs(x) < 0x1p52 ? copysign((double)(long)x, x) : x;
}

double floor(double x)
{
    double whole = trunc(x);

    return whole > x ? whole - 1 : whole;
}

double ceil(double x)
{
    return -floor(-x);
}

float truncf(float x)
{
    return (float)trunc(x);
}
