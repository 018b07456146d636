/* SPDX-License-Identifier: MIT
 *
 * <complex.h>, double and float, with finite arguments of middling size and a few listed ones. */
#define _GNU_SOURCE
#include <complex.h>
#include <string.h>
#include "right.h"
#include "values.h"

#ifdef VALUES_REFERENCE
#define MAKE(name)                                        \
    static double complex right_##name(double complex z)  \
    {                                                     \
        return (double complex)name##f128(z);             \
    }                                                     \
    static float complex right_##name##f(float complex z) \
    {                                                     \
        return (float complex)name##f128(z);              \
    }
#define MAKE_REAL(name)                           \
    static double right_##name(double complex z)  \
    {                                             \
        return (double)name##f128(z);             \
    }                                             \
    static float right_##name##f(float complex z) \
    {                                             \
        return (float)name##f128(z);              \
    }
static double complex right_cpow(double complex x, double complex y)
{
    return (double complex)cpowf128(x, y);
}
static float complex right_cpowf(float complex x, float complex y)
{
    return (float complex)cpowf128(x, y);
}
#else
#define MAKE(name)
#define MAKE_REAL(name)
#endif

#define FUNCTIONS(X) \
    X(csqrt)         \
    X(cexp)          \
    X(clog)          \
    X(csin)          \
    X(ccos)          \
    X(ctan) X(casin) X(cacos) X(catan) X(csinh) X(ccosh) X(ctanh) X(casinh) X(cacosh) X(catanh)
#define ROW(name) {#name, RIGHT(name), RIGHTF(name)},

FUNCTIONS(MAKE)
MAKE_REAL(cabs)
MAKE_REAL(carg)

static const struct complex_function {
    const char *name;
    double complex (*f)(double complex);
    float complex (*f_float)(float complex);
} functions[] = {FUNCTIONS(ROW)};

static void show(const struct complex_function *function, double complex z)
{
    double complex w = function->f(z);
    float complex zf = (float complex)z, wf = function->f_float(zf);

    put("%s %D %D: %D %D\n", function->name, creal(z), cimag(z), creal(w), cimag(w));
    put("%sf %F %F: %F %F\n", function->name, crealf(zf), cimagf(zf), crealf(wf), cimagf(wf));
}

static void show_parts(double complex z)
{
    double complex p = cproj(z), c = conj(z);

    put("conj %D %D: %D %D\n", creal(z), cimag(z), creal(c), cimag(c));
    put("cproj %D %D: %D %D\n", creal(z), cimag(z), creal(p), cimag(p));
    put("cabs %D %D: %D\n", creal(z), cimag(z), RIGHT(cabs)(z));
    put("carg %D %D: %D\n", creal(z), cimag(z), RIGHT(carg)(z));
    put("cabsf %F %F: %F\n", creal(z), cimag(z), RIGHTF(cabs)((float complex)z));
    put("cargf %F %F: %F\n", creal(z), cimag(z), RIGHTF(carg)((float complex)z));
}

/* x + y i, which arithmetic does not make of infinities and -0. Not every picolibc has CMPLX(). */
static double complex complex_of(double x, double y)
{
    double parts[2] = {x, y};
    double complex z;

    memcpy(&z, parts, sizeof(z));
    return z;
}

static double complex draw_complex(void)
{
    double x = draw_scaled(-8, 3), y = draw_scaled(-8, 3);

    return complex_of(x, y);
}

void run_complex(void)
{
    static const double parts[] = {0.0, -0.0, 0.5, -1, 3};

    for (size_t i = 0; i < COUNT(parts); i++)
        for (size_t j = 0; j < COUNT(parts); j++) {
            show_parts(complex_of(parts[i], parts[j]));
            show(&functions[0],
                 complex_of(parts[i], parts[j])); /* csqrt and cexp have no pole there */
            show(&functions[1], complex_of(parts[i], parts[j]));
        }
    for (size_t k = 0; k < COUNT(functions); k++) {
        draw_begin(functions[k].name);
        for (long i = draw_cases(20); i > 0; i--)
            show(&functions[k], draw_complex());
    }
    draw_begin("complex");
    for (long i = draw_cases(20); i > 0; i--) {
        double complex x = draw_complex(), y = draw_complex(), w = RIGHT(cpow)(x, y);
        float complex xf = (float complex)x, yf = (float complex)y, wf = RIGHTF(cpow)(xf, yf);
        show_parts(x);
        put("cpow %D %D %D %D: %D %D\n", creal(x), cimag(x), creal(y), cimag(y), creal(w),
            cimag(w));
        put("cpowf %F %F %F %F: %F %F\n", crealf(xf), cimagf(xf), crealf(yf), cimagf(yf),
            crealf(wf), cimagf(wf));
    }
}
