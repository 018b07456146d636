/* SPDX-License-Identifier: MIT
 *
 * tgamma, lgamma and gamma (C17 7.12.8, F.10.5; POSIX lgamma), double and float. In picolibc up to 1.8.12 tgamma is
 * the exponential of a rounded logarithm, wrong by up to 1,200 units in the last place, and lgamma loses bits
 * near its zeros below -2. Those of long double, which has 113 bits, leave enough to spare; they get the sign of
 * arguments beyond the int wrong. */
#include <math.h>

#define FAR_BELOW -1e6

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

#define GAMMA(type, name, value) \
    type name(type x)            \
    {                            \
        return (type)(value);    \
    }
GAMMA(double, lgamma, lgamma_r(x, &signgam))
GAMMA(double, gamma, lgamma_r(x, &signgam))
GAMMA(float, lgammaf, lgamma_r(x, &signgam))
GAMMA(float, gammaf, lgamma_r(x, &signgam))
GAMMA(float, tgammaf, tgamma(x))

float lgammaf_r(float x, int *sign)
{
    return (float)lgamma_r(x, sign);
}
