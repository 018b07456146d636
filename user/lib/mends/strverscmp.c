/* SPDX-License-Identifier: MIT
 *
 * strverscmp (GNU). picolibc up to 1.8.6 says that a letter comes before a digit; up to 1.8.12, that a0 comes before
 * a00: a number that begins with 0 is a fraction. */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* Compares as bytes up to the first difference. There, where both have a number that began before it or begins
 * at it: the one with more digits is larger, or, if the number begins with 0, it is a fraction, and a digit is less
 * than none while all before it are 0. */
int strverscmp(const char *a, const char *b)
{
    size_t at = 0, start = 0;
    int fraction, zeros = 1;

    for (; a[at] && a[at] == b[at]; at++) {
        if (!isdigit((unsigned char)a[at]))
            start = at + 1;
    }
    for (size_t i = start; i < at; i++)
        zeros &= a[i] == '0';
    fraction = a[start] == '0' || b[start] == '0';
    if (!fraction && isdigit((unsigned char)a[start]) && isdigit((unsigned char)b[start])) {
        size_t of_a = digits(a + at), of_b = digits(b + at);
        if (of_a != of_b)
            return of_a > of_b ? 1 : -1;
    }
    if (fraction && zeros && start < at &&
        isdigit((unsigned char)a[at]) != isdigit((unsigned char)b[at]))
        return isdigit((unsigned char)a[at]) ? -1 : 1;
    return (unsigned char)a[at] - (unsigned char)b[at];
}
