/* SPDX-License-Identifier: MIT
 *
 * <fenv.h>: the rounding mode and the exception flags. */
#include <fenv.h>
#include <math.h>
#include "right.h"
#include "values.h"

static const char *mode_word(int mode)
{
    return mode == FE_TONEAREST    ? "near"
           : mode == FE_DOWNWARD   ? "down"
           : mode == FE_UPWARD     ? "up"
           : mode == FE_TOWARDZERO ? "zero"
                                   : "?";
}

static const int exceptions[] = {FE_INVALID, FE_DIVBYZERO, FE_OVERFLOW, FE_UNDERFLOW, FE_INEXACT};

/* The flags that are up, as a bit each in the order of the table. */
static int flags(void)
{
    int result = 0, up = fetestexcept(FE_ALL_EXCEPT);

    for (size_t i = 0; i < COUNT(exceptions); i++)
        result = 2 * result + ((up & exceptions[i]) != 0);
    return result;
}

static void run_modes(void)
{
    static const int modes[] = {FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO, FE_TONEAREST};
    static const int none[] = {12345, -1, 0x7fffffff, 1 << 20};
    fenv_t environment;
    volatile double one = 1, three = 3;
    int result;

    for (size_t i = 0; i < COUNT(modes); i++) {
        int seen;
        double third;
        result = fesetround(modes[i]);
        seen = fegetround();
        third = one / three;
        fesetround(FE_TONEAREST);
        put("fesetround %s: %i %s %D\n", mode_word(modes[i]), result, mode_word(seen), third);
    }
    for (size_t i = 0; i < COUNT(none); i++) {
        fesetround(FE_UPWARD);
        result = fesetround(none[i]);
        put("fesetround %i: %s, still %s\n", none[i], result ? "refused" : "done",
            mode_word(fegetround()));
    }
    fesetround(FE_DOWNWARD);
    put("fegetenv: %i\n", fegetenv(&environment));
    fesetround(FE_UPWARD);
    result = fesetenv(&environment);
    put("fesetenv: %i %s\n", result, mode_word(fegetround()));
    result = fesetenv(FE_DFL_ENV);
    put("fesetenv default: %i %s\n", result, mode_word(fegetround()));
}

static void run_flags(void)
{
    fexcept_t kept;
    fenv_t environment;
    int result;

    feclearexcept(FE_ALL_EXCEPT);
    put("flags cleared: %i\n", flags());
    for (size_t i = 0; i < COUNT(exceptions); i++) {
        /* overflow and underflow may raise inexact, too */
        feraiseexcept(exceptions[i]);
        put("feraiseexcept %i: %i\n", (int)i, fetestexcept(exceptions[i]) == exceptions[i]);
        feclearexcept(exceptions[i]);
        put("feclearexcept %i: %i\n", (int)i, fetestexcept(exceptions[i]));
    }
    feclearexcept(FE_ALL_EXCEPT);
    feraiseexcept(FE_INVALID | FE_DIVBYZERO);
    put("fegetexceptflag: %i\n", fegetexceptflag(&kept, FE_INVALID));
    feclearexcept(FE_ALL_EXCEPT);
    result = fesetexceptflag(&kept, FE_INVALID);
    put("fesetexceptflag: %i %i\n", result, flags());
    result = feholdexcept(&environment);
    put("feholdexcept: %i %i\n", result, flags());
    feraiseexcept(FE_DIVBYZERO);
    result = feupdateenv(&environment);
    put("feupdateenv: %i %i\n", result, flags());
    feclearexcept(FE_ALL_EXCEPT);
}

/* What arithmetic raises; and that nearbyint raises nothing and rint inexact. */
static void run_raised(void)
{
    volatile double zero = 0, one = 1, three = 3, largest = 0x1.fffffffffffffp+1023, half = 2.5, x;

    feclearexcept(FE_ALL_EXCEPT);
    x = one / three;
    put("1/3: %i\n", flags());
    feclearexcept(FE_ALL_EXCEPT);
    x = one / zero;
    put("1/0: %i\n", flags());
    feclearexcept(FE_ALL_EXCEPT);
    x = zero / zero;
    put("0/0: %i\n", flags());
    feclearexcept(FE_ALL_EXCEPT);
    x = largest * largest;
    put("overflow: %i\n", flags());
    feclearexcept(FE_ALL_EXCEPT);
    x = sqrt(-one);
    put("sqrt(-1): %i\n", flags());
    feclearexcept(FE_ALL_EXCEPT);
    x = nearbyint(half);
    put("nearbyint: %i\n", flags());
    x = rint(half);
    put("rint: %i\n", flags());
    feclearexcept(FE_ALL_EXCEPT);
    x = log(zero);
    put("log(0): %i\n", (flags() & 8) != 0);
    feclearexcept(FE_ALL_EXCEPT);
    x = exp(largest);
    put("exp: %i\n", (flags() & 4) != 0);
    feclearexcept(FE_ALL_EXCEPT);
    x = pow(zero, -one);
    put("pow(0,-1): %i\n", (flags() & 8) != 0);
    (void)x;
    feclearexcept(FE_ALL_EXCEPT);
}

void run_fenv(void)
{
    run_modes();
    run_flags();
    run_raised();
}
