/* SPDX-License-Identifier: MIT
 *
 * strtod and strtof (C17 7.22.1.3): decimal and hexadecimal numbers, inf, nan; rounded to nearest,
 * ties to even, whatever the number of digits. picolibc's cut off after 17 digits and may be one
 * unit wrong. errno is ERANGE for results too large, and for those too small to be normal. */
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
    int value = 0, negative = 0;

    if (tolower((unsigned char)*p) != letter)
        return 0;
    p++;
    if (*p == '+' || *p == '-')
        negative = *p++ == '-';
    if (!isdigit((unsigned char)*p))
        return 0;
    for (; isdigit((unsigned char)*p); p++)
        if (value < EXPONENT_LIMIT)
            value = value * 10 + (*p - '0');
    *text = p;
    return negative ? -value : value;
}

/* Digits with at most one point into d. False: there was no digit. */
static bool parse_decimal(struct decimal *d, const char **text)
{
    const char *p = *text;
    bool any = false, after_point = false;

    d->count = d->point = 0;
    d->cut = false;
    for (; isdigit((unsigned char)*p) || (*p == '.' && !after_point); p++) {
        if (*p == '.') {
            after_point = true;
            continue;
        }
        any = true;
        if (d->count == 0 && *p == '0') { /* leading zeros only move the point */
            d->point -= after_point && d->point > -EXPONENT_LIMIT;
            continue;
        }
        if (d->count < DECIMAL_DIGITS)
            d->digit[d->count++] = (uint8_t)(*p - '0');
        else
            d->cut |= *p != '0';
        d->point += !after_point && d->point < EXPONENT_LIMIT;
    }
    if (!any)
        return false;
    *text = p;
    d->point += parse_exponent(text, 'e');
    while (d->count > 0 && d->digit[d->count - 1] == 0)
        d->count--;
    return true;
}

static int hex_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Hexadecimal digits after 0x: *mantissa * 2^*exponent; what does not fit makes the last bit 1. */
static bool parse_hexadecimal(uint64_t *mantissa, int *exponent, const char **text)
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
        any = true;
        if (*mantissa >> 59) {
            *mantissa |= hex_value(*p) != 0;
            *exponent += after_point || *exponent > EXPONENT_LIMIT ? 0 : 4;
        } else {
            *mantissa = *mantissa << 4 | (uint64_t)hex_value(*p);
            *exponent -= after_point && *exponent > -EXPONENT_LIMIT ? 4 : 0;
        }
    }
    if (!any)
        return false;
    *text = p;
    *exponent += parse_exponent(text, 'p');
    return true;
}

/* Rounds to the format; false: too large. */
static bool round_binary(const struct decimal_format *format, uint64_t *mantissa, int *exponent)
{
    int drop = 0;

    while (drop < 64 && *mantissa >> drop >> format->bits)
        drop++;
    if (*exponent + drop < format->least)
        drop = format->least - *exponent;
    if (drop >= 64) {
        *mantissa = 0;
    } else if (drop > 0) {
        uint64_t half = (uint64_t)1 << (drop - 1), rest = *mantissa & ((half << 1) - 1);
        *mantissa >>= drop;
        *mantissa += rest > half || (rest == half && (*mantissa & 1));
    }
    *exponent += drop;
    int size = *mantissa ? 64 - __builtin_clzl(*mantissa) : 0;
    return size == 0 || *exponent + size <= format->greatest;
}

static bool parse_word(const char **text, const char *word)
{
    size_t length = strlen(word);

    if (strncasecmp(*text, word, length) != 0)
        return false;
    *text += length;
    return true;
}

/* inf, infinity, nan, nan(...) */
static bool parse_special(double *value, const char **text)
{
    if (parse_word(text, "infinity") || parse_word(text, "inf")) {
        *value = INFINITY;
        return true;
    }
    if (!parse_word(text, "nan"))
        return false;
    *value = NAN;
    if (**text == '(') {
        const char *p = *text + 1;
        while (isalnum((unsigned char)*p) || *p == '_')
            p++;
        if (*p == ')')
            *text = p + 1;
    }
    return true;
}

static double parse_number(const char *text, char **end, const struct decimal_format *format)
{
    struct decimal d;
    const char *p = text;
    double value;
    uint64_t mantissa;
    int exponent;
    bool fits, negative = false, hexadecimal = false;

    while (isspace((unsigned char)*p))
        p++;
    if (*p == '+' || *p == '-')
        negative = *p++ == '-';
    if (p[0] == '0' && (p[1] | 32) == 'x')
        hexadecimal = parse_hexadecimal(&mantissa, &exponent, &p);
    if (hexadecimal) {
        bool zero = mantissa == 0;
        fits = round_binary(format, &mantissa, &exponent);
        d.count = !zero;
    } else if (parse_decimal(&d, &p)) {
        bool zero = d.count == 0;
        fits = decimal_to_binary(&d, format, &mantissa, &exponent);
        d.count = !zero;
    } else if (parse_special(&value, &p)) {
        if (end)
            *end = (char *)p;
        return negative ? -value : value;
    } else {
        if (end)
            *end = (char *)text;
        return 0;
    }
    if (end)
        *end = (char *)p;
    value = fits ? ldexp((double)mantissa, exponent) : HUGE_VAL;
    if (!fits || (d.count && (mantissa == 0 || value < ldexp(1, format->least + format->bits - 1))))
        errno = ERANGE;
    return negative ? -value : value;
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
