/* SPDX-License-Identifier: MIT
 *
 * pow (C17 7.12.7.4, F.10.4.4). picolibc 1.8 takes logarithm and product with too few bits: results near the ends
 * of the range are wrong by up to 600 units in the last place (picolibc's issue 459). Here e to the y log x, the
 * logarithm and the product with some 65 bits. exp2, exp10 and pow10 are here since picolibc's bring its pow with them. */
#include "precise.h"

/* Beyond these exponents of e the result overflows, or is less than half of the smallest number. */
#define OVERFLOW 709.79
#define UNDERFLOW -745.14

/* Both are factors, so that the hardware says that it was too much; size is 1 or -1. */
static double too_large(double size)
{
    return size * 0x1p1000 * 0x1p1000;
}

static double too_small(double size)
{
    return size * 0x1p-1000 * 0x1p-1000;
}

/* x is 0, infinite or 1, or y is infinite; size is what the result's sign is. */
static double pow_special(double x, double y, double size)
{
    if (x == 1)
        return size;
    if (x == 0)
        return y > 0 ? size * x : size / x;
    return (x > 1) == (y > 0) ? size * INFINITY : size * 0;
}

double pow(double x, double y)
{
    int whole = trunc(y) == y, exponent;
    int odd = whole && fabs(y) < 0x1p53 && ((long)y & 1);
    double size = odd && signbit(x) ? -1 : 1;
    struct precise result;

    if (y == 0 || x == 1)
        return 1;
    if (isnan(x) || isnan(y))
        return x + y;
    if (x < 0 && !whole && !isinf(x))
        return (x - x) / (x - x);
    x = fabs(x);
    if (x == 0 || x == 1 || isinf(x) || isinf(y))
        return pow_special(x, y, size);
    result = precise_log((struct precise){x, 0}, 2);
    if (fabs(y) > 0x1p80) /* and |log x| is not less than 2^-53 */
        return (result.high > 0) == (y > 0) ? too_large(size) : too_small(size);
    result = precise_multiply(result, (struct precise){y, 0});
    if (result.high > OVERFLOW)
        return too_large(size);
    if (result.high < UNDERFLOW)
        return too_small(size);
    result = precise_exp(result, &exponent);
    return size * ldexp(result.high + result.low, exponent);
}

double exp2(double x)
{
    return pow(2, x);
}

double exp10(double x)
{
    return pow(10, x);
}

double pow10(double x)
{
    return pow(10, x);
}
