/* SPDX-License-Identifier: MIT
 *
 * pow, hypot, atan2 and sincos, double and float. */
#define _GNU_SOURCE
#include "right.h"
#include "values.h"

MAKE_RIGHT_2(pow)
MAKE_RIGHT_2(hypot)
MAKE_RIGHT_2(atan2)

#ifdef VALUES_REFERENCE
static void right_sincos(double x, double *sine, double *cosine)
{
    *sine = (double)sinf128(x);
    *cosine = (double)cosf128(x);
}

static void right_sincosf(float x, float *sine, float *cosine)
{
    *sine = (float)sinf128(x);
    *cosine = (float)cosf128(x);
}
#endif

static void show_pow(const char *kind, double x, double y)
{
    put("pow %s %D %D: %D\n", kind, x, y, RIGHT(pow)(x, y));
}

static void show_powf(const char *kind, float x, float y)
{
    put("powf %s %F %F: %F\n", kind, x, y, RIGHTF(pow)(x, y));
}

/* Bases near 1 with large exponents, and others where the error of a logarithm grows; then results near
 * the ends of the range, and roots and whole powers that are exact. */
static const double pow_pairs[][2] = {
    {0x1.000002c5e2e99p+0, 0x1.c9eee35374af6p+31},
    {0x1.fffffd2e3e669p-1, 0x1.344c9823eb66cp+32},
    {1.0000000000000002, 3e18},
    {0.9999999999999999, 6e18},
    {1.0000001, 7e9},
    {0.9999999, -7e9},
    {1.5, 1750},
    {0.75, -2467.5},
    {2, -1074},
    {2, -1074.5},
    {2, -1075},
    {2, 1023.9999999999999},
    {2, 1024},
    {10, 308},
    {10, -308},
    {10, -323},
    {10, 22},
    {10, 23},
    {3, 33},
    {-3, 33},
    {7, 19},
    {9, 0.5},
    {0x1p-1074, 0.5},
    {0x1p-1074, -1},
    {0x1p-1074, 0.3333333333333333},
    {0x1.fffffffffffffp+1023, 1.0000000000000002},
    {0x1.fffffffffffffp+1023, 0.9999999999999999},
    {-8, 0.3333333333333333},
    {-2, 9007199254740991},
    {-2, 9007199254740992},
    {-1, 9007199254740993},
    {-1, 4503599627370495.5},
    {-0.5, 1074},
    {-0.5, 1075},
    {0.5, 1e300},
    {-1.1, 101},
    {-1.1, 102},
};

/* The arguments are drawn one by one: a compiler may order those of a call as it likes. */
static void draw_pow(void)
{
    double x = draw_any(), y = draw_scaled(-10, 10);

    show_pow("drawn", x, y);
    x = double_of(0x3ff0000000000000 + draw_bits(24, 51));
    y = draw_scaled(8, 33);
    show_pow("drawn", x, y);
    x = double_of(0x3ff0000000000000 - draw_bits(24, 51));
    show_pow("drawn", x, y);
    x = draw_uniform(0, 20);
    y = draw_uniform(-300, 300);
    show_pow("drawn", x, y);
    x = (double)draw_between(-12, 12);
    y = (double)draw_between(-300, 300);
    show_pow("drawn", x, y);
    x = draw_any_float();
    y = draw_scaled(-7, 7);
    show_powf("drawn", (float)x, (float)y);
    x = float_of(0x3f800000 + (uint32_t)draw_bits(4, 23));
    y = draw_scaled(4, 14);
    show_powf("drawn", (float)x, (float)y);
    x = draw_uniform(-20, 20);
    y = (double)draw_between(-40, 40);
    show_powf("drawn", (float)x, (float)y);
}

static void run_pow(void)
{
    draw_begin("pow");
    for (size_t i = 0; i < COUNT(pow_pairs); i++) {
        show_pow("listed", pow_pairs[i][0], pow_pairs[i][1]);
        show_powf("listed", (float)pow_pairs[i][0], (float)pow_pairs[i][1]);
    }
    for (int i = 0; i < listed_short_count; i++) {
        for (int j = 0; j < listed_short_count; j++) {
            show_pow("listed", listed_short[i], listed_short[j]);
            show_powf("listed", (float)listed_short[i], (float)listed_short[j]);
        }
    }
    for (long i = draw_cases(200); i > 0; i--)
        draw_pow();
}

static void run_pair(const char *name, double (*f)(double, double), float (*f_float)(float, float))
{
    draw_begin(name);
    for (int i = 0; i < listed_short_count; i++) {
        for (int j = 0; j < listed_short_count; j++) {
            double x = listed_short[i], y = listed_short[j];
            put("%s listed %D %D: %D\n", name, x, y, f(x, y));
            put("%sf listed %F %F: %F\n", name, x, y, f_float((float)x, (float)y));
        }
    }
    for (long i = draw_cases(150); i > 0; i--) {
        double x = draw_scaled(-40, 40), y = draw_scaled(-40, 40), z = draw_any();
        double ratio = z * double_of(0x3fe0000000000000 + draw_bits(54, 54));
        put("%s drawn %D %D: %D\n", name, x, y, f(x, y));
        put("%s drawn %D %D: %D\n", name, z, ratio, f(z, ratio));
        put("%sf drawn %F %F: %F\n", name, x, y, f_float((float)x, (float)y));
    }
}

static void show_sincos(double x)
{
    double sine, cosine;
    float sine_float, cosine_float;

    RIGHT(sincos)(x, &sine, &cosine);
    RIGHTF(sincos)((float)x, &sine_float, &cosine_float);
    put("sincos listed %D: %D %D\n", x, sine, cosine);
    put("sincosf listed %F: %F %F\n", x, sine_float, cosine_float);
}

void run_powers(void)
{
    run_pow();
    run_pair("hypot", RIGHT(hypot), RIGHTF(hypot));
    run_pair("atan2", RIGHT(atan2), RIGHTF(atan2));
    for (int i = 0; i < listed_count; i++)
        show_sincos(listed[i]);
}
