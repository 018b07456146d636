/* SPDX-License-Identifier: MIT
 *
 * strtod, strtof, wcstod, wcstof and atof (C17 7.22.1.3, 7.29.4.1.1). Those of all picolibc up to 1.8.12
 * cut off after 17 digits (strtof: 9) and so may be one unit wrong; 1.8 and 1.8.6 do not take nan(...), and
 * 1.8 has no ERANGE for subnormal numbers. Here every digit counts: rounded to nearest, ties to even. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>
#include "user/lib/posix/decimal.h"

#define EXPONENT_LIMIT 100000 /* beyond it only the sign of an exponent matters */

static const struct decimal_format format_double = {53, -1074, 1024};
static const struct decimal_format format_float = {24, -149, 128};

/* The text, of either kind, and how much of it was taken. */
struct number_text {
    const char *bytes;
    const wchar_t *wide; /* instead */
    size_t at;
};

/* The next character in lower case; what is not ASCII is nothing that a number has. */
static int peek(const struct number_text *t)
{
    wint_t c = t->wide ? (wint_t)t->wide[t->at] : (unsigned char)t->bytes[t->at];

    return c < 128 ? tolower((int)c) : -1;
}

static bool take(struct number_text *t, const char *these)
{
    int c = peek(t);

    if (c <= 0 || !strchr(these, c))
        return false;
    t->at++;
    return true;
}

static bool take_word(struct number_text *t, const char *word)
{
    size_t start = t->at;

    while (*word && take(t, (char[]){*word, 0}))
        word++;
    if (*word)
        t->at = start;
    return *word == 0;
}

/* An exponent after its letter: e5, p-3. Without digits it is no exponent and nothing is taken. */
static int parse_exponent(struct number_text *t, const char *letter)
{
    size_t start = t->at;
    int value = 0;

    if (!take(t, letter))
        return 0;
    bool negative = peek(t) == '-';
    take(t, "+-");
    if (!isdigit(peek(t)))
        t->at = start;
    for (; isdigit(peek(t)); t->at++)
        if (value < EXPONENT_LIMIT)
            value = value * 10 + (peek(t) - '0');
    return negative ? -value : value;
}

