/* SPDX-License-Identifier: MIT
 *
 * Numbers of about 106 bits, each the sum of two doubles, for the mends of <math.h> that need more than a double
 * between argument and result. Arithmetic: Dekker, A Floating-Point Technique for Extending the Available
 * Precision (1971), and Knuth's sum; products by fma(). Logarithm and exponential: their series, after the argument
 * was brought near 1 or 0. Rounding is to nearest, and no argument is infinite or NaN. */
#ifndef OCTAVO_MENDS_PRECISE_H
#define OCTAVO_MENDS_PRECISE_H

#include <math.h>

/* high + low, where low is at most half a unit in the last place of high. */
struct precise {
    double high, low;
};

/* log 2, to 106 bits. */
#define PRECISE_LOG_2 ((struct precise){0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56})

/* a + b, where a is the larger one or 0. */
static inline struct precise precise_pair(double a, double b)
{
    double sum = a + b;

    return (struct precise){sum, b - (sum - a)};
}

/* a + b, exactly. */
static inline struct precise precise_sum(double a, double b)
{
    double sum = a + b, of_b = sum - a;

    return (struct precise){sum, (a - (sum - of_b)) + (b - of_b)};
}

static inline struct precise precise_add(struct precise a, struct precise b)
{
    struct precise high = precise_sum(a.high, b.high), low = precise_sum(a.low, b.low);

    high = precise_pair(high.high, high.low + low.high);
    return precise_pair(high.high, high.low + low.low);
}

static inline struct precise precise_multiply(struct precise a, struct precise b)
{
    double product = a.high * b.high, rest = fma(a.high, b.high, -product);

    return precise_pair(product, rest + (a.high * b.low + a.low * b.high));
}

static inline struct precise precise_divide(struct precise a, struct precise b)
{
    double first = a.high / b.high, second;
    struct precise rest;

    rest = precise_multiply((struct precise){-first, 0}, b);
    rest = precise_add(a, rest);
    second = rest.high / b.high;
    rest = precise_add(rest, precise_multiply((struct precise){-second, 0}, b));
    rest = precise_add(precise_pair(first, second), (struct precise){rest.high / b.high, 0});
    return rest;
}

/* 1 / n. */
static inline struct precise precise_inverse(double n)
{
    double inverse = 1 / n;

    return (struct precise){inverse, fma(-inverse, n, 1) / n};
}

/* The logarithm of a positive x: that of a number from 1/sqrt 2 to sqrt 2 by the series of atanh, and multiples
 * of log 2. Of the terms behind the first, the first `exact` are summed in full and the others as doubles: with 2
 * the result is right to 2^-65 of itself, with 20 to 2^-102. */
static inline struct precise precise_log(struct precise x, int exact)
{
    int exponent, term = exact > 2 ? 20 : 13;
    double m = frexp(x.high, &exponent), tail = 0;
    struct precise s, z, sum;

    if (m < 0x1.6a09e667f3bcdp-1) { /* sqrt 1/2 */
        m *= 2;
        exponent--;
    }
    s = precise_divide((struct precise){m - 1, 0}, precise_sum(m, 1));
    z = precise_multiply(s, s);
    for (; term > exact; term--)
        tail = (tail + 1.0 / (2 * term + 1)) * z.high;
    for (sum = (struct precise){tail, 0}; term > 0; term--)
        sum = precise_multiply(precise_add(sum, precise_inverse(2 * term + 1)), z);
    sum = precise_add(precise_multiply(sum, s), s);
    sum = (struct precise){2 * sum.high, 2 * sum.low};
    sum = precise_add(precise_multiply((struct precise){exponent, 0}, PRECISE_LOG_2), sum);
    return x.low == 0 ? sum : precise_add(sum, (struct precise){x.low / x.high, 0});
}

/* e to the x for |x| < 1000: the result times 2 to the exponent, right to 2^-56 of itself. */
static inline struct precise precise_exp(struct precise x, int *exponent)
{
    double n = rint(x.high / PRECISE_LOG_2.high), tail = 0;
    struct precise r = precise_add(x, precise_multiply((struct precise){-n, 0}, PRECISE_LOG_2));

    for (int i = 14; i > 1; i--) /* r^2/2! + r^3/3! ..., from the last */
        tail = (tail + 1) * r.high / i;
    *exponent = (int)n;
    tail *= r.high;
    return precise_add(precise_sum(1, r.high), (struct precise){tail + (tail + 1) * r.low, 0});
}

#endif
