/* SPDX-License-Identifier: MIT
 *
 * strtod, strtof, strtold, atof (C17 7.22.1.3), wcstod, wcstof and wcstold (7.29.4.1.1): those of 1.8 to 1.8.12 cut
 * off after 17 digits (strtof: 9) and so may be one unit wrong; 1.8 and 1.8.6 misread hexadecimal numbers, and 1.8.10
 * takes the x of "0x" alone. Here every digit counts: rounded to nearest, ties to even. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>
#include <wctype.h>
#include "user/lib/posix/decimal.h"

#define EXPONENT_LIMIT 100000 /* beyond it only the sign of an exponent matters */

static const struct decimal_format of_double = {53, -1074, 1024}, of_float = {24, -149, 128};

/* An exponent after its letter: e5, p-3. Without digits it is no exponent and nothing is taken. */
static int read_exponent(const char **text, char letter)
{
    const char *p = *text;
    int value = 0;

    if (tolower((unsigned char)*p++) != letter)
        return 0;
    bool negative = *p == '-';
    p += *p == '-' || *p == '+';
    if (!isdigit((unsigned char)*p))
        return 0;
    for (; isdigit((unsigned char)*p); p++)
        value = value < EXPONENT_LIMIT ? value * 10 + (*p - '0') : value;
    *text = p;
    return negative ? -value : value;
}

/* Hexadecimal digits behind 0x with at most one point, and an exponent. Of those that do not fit into 128 bits a 1 makes
 * the last bit 1. False: there was no digit. */
static bool read_hexadecimal(const char **text, unsigned __int128 *mantissa, int *exponent)
{
    const char *p = *text + 2;
    bool any = false, after_point = false;

    *mantissa = 0;
    *exponent = 0;
    for (; isxdigit((unsigned char)*p) || (*p == '.' && !after_point); p++) {
        if (*p == '.') {
            after_point = true;
            continue;
        }
        unsigned digit = (unsigned)(isdigit((unsigned char)*p) ? *p - '0' : (*p | 32) - 'a' + 10);
        bool fits = *mantissa >> 124 == 0;
        *mantissa = fits ? *mantissa << 4 | digit : *mantissa | (digit != 0);
        *exponent += fits == after_point ? (fits ? -4 : 4) : 0;
        any = true;
    }
    *exponent += any ? read_exponent(&p, 'p') : 0;
    *text = any ? p : *text;
    return any;
}

/* Decimal digits with at most one point, and an exponent; or a hexadecimal number. False: there was no digit. */
static bool read_number(const char **text, struct decimal *d)
{
    const char *p = *text;
    bool any = false, after_point = false;
    unsigned __int128 mantissa;
    int exponent;

    *d = (struct decimal){0};
    if (strncasecmp(p, "0x", 2) == 0 && read_hexadecimal(text, &mantissa, &exponent)) {
        for (; mantissa >> 64; exponent++)
            mantissa = mantissa >> 1 | (mantissa & 1);
        decimal_from_binary(d, (uint64_t)mantissa, exponent);
        return true;
    }
    for (; isdigit((unsigned char)*p) || (*p == '.' && !after_point); p++) {
        if (*p == '.') {
            after_point = true;
            continue;
        }
        bool leads = d->count == 0 && *p == '0'; /* leading zeros only move the point */
        if (!leads && d->count < DECIMAL_DIGITS)
            d->digit[d->count++] = (uint8_t)(*p - '0');
        else
            d->cut |= *p != '0';
        d->point += leads == after_point ? (leads ? -1 : 1) : 0;
        any = true;
    }
    if (!any)
        return false;
    d->point += read_exponent(&p, 'e');
    while (d->count > 0 && d->digit[d->count - 1] == 0)
        d->count--;
    *text = p;
    return true;
}

