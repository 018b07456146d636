/* SPDX-License-Identifier: MIT
 *
 * The Bessel functions of POSIX's XSI option, double and float. */
#define _GNU_SOURCE
#include "right.h"
#include "values.h"

MAKE_RIGHT(j0)
MAKE_RIGHT(j1)
MAKE_RIGHT(y0)
MAKE_RIGHT(y1)
MAKE_RIGHT_INT(jn)
MAKE_RIGHT_INT(yn)

static const struct function functions[] = {
    {"j0", RIGHT(j0), RIGHTF(j0), 0, 30},
    {"j1", RIGHT(j1), RIGHTF(j1), 0, 30},
    {"y0", RIGHT(y0), RIGHTF(y0), 0, 30},
    {"y1", RIGHT(y1), RIGHTF(y1), 0, 30},
};

void run_bessel(void)
{
    for (size_t i = 0; i < COUNT(functions); i++)
        show_function(&functions[i], 20);
    draw_begin("jn");
    for (long i = draw_cases(100); i > 0; i--) {
        int n = (int)draw_between(-3, 12);
        double x = draw_uniform(0, 40);
        put("jn drawn %i %D: %D\n", n, x, RIGHT(jn)(n, x));
        put("yn drawn %i %D: %D\n", n, x, RIGHT(yn)(n, x));
        put("jnf drawn %i %F: %F\n", n, x, RIGHTF(jn)(n, (float)x));
        put("ynf drawn %i %F: %F\n", n, x, RIGHTF(yn)(n, (float)x));
    }
}
