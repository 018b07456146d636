/* SPDX-License-Identifier: MIT
 *
 * Elementary functions of one argument, double and float. */
#define _GNU_SOURCE
#include "right.h"
#include "values.h"

/* X(name, where more is drawn: lowest, highest) */
#define FUNCTIONS(X)     \
    X(sin, -8, 8)        \
    X(cos, -8, 8)        \
    X(tan, -8, 8)        \
    X(asin, -1, 1)       \
    X(acos, -1, 1)       \
    X(atan, -8, 8)       \
    X(sinh, -8, 8)       \
    X(cosh, -8, 8)       \
    X(tanh, -8, 8)       \
    X(asinh, -8, 8)      \
    X(acosh, 1, 3)       \
    X(atanh, -1, 1)      \
    X(exp, -750, 720)    \
    X(exp2, -1080, 1030) \
    X(exp10, -330, 310)  \
    X(expm1, -2, 2)      \
    X(log, 0.5, 2)       \
    X(log2, 0.5, 2)      \
    X(log10, 0.5, 2)     \
    X(log1p, -1, 1)      \
    X(cbrt, -8, 8)       \
    X(erf, -6, 6)        \
    X(erfc, -6, 28)

#define MAKE(name, lowest, highest) MAKE_RIGHT(name)
#define ROW(name, lowest, highest) {#name, RIGHT(name), RIGHTF(name), lowest, highest},

FUNCTIONS(MAKE)

static const struct function functions[] = {FUNCTIONS(ROW)};

void run_elementary(void)
{
    for (size_t i = 0; i < COUNT(functions); i++)
        show_function(&functions[i], 60);
}
