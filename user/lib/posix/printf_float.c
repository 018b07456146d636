/* SPDX-License-Identifier: MIT
 *
 * Floating point for vfprintf: every digit that is asked for is the exact value's, rounded to nearest,
 * ties to even, as in glibc (C17 7.21.6.1). picolibc's has 17 digits and then zeros, and of those 17
 * the shortest that read back. */
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
static void put_digits(struct printf_out *out, const struct decimal *d, int from, int to)
{
    char text[64];

    while (from < to) {
        int count = 0;
        for (; from < to && count < (int)sizeof(text); from++)
            text[count++] = (char)('0' + (from >= 0 && from < d->count ? d->digit[from] : 0));
        printf_put(out, text, count);
    }
}

/* "e+05"; letter, sign, at least `least` digits. */
static int exponent_text(char *text, char letter, int exponent, int least)
{
    int count = 0, value = exponent < 0 ? -exponent : exponent;
    char digits[8];

    while (value || count < least) {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    }
    text[0] = letter;
    text[1] = exponent < 0 ? '-' : '+';
    for (int i = 0; i < count; i++)
        text[2 + i] = digits[count - 1 - i];
    return count + 2;
}

/* [-]ddd.ddd with `precision` digits after the point; d is rounded already. */
static void put_fixed(struct printf_out *out, const struct printf_spec *spec, const char *prefix,
                      const struct decimal *d, int precision)
{
    int whole = d->count && d->point > 0 ? d->point : 1;
    bool point = precision > 0 || spec->alternate;
    int first = d->count && d->point > 0 ? 0 : d->count ? d->point - 1 : 0;

    printf_before(out, spec, prefix, whole + point + precision, spec->zero);
    put_digits(out, d, first, first + whole);
    if (point)
        printf_put(out, ".", 1);
    put_digits(out, d, first + whole, first + whole + precision);
    printf_after(out, spec, prefix, whole + point + precision);
}

/* d.ddde+dd with `precision` digits after the point; d is rounded already. */
static void put_scientific(struct printf_out *out, const struct printf_spec *spec,
                           const char *prefix, const struct decimal *d, int precision)
{
    char exponent[16];
    int size = exponent_text(exponent, isupper((unsigned char)spec->conversion) ? 'E' : 'e',
                             d->count ? d->point - 1 : 0, 2);
    bool point = precision > 0 || spec->alternate;

    printf_before(out, spec, prefix, 1 + point + precision + size, spec->zero);
    put_digits(out, d, 0, 1);
    if (point)
        printf_put(out, ".", 1);
    put_digits(out, d, 1, 1 + precision);
    printf_put(out, exponent, size);
    printf_after(out, spec, prefix, 1 + point + precision + size);
}

static void put_decimal(struct printf_out *out, const struct printf_spec *spec, const char *prefix,
                        double value)
{
    struct decimal d;
    int exponent, precision = spec->precision < 0 ? 6 : spec->precision;
    uint64_t mantissa = double_parts(value, &exponent);

    decimal_from_binary(&d, mantissa, exponent);
    switch (tolower((unsigned char)spec->conversion)) {
    case 'f':
        decimal_round(&d, d.point + precision);
        put_fixed(out, spec, prefix, &d, precision);
        return;
    case 'e':
        decimal_round(&d, precision + 1);
        put_scientific(out, spec, prefix, &d, precision);
        return;
    }
    int significant = precision ? precision : 1; /* g */
    decimal_round(&d, significant);
    int scale = d.count ? d.point - 1 : 0;
    int digits = spec->alternate ? significant : d.count ? d.count : 1;
    if (scale < -4 || scale >= significant)
        put_scientific(out, spec, prefix, &d, digits - 1);
    else
        put_fixed(out, spec, prefix, &d, digits - 1 - scale > 0 ? digits - 1 - scale : 0);
}

/* 0x1.8p+3: normal numbers with 1 before the point, subnormal ones with 0. */
static void put_hexadecimal(struct printf_out *out, const struct printf_spec *spec,
                            const char *prefix, double value)
{
    bool upper = spec->conversion == 'A';
    char body[FRACTION_BITS / 4 + 1], tail[16], whole[4];
    int exponent, digits = FRACTION_BITS / 4;
    uint64_t mantissa = double_parts(value, &exponent);

    if (spec->precision >= 0 && spec->precision < digits) {
        int drop = (digits - spec->precision) * 4;
        uint64_t half = 1ul << (drop - 1), rest = mantissa & ((half << 1) - 1);
        mantissa = (mantissa >> drop) + (rest > half || (rest == half && (mantissa >> drop & 1)));
        mantissa <<= drop;
    }
    int shown = digits;
    for (int i = 0; i < digits; i++)
        body[i] = (upper ? "0123456789ABCDEF"
                         : "0123456789abcdef")[mantissa >> (FRACTION_BITS - 4 * (i + 1)) & 15];
    if (spec->precision >= 0)
        shown = spec->precision < digits ? spec->precision : digits;
    else
        while (shown > 0 && body[shown - 1] == '0')
            shown--;
    int zeros = spec->precision > shown ? spec->precision - shown : 0;
    whole[0] = (char)('0' + (mantissa >> FRACTION_BITS));
    whole[1] = '.';
    int head = 1 + (shown + zeros > 0 || spec->alternate);
    int size = exponent_text(tail, upper ? 'P' : 'p', value == 0 ? 0 : exponent + FRACTION_BITS, 1);
    printf_before(out, spec, prefix, head + shown + zeros + size, spec->zero);
    printf_put(out, whole, head);
    printf_put(out, body, shown);
    printf_pad(out, '0', zeros);
    printf_put(out, tail, size);
    printf_after(out, spec, prefix, head + shown + zeros + size);
}

void printf_real(struct printf_out *out, const struct printf_spec *spec, double value)
{
    bool upper = isupper((unsigned char)spec->conversion) != 0;
    bool hexadecimal = (spec->conversion | 32) == 'a';
    char prefix[4];
    int length = 0;

    if (signbit(value))
        prefix[length++] = '-';
    else if (spec->plus || spec->space)
        prefix[length++] = spec->plus ? '+' : ' ';
    if (!isfinite(value)) {
        prefix[length] = 0;
        printf_before(out, spec, prefix, 3, false);
        printf_put(out, isnan(value) ? (upper ? "NAN" : "nan") : upper ? "INF" : "inf", 3);
        printf_after(out, spec, prefix, 3);
        return;
    }
    if (hexadecimal) {
        prefix[length++] = '0';
        prefix[length++] = upper ? 'X' : 'x';
    }
    prefix[length] = 0;
    if (hexadecimal)
        put_hexadecimal(out, spec, prefix, value);
    else
        put_decimal(out, spec, prefix, value);
}
