/* SPDX-License-Identifier: MIT
 *
 * wcstol, wcstoul, wcstoll and wcstoull (C17 7.29.4.1.2). Those of picolibc 1.8 and 1.8.6 take any base, and of 0x
 * without a digit not even the 0. */
#include "narrow.h"

long wcstol(const wchar_t *restrict text, wchar_t **restrict rest, int base)
{
    NARROW(long, strtol(bytes, &end, base));
}

unsigned long wcstoul(const wchar_t *restrict text, wchar_t **restrict rest, int base)
{
    NARROW(unsigned long, strtoul(bytes, &end, base));
}

long long wcstoll(const wchar_t *restrict text, wchar_t **restrict rest, int base)
{
    NARROW(long long, strtoll(bytes, &end, base));
}

unsigned long long wcstoull(const wchar_t *restrict text, wchar_t **restrict rest, int base)
{
    NARROW(unsigned long long, strtoull(bytes, &end, base));
}
