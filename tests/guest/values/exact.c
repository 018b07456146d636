/* SPDX-License-Identifier: MIT
 *
 * Remainders, scaling, parts of a number, neighbours, extremes and classes, double and float: all exact.
 *
 * Left out is what C leaves open: the quotient beyond its three lowest bits, frexp's exponent of what has
 * none, the smaller of two zeros, and numbers that do not fit in the integer they are converted to. */
#define _GNU_SOURCE
#include "right.h"
#include "values.h"

/* Sign and three lowest bits of a quotient. */
static int quotient_bits(int quotient)
{
    return quotient < 0 ? -(-quotient & 7) : quotient & 7;
}

static void show_remainders(double x, double y)
{
    int quotient = 0, quotient_float = 0;
    double r = remquo(x, y, &quotient);
    float xf = (float)x, yf = (float)y, rf = remquof(xf, yf, &quotient_float);

    put("fmod %D %D: %D\n", x, y, fmod(x, y));
    put("fmodf %F %F: %F\n", x, y, fmodf(xf, yf));
    put("remainder %D %D: %D %D\n", x, y, remainder(x, y), drem(x, y));
    put("remainderf %F %F: %F %F\n", x, y, remainderf(xf, yf), dremf(xf, yf));
    put("remquo %D %D: %D %i\n", x, y, r, r == r ? quotient_bits(quotient) : 0);
    put("remquof %F %F: %F %i\n", x, y, rf, rf == rf ? quotient_bits(quotient_float) : 0);
}

static void show_pairs(double x, double y)
{
    float xf = (float)x, yf = (float)y;

    put("fdim %D %D: %D\n", x, y, fdim(x, y));
    put("fdimf %F %F: %F\n", x, y, fdimf(xf, yf));
    put("nextafter %D %D: %D %D\n", x, y, nextafter(x, y), nexttoward(x, y));
    put("nextafterf %F %D: %F %F\n", x, y, nextafterf(xf, yf), nexttowardf(xf, y));
    put("copysign %D %D: %D %F\n", x, y, copysign(x, y), copysignf(xf, yf));
    put("compare %D %D: %i%i%i%i%i%i\n", x, y, isgreater(x, y), isgreaterequal(x, y), isless(x, y),
        islessequal(x, y), islessgreater(x, y), isunordered(x, y));
    if (x == 0 && y == 0)
        return;
    put("fmin %D %D: %D %D\n", x, y, fmin(x, y), fmax(x, y));
    if (xf != 0 || yf != 0)
        put("fminf %F %F: %F %F\n", x, y, fminf(xf, yf), fmaxf(xf, yf));
}

static void show_scaling(double x, int n)
{
    float y = (float)x;

    put("ldexp %D %i: %D %D %D\n", x, n, ldexp(x, n), scalbn(x, n), scalbln(x, n));
    put("ldexpf %F %i: %F %F %F\n", x, n, ldexpf(y, n), scalbnf(y, n), scalblnf(y, n));
}

static const char *class_word(int class)
{
    return class == FP_NAN         ? "nan"
           : class == FP_INFINITE  ? "infinite"
           : class == FP_NORMAL    ? "normal"
           : class == FP_SUBNORMAL ? "subnormal"
           : class == FP_ZERO      ? "zero"
                                   : "?";
}

/* The values of the macros differ, and so does the sign of NaN. */
static void show_ilogb(const char *name, double x, int exponent)
{
    put("%s %D: ", name, x);
    if (x == 0 || x != x)
        put("%s\n", exponent == (x == 0 ? FP_ILOGB0 : FP_ILOGBNAN) ? "as the macro" : "?");
    else
        put("%i\n", exponent);
}

static void show_parts(double x)
{
    int exponent = 0;
    double whole, fraction = frexp(x, &exponent), rest = modf(x, &whole);

    put("frexp %D: %D %i\n", x, fraction, isfinite(x) ? exponent : 0);
    put("modf %D: %D %D\n", x, rest, whole);
    put("logb %D: %D %D\n", x, logb(x), significand(x));
    show_ilogb("ilogb", x, ilogb(x));
    put("fabs %D: %D\n", x, fabs(x));
    put("class %D: %s %i%i%i%i\n", x, class_word(fpclassify(x)), isnan(x) != 0, isinf(x) != 0,
        isfinite(x) != 0, isnormal(x) != 0);
    if (x == x)
        put("signbit %D: %i\n", x, signbit(x) != 0);
}

static void show_parts_float(float x)
{
    int exponent = 0;
    float whole, fraction = frexpf(x, &exponent), rest = modff(x, &whole);

    put("frexpf %F: %F %i\n", x, fraction, isfinite(x) ? exponent : 0);
    put("modff %F: %F %F\n", x, rest, whole);
    put("logbf %F: %F %F\n", x, logbf(x), significandf(x));
    show_ilogb("ilogbf", x, ilogbf(x));
    put("fabsf %F: %F\n", x, fabsf(x));
    put("classf %F: %s %i%i%i%i\n", x, class_word(fpclassify(x)), isnan(x) != 0, isinf(x) != 0,
        isfinite(x) != 0, isnormal(x) != 0);
    if (x == x)
        put("signbitf %F: %i\n", x, signbit(x) != 0);
}

/* To whole numbers, by the compiler: towards zero. */
static void show_casts(double x)
{
    volatile double from = x;
    volatile float from_float = (float)x;

    if (fabs(x) < 0x1.fffffep30)
        put("int_of %D: %i %i\n", x, (int)from, (int)from_float);
    if (fabs(x) < 0x1.fffffep62)
        put("long_of %D: %l %l\n", x, (long)from, (long)from_float);
    if (x >= 0 && x < 0x1.fffffep63)
        put("unsigned_of %D: %u %u\n", x, (unsigned long)from, (unsigned long)from_float);
}

static const int scales[] = {0,     1,    -1,    52,   -53,   1023,  -1022,  1074,
                             -1074, 2046, -2098, 2100, -2200, 50000, -50000, 2147483647};

static void run_listed(void)
{
    for (int i = 0; i < listed_short_count; i++) {
        for (int j = 0; j < listed_short_count; j++) {
            show_remainders(listed_short[i], listed_short[j]);
            show_pairs(listed_short[i], listed_short[j]);
        }
        for (size_t j = 0; j < COUNT(scales); j++)
            show_scaling(listed_short[i], scales[j]);
    }
    for (int i = 0; i < listed_count; i++) {
        for (int sign = 1; sign >= -1; sign -= 2) {
            show_parts(sign * listed[i]);
            show_parts_float((float)(sign * listed[i]));
            show_casts(sign * listed[i]);
        }
    }
}

void run_exact(void)
{
    run_listed();
    draw_begin("exact");
    for (long i = draw_cases(120); i > 0; i--) {
        double x = draw_any(), y = draw_any();
        show_remainders(x, y);
        y = draw_scaled(-20, 20);
        show_remainders(x, y);
        x = draw_scaled(-10, 30);
        show_remainders(x, y);
        y *= (double)draw_between(-9, 9) / 2; /* halves: ties of remainder */
        show_remainders(y, x);
        x = draw_any();
        show_pairs(x, y);
        show_scaling(x, (int)draw_between(-2200, 2200));
        show_parts(x);
        show_parts_float(draw_any_float());
        show_casts(draw_scaled(-2, 63));
    }
    put("nan %s: %D %F\n", "(empty)", nan(""), nanf(""));
    put("nan 123: %D %F\n", nan("123"), nanf("123"));
}
