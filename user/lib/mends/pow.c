/* SPDX-License-Identifier: MIT
 *
 * pow (C17 7.12.7.4, F.10.4.4). picolibc 1.8 takes logarithm and product with too few bits: results near the ends
 * of the range are wrong by up to 600 units in the last place (picolibc's issue 459). Here e to the y log x, the
 * logarithm and the product with some 65 bits. exp2, exp10 and pow10 are here since picolibc's bring its pow with them. */
#include "precise.h"

/* Beyond these exponents of e the result overflows, or is less than half of the smallest number. */
#define OVERFLOW 709.79
#define UNDERFLOW -745.14
#define LARGE 0x1p80 /* an exponent that is too large for any base */

static const struct precise log_10 = {0x1.26bb1bbb55516p+1, -0x1.f48ad494ea3e9p-53};

/* Too large, or too small: by factors, so that the hardware says that it was too much. size is 1 or -1. */
static double out_of_range(double size, int large)
{
    return large ? size * 0x1p1000 * 0x1p1000 : size * 0x1p-1000 * 0x1p-1000;
}

/* size times base to the y, by the base's logarithm, for finite y. */
static double power(double size, struct precise log_of_base, double y)
{
    struct precise result = precise_multiply(log_of_base, (struct precise){y, 0});
    int exponent;

    if (fabs(y) > LARGE || result.high > OVERFLOW || result.high < UNDERFLOW)
        return out_of_range(size, (log_of_base.high > 0) == (y > 0));
    result = precise_exp(result, &exponent);
    return size * ldexp(result.high + result.low, exponent);
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
    int whole = trunc(y) == y;
    int odd = whole && fabs(y) < 0x1p53 && ((long)y & 1);
    double size = odd && signbit(x) ? -1 : 1;

    if (y == 0 || x == 1)
        return 1;
    if (isnan(x) || isnan(y))
        return x + y;
    if (x < 0 && !whole && !isinf(x))
        return (x - x) / (x - x);
    x = fabs(x);
    if (x == 0 || x == 1 || isinf(x) || isinf(y))
        return pow_special(x, y, size);
    return power(size, precise_log((struct precise){x, 0}, 2), y);
}

double exp2(double x)
{
    return isfinite(x) ? power(1, PRECISE_LOG_2, x) : pow(2, x);
}

double exp10(double x)
{
    return isfinite(x) ? power(1, log_10, x) : pow(10, x);
}

double pow10(double x)
{
    return exp10(x);
}
