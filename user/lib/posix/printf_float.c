/* SPDX-License-Identifier: MIT
 *
 * Floating point for the formatter: every digit that is asked for is the exact value's, rounded to
 * nearest, ties to even, as in glibc (C17 7.21.6.1). picolibc's has 17 digits and then zeros, and of
 * those 17 the shortest that read back. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include "user/lib/posix/decimal.h"
#include "user/lib/posix/printf.h"

#define FRACTION_BITS 52
#define FRACTION_MASK ((1ul << FRACTION_BITS) - 1)
#define EXPONENT_MASK 0x7ff
#define EXPONENT_LEAST (-1022) /* of a normal double */

/* The value as mantissa * 2^exponent, both of the IEEE 754 fields. */
static uint64_t double_parts(double value, int *exponent)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    int field = (int)(bits >> FRACTION_BITS) & EXPONENT_MASK;
    *exponent = (field ? field : 1) + EXPONENT_LEAST - 1 - FRACTION_BITS;
    return (bits & FRACTION_MASK) | (field ? 1ul << FRACTION_BITS : 0);
}

/* Digits [from, to) of d, zeros where it has none. */
static void put_digits(struct printf_out *out, const struct conversion *c, const struct decimal *d,
                       int from, int to)
{
    const char *digits =
        isupper((unsigned char)c->letter) ? "0123456789ABCDEF" : "0123456789abcdef";

    for (; from < to; from++)
        printf_put(out, &digits[from >= 0 && from < d->count ? d->digit[from] : 0], 1);
}

/* "e+05" with at least `least` digits; 0 ends it. */
static void exponent_text(char *text, char letter, int exponent, int least)
{
    unsigned value = (unsigned)(exponent < 0 ? -exponent : exponent), scale = 1;

    *text++ = letter;
    *text++ = exponent < 0 ? '-' : '+';
    for (; least > 1 || scale * 10 <= value; least--)
        scale *= 10;
    for (; scale; scale /= 10)
        *text++ = (char)('0' + value / scale % 10);
    *text = 0;
}

/* `whole` digits of d from `first` on, then `precision` more behind a point, then the exponent. */
static void put_number(struct printf_out *out, const struct conversion *c, const char *prefix,
                       const struct decimal *d, int first, int whole, int precision,
                       const char *exponent)
{
    bool point = precision > 0 || (c->flags & FLAG_ALTERNATE);
    int length = whole + point + precision + (int)strlen(exponent);

    printf_before(out, c, prefix, length, c->flags & FLAG_ZERO);
    put_digits(out, c, d, first, first + whole);
    printf_put(out, ".", point);
    put_digits(out, c, d, first + whole, first + whole + precision);
    printf_put(out, exponent, strlen(exponent));
    printf_after(out, c, prefix, length);
}

/* d is rounded already, here and below. */
static void put_fixed(struct printf_out *out, const struct conversion *c, const char *prefix,
                      const struct decimal *d, int precision)
{
    if (d->count && d->point > 0)
        put_number(out, c, prefix, d, 0, d->point, precision, "");
    else
        put_number(out, c, prefix, d, d->count ? d->point - 1 : 0, 1, precision, "");
}

static void put_scientific(struct printf_out *out, const struct conversion *c, const char *prefix,
                           const struct decimal *d, int precision)
{
    char exponent[16];

    exponent_text(exponent, isupper((unsigned char)c->letter) ? 'E' : 'e',
                  d->count ? d->point - 1 : 0, 2);
    put_number(out, c, prefix, d, 0, 1, precision, exponent);
}

static void put_decimal(struct printf_out *out, const struct conversion *c, const char *prefix,
                        double value)
{
    struct decimal d;
    int exponent, precision = c->precision < 0 ? 6 : c->precision;
    uint64_t mantissa = double_parts(value, &exponent);

    decimal_from_binary(&d, mantissa, exponent);
    switch (tolower((unsigned char)c->letter)) {
    case 'f':
        decimal_round(&d, d.point + precision);
        put_fixed(out, c, prefix, &d, precision);
        return;
    case 'e':
        decimal_round(&d, precision + 1);
        put_scientific(out, c, prefix, &d, precision);
        return;
    }
    int significant = precision ? precision : 1; /* g */
    decimal_round(&d, significant);
    int scale = d.count ? d.point - 1 : 0;
    int digits = c->flags & FLAG_ALTERNATE ? significant : d.count ? d.count : 1;
    if (scale < -4 || scale >= significant)
        put_scientific(out, c, prefix, &d, digits - 1);
    else
        put_fixed(out, c, prefix, &d, digits - 1 - scale > 0 ? digits - 1 - scale : 0);
}

/* 0x1.8p+3: normal numbers have a 1 before the point, subnormal ones a 0. */
static void put_hexadecimal(struct printf_out *out, const struct conversion *c, const char *prefix,
                            double value)
{
    struct decimal d = {.count = FRACTION_BITS / 4 + 1}; /* its digits go up to 15 here */
    int exponent, drop = (FRACTION_BITS / 4 - c->precision) * 4;
    uint64_t mantissa = double_parts(value, &exponent);
    char text[16];

    if (c->precision >= 0 && drop > 0) {
        uint64_t half = 1ul << (drop - 1), rest = mantissa & ((half << 1) - 1);
        mantissa = (mantissa >> drop) + (rest > half || (rest == half && (mantissa >> drop & 1)));
        mantissa <<= drop;
    }
    for (int i = 0; i < d.count; i++)
        d.digit[i] = (uint8_t)(mantissa >> (FRACTION_BITS - 4 * i) & 15);
    while (d.count > 1 && d.digit[d.count - 1] == 0)
        d.count--;
    exponent_text(text, c->letter == 'A' ? 'P' : 'p', value == 0 ? 0 : exponent + FRACTION_BITS, 1);
    put_number(out, c, prefix, &d, 0, 1, c->precision < 0 ? d.count - 1 : c->precision, text);
}

void printf_real(struct printf_out *out, const struct conversion *c, double value)
{
    bool upper = isupper((unsigned char)c->letter) != 0;
    char prefix[4] = {0};
    int length = 0;

    if (signbit(value))
        prefix[length++] = '-';
    else if (c->flags & (FLAG_PLUS | FLAG_SPACE))
        prefix[length++] = c->flags & FLAG_PLUS ? '+' : ' ';
    if (!isfinite(value)) {
        printf_before(out, c, prefix, 3, false);
        printf_put(out, isnan(value) ? (upper ? "NAN" : "nan") : upper ? "INF" : "inf", 3);
        printf_after(out, c, prefix, 3);
    } else if ((c->letter | 32) == 'a') {
        prefix[length++] = '0';
        prefix[length++] = upper ? 'X' : 'x';
        put_hexadecimal(out, c, prefix, value);
    } else {
        put_decimal(out, c, prefix, value);
    }
}
