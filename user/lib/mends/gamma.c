/* SPDX-License-Identifier: MIT
 *
 * tgamma, lgamma and gamma (C17 7.12.8, F.10.5; POSIX lgamma), double and float. In picolibc up to 1.8.12 tgamma is
 * the exponential of a rounded logarithm, wrong by up to 1,200 units in the last place, and lgamma loses bits
 * near its zeros below -2.
 *
 * Here by Stirling's series (Abramowitz and Stegun 6.1.40) from 24 on, where 15 terms are right to 2^-100. Smaller
 * arguments are brought there by gamma(x) = gamma(x + 1) / x (6.1.15), far below 0 by reflection (6.1.17). lgamma
 * is right but where it is less than 2^-44: only next to 1 and 2 there is a series for that. */
#include "precise.h"

#define LEAST 24             /* where Stirling's series is right */
#define NEAR 0x1p-30         /* from 1 or 2: the second power's term is enough */
#define TINY 0x1p-60         /* gamma(x) is 1/x */
#define TGAMMA_LARGEST 171.7 /* beyond, it overflows */
#define TGAMMA_SMALLEST -185 /* below, it is less than any number */
#define LGAMMA_LARGEST 2.5563481638716906e305
#define SCALE 512 /* products of more than so many bits are divided */

static const struct precise half_log_2_pi = {0x1.d67f1c864beb5p-1, -0x1.65b5a1b7ff5dfp-55};

/* Stirling's series: its terms over z, z^3, z^5 ... */
static const double stirling[][2] = {
    {1, 12},
    {-1, 360},
    {1, 1260},
    {-1, 1680},
    {1, 1188},
    {-691, 360360},
    {1, 156},
    {-3617, 122400},
    {43867, 244188},
    {-174611, 125400},
    {77683, 5796},
    {-236364091, 1506960},
    {657931, 300},
    {-3392780147, 93960},
    {1723168255201, 2492028},
};
#define TERMS ((int)(sizeof(stirling) / sizeof(stirling[0])))

/* log gamma(z) for z from LEAST on. */
static struct precise log_gamma(struct precise z)
{
    struct precise over = precise_divide((struct precise){1, 0}, z), square, sum = {0, 0},
                   main_part;

    square = precise_multiply(over, over);
    for (int i = TERMS - 1; i >= 0; i--) {
        struct precise term = precise_divide((struct precise){stirling[i][0], 0},
                                             (struct precise){stirling[i][1], 0});
        sum = precise_add(precise_multiply(sum, square), term);
    }
    sum = precise_multiply(sum, over);
    main_part = precise_multiply(precise_add(z, (struct precise){-0.5, 0}), precise_log(z, 20));
    main_part = precise_add(main_part, (struct precise){-z.high, -z.low});
    return precise_add(main_part, precise_add(half_log_2_pi, sum));
}

/* Raises x to z, LEAST or more, and tells the product of all on the way: gamma(x) is gamma(z) over it times
 * 2^exponent. */
static struct precise raise(double x, struct precise *z, int *exponent)
{
    struct precise product = {1, 0};

    *exponent = 0;
    *z = (struct precise){x, 0};
    for (int n = 1; z->high < LEAST; n++) {
        product = precise_multiply(product, *z);
        if (fabs(product.high) > 0x1p512) {
            product.high *= 0x1p-512;
            product.low *= 0x1p-512;
            *exponent += SCALE;
        }
        *z = precise_sum(x, n);
    }
    return product;
}

static int is_pole(double x)
{
    return x <= 0 && floor(x) == x;
}

/* The sign of gamma(x); x is no pole. */
static double sign_of_gamma(double x)
{
    return x < 0 && fmod(floor(x), 2) != 0 ? -1 : 1;
}

double tgamma(double x)
{
    struct precise z, product, result;
    int scale, exponent;

    if (isnan(x) || x == 0 || fabs(x) < TINY)
        return isnan(x) ? x : 1 / x;
    if (is_pole(x) || x == -INFINITY)
        return (x - x) / (x - x);
    if (x > TGAMMA_LARGEST)
        return x * 0x1p1023;
    if (x < TGAMMA_SMALLEST)
        return sign_of_gamma(x) * 0x1p-1000 * (0x1p-1000 / -x);
    product = raise(x, &z, &scale);
    result = precise_divide(precise_exp(log_gamma(z), &exponent), product);
    return ldexp(result.high + result.low, exponent - scale);
}

/* log |gamma(1 + e)| and log |gamma(2 + e)|, by the first terms of its series (6.1.33). */
static double near_zero(double e, int two)
{
    return two ? e * (0x1.b0ee6072093cep-2 + 0x1.4a34cc4a60fa6p-2 * e)
               : e * (-0x1.2788cfc6fb619p-1 + 0x1.a51a6625307d3p-1 * e);
}

double lgamma_r(double x, int *sign)
{
    struct precise z, product, result;
    int scale;

    *sign = is_pole(x) && !(x == 0 && signbit(x)) ? 1
            : signbit(x) && x > -TINY             ? -1
                                                  : (int)sign_of_gamma(x);
    if (isnan(x) || isinf(x))
        return x * x;
    if (is_pole(x))
        return 1 / fabs(x - x);
    if (fabs(x) < TINY)
        return -log(fabs(x));
    if (x > LGAMMA_LARGEST)
        return x * 0x1p1023;
    if (x == 1 || x == 2)
        return 0;
    if (fabs(x - 1) < NEAR || fabs(x - 2) < NEAR)
        return near_zero(x < 1.5 ? x - 1 : x - 2, x > 1.5);
    if (x < -LEAST) {
        double sine = sin(M_PI * (x - rint(x)));
        z = (struct precise){-x, 0};
        return log(M_PI / fabs(x * sine)) - log_gamma(z).high;
    }
    product = raise(x, &z, &scale);
    if (product.high < 0)
        product = (struct precise){-product.high, -product.low};
    product = precise_log(product, 20);
    result = precise_add(log_gamma(z), (struct precise){-product.high, -product.low});
    return result.high + result.low;
}

double lgamma(double x)
{
    return lgamma_r(x, &signgam);
}

double gamma(double x)
{
    return lgamma_r(x, &signgam);
}

float tgammaf(float x)
{
    return (float)tgamma(x);
}

float lgammaf_r(float x, int *sign)
{
    return (float)lgamma_r(x, sign);
}

float lgammaf(float x)
{
    return (float)lgamma_r(x, &signgam);
}

float gammaf(float x)
{
    return (float)lgamma_r(x, &signgam);
}
