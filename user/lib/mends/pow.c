/* SPDX-License-Identifier: MIT
 *
 * pow (C17 7.12.7.4). picolibc 1.8 takes logarithm and product with too few bits: results near the ends of the
 * range are wrong by up to 600 units in the last place (picolibc's issue 459). That of long double has 113 bits.
 * exp2, exp10 and pow10 are here since picolibc's bring its pow with them. */
#include <math.h>

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
