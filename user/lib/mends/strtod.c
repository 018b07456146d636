/* SPDX-License-Identifier: MIT
 *
 * strtod, strtof and atof (C17 7.22.1.3): those of 1.8 to 1.8.12 cut off after 17 digits (strtof: 9) and so may be one
 * unit wrong. Here every digit counts: rounded to nearest, ties to even. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "user/lib/posix/decimal.h"

#define EXPONENT_LIMIT 100000 /* beyond it only the sign of an exponent matters */

static const struct decimal_format format_double = {53, -1074, 1024};
static const struct decimal_format format_float = {24, -149, 128};

/* An exponent after its letter: e5, p-3. Without digits it is no exponent and nothing is taken. */
static int parse_exponent(const char **text, char letter)
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
        if (value < EXPONENT_LIMIT)
            value = value * 10 + (*p - '0');
    *text = p;
    return negative ? -value : value;
}

/* Adds a digit: leading zeros only move the point. */
static void add_digit(struct decimal *d, int digit, bool after_point)
{
    bool leads = d->count == 0 && digit == 0;

    if (!leads && d->count < DECIMAL_DIGITS)
        d->digit[d->count++] = (uint8_t)digit;
    else
        d->cut |= digit != 0;
    if (leads == after_point && abs(d->point) < EXPONENT_LIMIT)
        d->point += leads ? -1 : 1;
}

/* Digits with at most one point, and an exponent. False: there was no digit. */
static bool parse_decimal(struct decimal *d, const char **text)
{
    const char *p = *text;
    bool any = false, after_point = false;

    *d = (struct decimal){0};
    for (; isdigit((unsigned char)*p) || (*p == '.' && !after_point); p++) {
        if (*p == '.') {
            after_point = true;
        } else {
            any = true;
            add_digit(d, *p - '0', after_point);
        }
    }
    if (!any)
        return false;
    d->point += parse_exponent(&p, 'e');
    while (d->count > 0 && d->digit[d->count - 1] == 0)
        d->count--;
    *text = p;
    return true;
}

/* Hexadecimal digits behind 0x; of those that do not fit into 64 bits a 1 makes the last bit 1. */
static bool parse_hexadecimal(struct decimal *d, const char **text)
{
    const char *p = *text + 2;
    bool any = false, after_point = false;
    uint64_t mantissa = 0;
    int exponent = 0;

    if (strncasecmp(*text, "0x", 2) != 0)
        return false;
    for (; isxdigit((unsigned char)*p) || (*p == '.' && !after_point); p++) {
        if (*p == '.') {
            after_point = true;
            continue;
        }
        unsigned digit = (unsigned)(isdigit((unsigned char)*p) ? *p - '0' : (*p | 32) - 'a' + 10);
        bool fits = mantissa >> 60 == 0;
        mantissa = fits ? mantissa << 4 | digit : mantissa | (digit != 0);
        exponent += fits == after_point && abs(exponent) < EXPONENT_LIMIT ? (fits ? -4 : 4) : 0;
        any = true;
    }
    if (!any)
        return false;
    exponent += parse_exponent(&p, 'p');
    decimal_from_binary(d, mantissa, exponent);
    *text = p;
    return true;
}

static bool parse_word(const char **text, const char *word)
{
    size_t length = strlen(word);

    if (strncasecmp(*text, word, length) != 0)
        return false;
    *text += length;
    return true;
}

/* inf, infinity, nan, nan(...); else 0, and nothing is taken. */
static double parse_special(const char **text)
{
    if (parse_word(text, "infinity") || parse_word(text, "inf"))
        return INFINITY;
    if (!parse_word(text, "nan"))
        return 0;
    if (**text == '(') {
        const char *p = *text + 1;
        while (isalnum((unsigned char)*p) || *p == '_')
            p++;
        if (*p == ')')
            *text = p + 1;
    }
    return NAN;
}

/* errno is ERANGE for results too large, and for those below the normal ones that are rounded. */
static double parse_number(const char *text, char **end, const struct decimal_format *format)
{
    struct decimal d;
    const char *p = text;
    uint64_t mantissa;
    int exponent;
    double value;

    while (isspace((unsigned char)*p))
        p++;
    bool negative = *p == '-';
    p += *p == '-' || *p == '+';
    const char *start = p;
    if (parse_hexadecimal(&d, &p) || parse_decimal(&d, &p)) {
        bool fits = decimal_to_binary(&d, format, &mantissa, &exponent);
        bool exact = d.count == 0 || d.count <= d.point; /* d was shifted to an integer */
        value = fits ? ldexp((double)mantissa, exponent) : HUGE_VAL;
        if (!fits || (!exact && value < ldexp(1, format->least + format->bits - 1)))
            errno = ERANGE;
    } else {
        value = parse_special(&p);
    }
    if (end)
        *end = (char *)(uintptr_t)(p == start ? text : p);
    return negative && p != start ? -value : value;
}

double strtod(const char *restrict text, char **restrict end)
{
    return parse_number(text, end, &format_double);
}

float strtof(const char *restrict text, char **restrict end)
{
    return (float)parse_number(text, end, &format_float);
}

double atof(const char *text)
{
    return strtod(text, NULL);
}
