/* SPDX-License-Identifier: MIT
 *
 * tgamma, lgamma, gamma and lgamma_r with the sign, double and float. */
#define _GNU_SOURCE
#include "right.h"
#include "values.h"

MAKE_RIGHT(tgamma)
MAKE_RIGHT(lgamma)

static const struct function functions[] = {
    {"tgamma", RIGHT(tgamma), RIGHTF(tgamma), -20, 172},
    {"lgamma", RIGHT(lgamma), RIGHTF(lgamma), -8, 8},
};

/* The sign is not told of NaN and where gamma has a pole. */
static void show_sign(double x)
{
    int sign = 0;

    if (x != x || (x <= 0 && floor(x) == x))
        return;
    signgam = 0;
    lgamma(x);
    put("signgam %D: %i\n", x, signgam);
    lgamma_r(x, &sign);
    put("lgamma_r %D: %i\n", x, sign);
    if ((x <= 0 && floorf((float)x) == (float)x))
        return;
    lgammaf_r((float)x, &sign);
    put("lgammaf_r %F: %i\n", x, sign);
}

void run_gamma(void)
{
    for (size_t i = 0; i < COUNT(functions); i++)
        show_function(&functions[i], 100);
    for (int i = 0; i < listed_count; i++) {
        show_sign(listed[i]);
        show_sign(-listed[i]);
    }
    draw_begin("signgam");
    for (long i = draw_cases(50); i > 0; i--)
        show_sign(draw_uniform(-40, 10));
    for (int i = 1; i < 40; i++) /* near the poles and whole numbers on both sides */
        for (int side = -1; side <= 1; side += 2) {
            double x = double_of(bits_of(i) + (uint64_t)(int64_t)side);
            put("tgamma near %D: %D\n", x, RIGHT(tgamma)(x));
            put("tgamma near %D: %D\n", -x, RIGHT(tgamma)(-x));
            put("lgamma near %D: %D\n", x, RIGHT(lgamma)(x));
            put("lgamma near %D: %D\n", -x, RIGHT(lgamma)(-x));
        }
}
