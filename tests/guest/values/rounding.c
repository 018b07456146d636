/* SPDX-License-Identifier: MIT
 *
 * Rounding to whole numbers, sqrt and fma, in every rounding mode, double and float: all exact.
 *
 * RISC-V has a fifth mode, to nearest with ties away from 0, that the host does not have: there the
 * reference is what round() gives, and sqrt as usual, since no square root lies between two numbers. */
#define _GNU_SOURCE
#include <fenv.h>
#include "right.h"
#include "values.h"

#ifdef VALUES_REFERENCE
#define AWAY FE_TONEAREST
#else
#define AWAY FE_TONEAREST_MM
#endif

static const struct mode {
    const char *name;
    int mode;
} modes[] = {
    {"near", FE_TONEAREST},  {"down", FE_DOWNWARD}, {"up", FE_UPWARD},
    {"zero", FE_TOWARDZERO}, {"away", AWAY},
};
#define MODES_OF_HOST 4

static double rounded(double x, double (*f)(double), int away)
{
#ifdef VALUES_REFERENCE
    if (away)
        return round(x);
#endif
    (void)away;
    return f(x);
}

static long rounded_long(double x, long (*f)(double), int away)
{
#ifdef VALUES_REFERENCE
    if (away)
        return lround(x);
#endif
    (void)away;
    return f(x);
}

static long llrint_long(double x)
{
    return (long)llrint(x);
}

static long llrintf_long(double x)
{
    return (long)llrintf((float)x);
}

static long lrintf_long(double x)
{
    return lrintf((float)x);
}

static double rintf_double(double x)
{
    return rintf((float)x);
}

static double nearbyintf_double(double x)
{
    return nearbyintf((float)x);
}

/* Those that heed the rounding mode; x is a float for those of float. */
static void show_mode(const struct mode *mode, double x, int is_float)
{
    int away = mode == &modes[MODES_OF_HOST], fits = fabs(x) < 0x1p63;
    double rint_result, nearbyint_result, sqrt_result;
    long lrint_result = 0, llrint_result = 0;

    fesetround(mode->mode);
    rint_result = rounded(x, is_float ? rintf_double : rint, away);
    nearbyint_result = rounded(x, is_float ? nearbyintf_double : nearbyint, away);
    sqrt_result = is_float ? sqrtf((float)x) : sqrt(x);
    if (fits) {
        lrint_result = rounded_long(x, is_float ? lrintf_long : lrint, away);
        llrint_result = rounded_long(x, is_float ? llrintf_long : llrint_long, away);
    }
    fesetround(FE_TONEAREST);
    if (is_float) {
        put("rintf %s %F: %F\nnearbyintf %s %F: %F\n", mode->name, x, rint_result, mode->name, x,
            nearbyint_result);
        put("sqrtf %s %F: %F\n", mode->name, x, sqrt_result);
    } else {
        put("rint %s %D: %D\nnearbyint %s %D: %D\n", mode->name, x, rint_result, mode->name, x,
            nearbyint_result);
        put("sqrt %s %D: %D\n", mode->name, x, sqrt_result);
    }
    if (fits && is_float)
        put("lrintf %s %F: %l %l\n", mode->name, x, lrint_result, llrint_result);
    else if (fits)
        put("lrint %s %D: %l %l\n", mode->name, x, lrint_result, llrint_result);
}

/* Those that do not. */
static void show_fixed(double x, int is_float)
{
    float y = (float)x;

    if (is_float) {
        put("floorf %F: %F\nceilf %F: %F\n", x, floorf(y), x, ceilf(y));
        put("truncf %F: %F\nroundf %F: %F\n", x, truncf(y), x, roundf(y));
        if (fabsf(y) < 0x1p63f)
            put("lroundf %F: %l %l\n", x, lroundf(y), (long)llroundf(y));
        return;
    }
    put("floor %D: %D\nceil %D: %D\n", x, floor(x), x, ceil(x));
    put("trunc %D: %D\nround %D: %D\n", x, trunc(x), x, round(x));
    if (fabs(x) < 0x1p63)
        put("lround %D: %l %l\n", x, lround(x), (long)llround(x));
}

static void show_rounding(double x)
{
    int float_too = bits_of((float)x) == bits_of(x) || (double)(float)x != 0;

    show_fixed(x, 0);
    for (size_t i = 0; i < COUNT(modes); i++)
        show_mode(&modes[i], x, 0);
    x = (float)x;
    if (!float_too)
        return;
    show_fixed(x, 1);
    for (size_t i = 0; i < COUNT(modes); i++)
        show_mode(&modes[i], x, 1);
}

static void show_fma(double x, double y, double z)
{
    volatile float xf = (float)x, yf = (float)y, zf = (float)z; /* rounded now, to nearest */

    for (int i = 0; i < MODES_OF_HOST; i++) {
        double result;
        float result_float;
        fesetround(modes[i].mode);
        result = fma(x, y, z);
        result_float = fmaf(xf, yf, zf);
        fesetround(FE_TONEAREST);
        put("fma %s %D %D %D: %D\n", modes[i].name, x, y, z, result);
        put("fmaf %s %F %F %F: %F\n", modes[i].name, x, y, z, result_float);
    }
}

/* Conversions that round: the compiler's own instructions or its library. */
static void show_conversions(double x, long n)
{
    for (int i = 0; i < MODES_OF_HOST; i++) {
        volatile double from = x, of_long, of_unsigned;
        volatile float of_double, of_long_float;
        volatile long number = n;
        fesetround(modes[i].mode);
        of_double = (float)from;
        of_long = (double)number;
        of_long_float = (float)number;
        of_unsigned = (double)(unsigned long)number;
        fesetround(FE_TONEAREST);
        put("float_of_double %s %D: %F\n", modes[i].name, x, of_double);
        put("of_long %s %l: %D %F %D\n", modes[i].name, n, of_long, of_long_float, of_unsigned);
    }
}

/* A number with few bits after the point, so that ties and whole numbers are among them. */
static double draw_near_whole(void)
{
    double x = draw_scaled(-3, 66);

    return double_of(bits_of(x) & ~(uint64_t)0 << draw_between(0, 52));
}

void run_rounding(void)
{
    draw_begin("rounding");
    for (int i = 0; i < listed_count; i++) {
        show_rounding(listed[i]);
        show_rounding(-listed[i]);
    }
    for (long i = draw_cases(100); i > 0; i--)
        show_rounding(draw_near_whole());
    draw_begin("sqrt");
    for (long i = draw_cases(200); i > 0; i--) {
        double x = fabs(draw_any());
        put("sqrt drawn %D: %D\n", x, sqrt(x));
        x = fabsf(draw_any_float());
        put("sqrtf drawn %F: %F\n", x, sqrtf((float)x));
    }
    draw_begin("fma");
    for (int i = 0; i < listed_short_count; i++)
        show_fma(listed_short[i], listed_short[listed_short_count - 1 - i], listed_short[i / 2]);
    for (long i = draw_cases(60); i > 0; i--) {
        double x = draw_scaled(-40, 40), y = draw_scaled(-40, 40), z = draw_scaled(-80, 80);
        show_fma(x, y, z);
        z = double_of(bits_of(-x * y) + draw_below(3));
        show_fma(x, y, z);
        x = draw_scaled(-1022, 500);
        y = draw_scaled(-600, 1023);
        z = draw_any();
        show_fma(x, y, z);
        z = draw_scaled(-66, 66);
        show_conversions(z, (long)draw_bits(1, 64));
    }
}