/* inf, infinity, nan, nan(...); else 0, and nothing is taken. */
static double read_special(const char **text)
{
    const char *p = *text;

    if (strncasecmp(p, "inf", 3) == 0) {
        *text += strncasecmp(p, "infinity", 8) == 0 ? 8 : 3;
        return INFINITY;
    }
    if (strncasecmp(p, "nan", 3) != 0)
        return 0;
    *text = p += 3;
    do
        p += *p != '\0';
    while (isalnum((unsigned char)*p) || *p == '_');
    *text = **text == '(' && *p == ')' ? p + 1 : *text;
    return NAN;
}

/* errno is ERANGE for results too large, and for those below the normal ones that are rounded. */
static double convert(const char *text, char **end, const struct decimal_format *format)
{
    struct decimal d;
    const char *p = text + strspn(text, " \t\n\v\f\r");
    uint64_t mantissa;
    int exponent;
    double value;

    bool negative = *p == '-';
    p += *p == '-' || *p == '+';
    const char *start = p;
    if (read_number(&p, &d)) {
        bool fits = decimal_to_binary(&d, format, &mantissa, &exponent);
        bool exact = d.count == 0 || d.count <= d.point; /* d was shifted to an integer */
        value = fits ? ldexp((double)mantissa, exponent) : HUGE_VAL;
        if (!fits || (!exact && value < ldexp(1, format->least + format->bits - 1)))
            errno = ERANGE;
    } else {
        value = read_special(&p);
    }
    if (end)
        *end = (char *)(p == start ? text : p);
    return negative && p != start ? -value : value;
}

double strtod(const char *restrict text, char **restrict end)
{
    return convert(text, end, &of_double);
}

float strtof(const char *restrict text, char **restrict end)
{
    return (float)convert(text, end, &of_float);
}

double atof(const char *text)
{
    return strtod(text, NULL);
}

long double octavo_libc_strtold(const char *restrict text, char **restrict end);

/* Picolibc's, but for hexadecimal numbers. */
long double strtold(const char *restrict text, char **restrict end)
{
    const char *p = text + strspn(text, " \t\n\v\f\r");
    bool negative = *p == '-';
    unsigned __int128 mantissa;
    int exponent;

    p += *p == '-' || *p == '+';
    if (strncasecmp(p, "0x", 2) != 0)
        return octavo_libc_strtold(text, end);
    p += read_hexadecimal(&p, &mantissa, &exponent) ? 0 : 1; /* else only the 0 is a number */
    long double value = ldexpl((long double)mantissa, exponent);
    if (mantissa && (value == 0 || isinf(value)))
        errno = ERANGE;
    if (end)
        *end = (char *)p;
    return negative ? -value : value;
}

/* --- Wide characters: those of 1.8 to 1.8.12 cut off, too ------------------------------------------- */

/* All that may belong to the number that the text begins with, from malloc, or NULL. */
static char *narrow(const wchar_t *text)
{
    size_t blanks = 0, length;

    while (iswspace((wint_t)text[blanks]))
        blanks++;
    for (length = blanks; text[length] > 0 && text[length] < 128; length++)
        if (!isalnum((int)text[length]) && !strchr("+-._()", (int)text[length]))
            break;
    char *bytes = malloc(length + 1);
    for (size_t i = 0; bytes && i <= length; i++)
        bytes[i] = (char)(i < blanks ? ' ' : i < length ? text[i] : 0);
    return bytes;
}

#define WIDE(type, name, of_bytes)                                   \
    type name(const wchar_t *restrict text, wchar_t **restrict rest) \
    {                                                                \
        char *bytes = narrow(text), *end = bytes;                    \
        type value = bytes ? of_bytes(bytes, &end) : 0;              \
        if (rest)                                                    \
            *rest = (wchar_t *)text + (end - bytes);                 \
        free(bytes);                                                 \
        return value;                                                \
    }
WIDE(double, wcstod, strtod)
WIDE(float, wcstof, strtof)
WIDE(long double, wcstold, strtold)
