/* SPDX-License-Identifier: MIT
 *
 * Functions of <math.h> that lose bits, by those of the next larger type, which has enough to spare. Of float, in
 * picolibc up to 1.8.12 the Bessel functions near their zeros, up to 1.8.10 cbrtf by 3 units in the last place for one
 * argument in 500 and erfcf by up to 43, and in 1.8 and 1.8.6 powf of large exponents by up to 66 (picolibc's issue
 * 833); erff lies in one file with erfcf, and exp2f, exp10f and pow10f use picolibc's powf. Of double, up to 1.8.12
 * tgamma, which is the exponential of a rounded logarithm, by up to 1,200, and lgamma near its zeros below -2. */
#include <math.h>

#define FAR_BELOW -1e6 /* from here on those of long double get the sign wrong */

static double sign_of_gamma(double x)
{
    return x < 0 && fmod(floor(x), 2) != 0 ? -1 : 1;
}

double tgamma(double x)
{
    double result = (double)tgammal(x);

    return x < FAR_BELOW ? copysign(result, sign_of_gamma(x)) : result;
}

double lgamma_r(double x, int *sign)
{
    double result = (double)lgammal_r(x, sign);

    *sign = x < FAR_BELOW ? (int)sign_of_gamma(x) : *sign;
    return result;
}

float lgammaf_r(float x, int *sign)
{
    return (float)lgamma_r(x, sign);
}

float powf(float x, float y)
{
    return (float)(x > 0 && isfinite(x) && isfinite(y) ? exp(y * log(x)) : pow(x, y));
}

float jnf(int n, float x)
{
    return (float)jn(n, x);
}

float ynf(int n, float x)
{
    return (float)yn(n, x);
}

#define BY(type, name, value) \
    type name(type x)         \
    {                         \
        return (type)(value); \
    }
BY(double, lgamma, lgamma_r(x, &signgam))
BY(double, gamma, lgamma_r(x, &signgam))
BY(float, lgammaf, lgamma_r(x, &signgam))
BY(float, gammaf, lgamma_r(x, &signgam))
BY(float, tgammaf, tgamma(x))
BY(float, j0f, j0(x))
BY(float, j1f, j1(x))
BY(float, y0f, y0(x))
BY(float, y1f, y1(x))
BY(float, cbrtf, cbrt(x))
BY(float, erff, erf(x))
BY(float, erfcf, erfc(x))
BY(float, exp2f, exp2(x))
BY(float, exp10f, exp10(x))
BY(float, pow10f, exp10(x))
