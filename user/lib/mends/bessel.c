/* SPDX-License-Identifier: MIT
 *
 * j0f, j1f, jnf, y0f, y1f, ynf: the Bessel functions of float, BSD's. In picolibc up to 1.8.12 they lose most of
 * their bits near their zeros. */
#include <math.h>

float j0f(float x)
{
    return (float)j0(x);
}

float j1f(float x)
{
    return (float)j1(x);
}

float jnf(int n, float x)
{
    return (float)jn(n, x);
}

float y0f(float x)
{
    return (float)y0(x);
}

float y1f(float x)
{
    return (float)y1(x);
}

float ynf(int n, float x)
{
    return (float)yn(n, x);
}
