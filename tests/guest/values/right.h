/* SPDX-License-Identifier: MIT
 *
 * The functions that the sections of <math.h> call. In the guest, RIGHT(name) is the library's function for
 * double and RIGHTF(name) that for float. In the reference (VALUES_REFERENCE) they are the correctly rounded
 * values: what glibc's function for binary128 gives, rounded once. That is right but for one draw in 2^50.
 * A file lists its functions with a macro of X(name) and expands it with MAKE_RIGHT first. */
#ifndef OCTAVO_TESTS_VALUES_RIGHT_H
#define OCTAVO_TESTS_VALUES_RIGHT_H

#include <math.h>

#ifdef VALUES_REFERENCE
#define RIGHT(name) right_##name
#define RIGHTF(name) right_##name##f
#define MAKE_RIGHT(name)                  \
    static double right_##name(double x)  \
    {                                     \
        return (double)name##f128(x);     \
    }                                     \
    static float right_##name##f(float x) \
    {                                     \
        return (float)name##f128(x);      \
    }
#define MAKE_RIGHT_2(name)                         \
    static double right_##name(double x, double y) \
    {                                              \
        return (double)name##f128(x, y);           \
    }                                              \
    static float right_##name##f(float x, float y) \
    {                                              \
        return (float)name##f128(x, y);            \
    }
#define MAKE_RIGHT_INT(name)                     \
    static double right_##name(int n, double x)  \
    {                                            \
        return (double)name##f128(n, x);         \
    }                                            \
    static float right_##name##f(int n, float x) \
    {                                            \
        return (float)name##f128(n, x);          \
    }
#else
#define RIGHT(name) name
#define RIGHTF(name) name##f
#define MAKE_RIGHT(name)
#define MAKE_RIGHT_2(name)
#define MAKE_RIGHT_INT(name)
#endif

/* A function of one argument, and where it changes most: more is drawn there. */
struct function {
    const char *name;
    double (*f)(double);
    float (*f_float)(float);
    double lowest, highest;
};

/* Values at which functions turn, end or overflow, none negative; the last ones are infinity and NaN. */
extern const double listed[];
extern const int listed_count;

/* A short list of them, for functions of two arguments; both signs. */
extern const double listed_short[];
extern const int listed_short_count;

/* Writes the lines of a function: all listed values with both signs, and drawn ones. cases: of each kind. */
void show_function(const struct function *function, long cases);

#endif
