/* SPDX-License-Identifier: MIT
 *
 * floor, ceil, trunc, truncf and pow (C17 7.12.9, 7.12.7.4). picolibc 1.8 takes bits of the upper and lower word by turns
 * and loses some near 2^31 and beyond 2^63. Its pow takes logarithm and product with too few bits: results near the ends
 * of the range are wrong by up to 600 units in the last place (picolibc's issue 459); that of long double has 113 bits.
 * exp2, exp10 and pow10 are here since picolibc's bring its pow with them. */
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

double pow(double x, double y)
{
    return (double)powl(x, y);
}

double exp2(double x)
{
    return (double)exp2l(x);
}

double exp10(double x)
{
    return (double)powl(10, x);
}

double pow10(double x)
{
    return (double)powl(10, x);
}