/* Digits with at most one point, and an exponent. False: there was no digit. */
static bool parse_decimal(struct decimal *d, struct number_text *t)
{
    size_t start = t->at;
    bool any = false, after_point = false;

    *d = (struct decimal){0};
    for (;; t->at++) {
        int c = peek(t);
        if (c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (!isdigit(c))
            break;
        any = true;
        if (d->count == 0 && c == '0') { /* leading zeros only move the point */
            d->point -= after_point && d->point > -EXPONENT_LIMIT;
            continue;
        }
        if (d->count < DECIMAL_DIGITS)
            d->digit[d->count++] = (uint8_t)(c - '0');
        else
            d->cut |= c != '0';
        d->point += !after_point && d->point < EXPONENT_LIMIT;
    }
    if (any)
        d->point += parse_exponent(t, "e");
    else
        t->at = start;
    while (d->count > 0 && d->digit[d->count - 1] == 0)
        d->count--;
    return any;
}

/* Hexadecimal digits behind 0x: *mantissa * 2^*exponent; what does not fit makes the last bit 1. */
static bool parse_hexadecimal(uint64_t *mantissa, int *exponent, struct number_text *t)
{
    size_t start = t->at;
    bool any = false, after_point = false;

    *mantissa = 0;
    *exponent = 0;
    for (t->at += 2;; t->at++) {
        int c = peek(t);
        if (c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (!isxdigit(c))
            break;
        any = true;
        unsigned value = (unsigned)(isdigit(c) ? c - '0' : c - 'a' + 10);
        bool fits = !(*mantissa >> 59);
        *mantissa = fits ? *mantissa << 4 | value : *mantissa | (value != 0);
        if (fits == after_point && abs(*exponent) < EXPONENT_LIMIT)
            *exponent += fits ? -4 : 4;
    }
    if (any)
        *exponent += parse_exponent(t, "p");
    else
        t->at = start;
    return any;
}

/* Rounds to the format; false: too large. *exact: nothing was rounded away. */
static bool round_binary(const struct decimal_format *format, uint64_t *mantissa, int *exponent,
                         bool *exact)
{
    int size = *mantissa ? 64 - __builtin_clzl(*mantissa) : 0;
    int drop = size > format->bits ? size - format->bits : 0;

    if (*exponent + drop < format->least)
        drop = format->least - *exponent;
    if (drop > 64) {
        *exact = *mantissa == 0;
        *mantissa = 0;
    } else if (drop > 0) {
        uint64_t half = (uint64_t)1 << (drop - 1), rest = *mantissa & (half - 1);
        bool up = (*mantissa & half) && (rest || (drop < 64 && *mantissa >> drop & 1));
        *exact = !rest && !(*mantissa & half);
        *mantissa = (drop < 64 ? *mantissa >> drop : 0) + up;
    }
    *exponent += drop;
    size = *mantissa ? 64 - __builtin_clzl(*mantissa) : 0;
    return size == 0 || *exponent + size <= format->greatest;
}

/* inf, infinity, nan, nan(...) */
static bool parse_special(double *value, struct number_text *t)
{
    bool infinite = take_word(t, "infinity") || take_word(t, "inf");

    *value = infinite ? INFINITY : NAN;
    if (infinite || !take_word(t, "nan"))
        return infinite;
    size_t end = t->at;
    if (take(t, "(")) {
        while (isalnum(peek(t)) || peek(t) == '_')
            t->at++;
        if (!take(t, ")"))
            t->at = end;
    }
    return true;
}

static double parse_magnitude(struct number_text *t, const struct decimal_format *format)
{
    struct decimal d;
    uint64_t mantissa = 0;
    int exponent = 0;
    bool fits, exact = true;
    double value;

    if (peek(t) == '0' && (t->wide ? t->wide[t->at + 1] | 32 : t->bytes[t->at + 1] | 32) == 'x' &&
        parse_hexadecimal(&mantissa, &exponent, t)) {
        fits = round_binary(format, &mantissa, &exponent, &exact);
    } else if (parse_decimal(&d, t)) {
        fits = decimal_to_binary(&d, format, &mantissa, &exponent);
        exact =
            d.count == 0 || d.count <= d.point; /* all of what was rounded lies before the point */
    } else {
        return parse_special(&value, t) ? value : 0;
    }
    value = fits ? ldexp((double)mantissa, exponent) : HUGE_VAL;
    if (!fits || (!exact && value < ldexp(1, format->least + format->bits - 1)))
        errno = ERANGE;
    return value;
}

/* The text's number; its at is 0 when there is none. */
static double parse_number(struct number_text *t, const struct decimal_format *format)
{
    while (t->wide ? iswspace((wint_t)t->wide[t->at]) : isspace((unsigned char)t->bytes[t->at]))
        t->at++;
    bool negative = peek(t) == '-';
    take(t, "+-");
    size_t start = t->at;
    double value = parse_magnitude(t, format);
    if (t->at == start)
        t->at = 0;
    return negative && t->at ? -value : value;
}

static double from_bytes(const char *text, char **end, const struct decimal_format *format)
{
    struct number_text t = {.bytes = text};
    double value = parse_number(&t, format);

    if (end)
        *end = (char *)(uintptr_t)(text + t.at);
    return value;
}

static double from_wide(const wchar_t *text, wchar_t **end, const struct decimal_format *format)
{
    struct number_text t = {.wide = text};
    double value = parse_number(&t, format);

    if (end)
        *end = (wchar_t *)(uintptr_t)(text + t.at);
    return value;
}

double strtod(const char *restrict text, char **restrict end)
{
    return from_bytes(text, end, &format_double);
}

float strtof(const char *restrict text, char **restrict end)
{
    return (float)from_bytes(text, end, &format_float);
}

double wcstod(const wchar_t *restrict text, wchar_t **restrict end)
{
    return from_wide(text, end, &format_double);
}

float wcstof(const wchar_t *restrict text, wchar_t **restrict end)
{
    return (float)from_wide(text, end, &format_float);
}

double atof(const char *text)
{
    return strtod(text, NULL);
}
