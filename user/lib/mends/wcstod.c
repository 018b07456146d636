/* SPDX-License-Identifier: MIT
 *
 * wcstod, wcstof and wcstold (C17 7.29.4.1.1). Those of picolibc 1.8.10 and 1.8.12 look at 17 digits only, those
 * before are read by a strtod of their own; here by this library's strtod. */
#include "narrow.h"

double wcstod(const wchar_t *restrict text, wchar_t **restrict rest)
{
    NARROW(double, strtod(bytes, &end));
}

float wcstof(const wchar_t *restrict text, wchar_t **restrict rest)
{
    NARROW(float, strtof(bytes, &end));
}

long double wcstold(const wchar_t *restrict text, wchar_t **restrict rest)
{
    NARROW(long double, strtold(bytes, &end));
}
