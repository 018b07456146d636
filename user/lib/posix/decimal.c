/* SPDX-License-Identifier: MIT
 *
 * Exact conversion by the simplest way there is: a decimal number is a row of digits, and is doubled
 * and halved as on paper, several times at once ("simple decimal conversion", as in Go's strconv).
 * Slow beside Ryu, but right for every number of digits; a double needs at most 20 such steps. */
#include "user/lib/posix/decimal.h"
#include <string.h>

#define SHIFT_MAX 56 /* 10 * 2^56 fits into 64 bits with the carry */

static void decimal_trim(struct decimal *d)
{
    while (d->count > 0 && d->digit[d->count - 1] == 0)
        d->count--;
    if (d->count == 0)
        d->point = 0;
}

/* d *= 2^by, by <= SHIFT_MAX: from the last digit to the first, then the carry in front. */
static void decimal_shift_left(struct decimal *d, int by)
{
    uint8_t front[24];
    int extra = 0;
    uint64_t carry = 0;

    for (int i = d->count - 1; i >= 0; i--) {
        carry += (uint64_t)d->digit[i] << by;
        d->digit[i] = (uint8_t)(carry % 10);
        carry /= 10;
    }
    for (; carry; carry /= 10)
        front[extra++] = (uint8_t)(carry % 10);
    int keep = d->count + extra > DECIMAL_DIGITS ? DECIMAL_DIGITS - extra : d->count;
    for (int i = keep; i < d->count; i++)
        d->cut |= d->digit[i] != 0;
    memmove(d->digit + extra, d->digit, (size_t)keep);
    for (int i = 0; i < extra; i++)
        d->digit[i] = front[extra - 1 - i];
    d->count = keep + extra;
    d->point += extra;
    decimal_trim(d);
}

/* d /= 2^by, by <= SHIFT_MAX: long division, from the first digit on. */
static void decimal_shift_right(struct decimal *d, int by)
{
    uint64_t rest = 0, mask = ((uint64_t)1 << by) - 1;
    int from = 0, to = 0;

    if (d->count == 0)
        return;
    for (; rest >> by == 0; from++)
        rest = rest * 10 + (from < d->count ? d->digit[from] : 0);
    d->point -= from - 1;
    while (from < d->count || rest) {
        uint8_t digit = (uint8_t)(rest >> by);
        if (to < DECIMAL_DIGITS)
            d->digit[to++] = digit;
        else
            d->cut |= digit != 0;
        rest = (rest & mask) * 10;
        if (from < d->count)
            rest += d->digit[from++];
    }
    d->count = to;
    decimal_trim(d);
}

static void decimal_shift(struct decimal *d, int by)
{
    for (; by > SHIFT_MAX; by -= SHIFT_MAX)
        decimal_shift_left(d, SHIFT_MAX);
    for (; by < -SHIFT_MAX; by += SHIFT_MAX)
        decimal_shift_right(d, SHIFT_MAX);
    if (by > 0)
        decimal_shift_left(d, by);
    else if (by < 0)
        decimal_shift_right(d, -by);
}

void decimal_from_binary(struct decimal *d, uint64_t mantissa, int exponent)
{
    uint8_t text[24];
    int count = 0;

    for (; mantissa; mantissa /= 10)
        text[count++] = (uint8_t)(mantissa % 10);
    d->count = d->point = count;
    d->cut = false;
    for (int i = 0; i < count; i++)
        d->digit[i] = text[count - 1 - i];
    decimal_trim(d);
    if (count)
        decimal_shift(d, exponent);
}

/* Would the digits from `digits` on round up? */
static bool decimal_rounds_up(const struct decimal *d, int digits)
{
    if (digits < 0 || digits >= d->count)
        return false;
    if (d->digit[digits] == 5 && digits + 1 == d->count && !d->cut)
        return digits > 0 && d->digit[digits - 1] % 2 != 0;
    return d->digit[digits] >= 5;
}

void decimal_round(struct decimal *d, int digits)
{
    bool up = decimal_rounds_up(d, digits);

    if (digits >= d->count)
        return;
    d->count = digits > 0 ? digits : 0;
    d->cut = false;
    if (up) {
        while (d->count > 0 && d->digit[d->count - 1] == 9)
            d->count--;
        if (d->count > 0) {
            d->digit[d->count - 1]++;
        } else {
            d->digit[0] = 1;
            d->count = 1;
            d->point++;
        }
    }
    decimal_trim(d);
}

/* The integer that d is nearest to, ties to even; d < 2^64. */
static uint64_t decimal_integer(const struct decimal *d)
{
    uint64_t result = 0;

    for (int i = 0; i < d->point; i++)
        result = result * 10 + (i < d->count ? d->digit[i] : 0);
    if (d->point < 0)
        return 0;
    if (d->point == 0 && d->count > 0) /* decimal_rounds_up sees no digit before: 0 is even */
        return d->digit[0] > 5 || (d->digit[0] == 5 && (d->count > 1 || d->cut));
    return result + decimal_rounds_up(d, d->point);
}

bool decimal_to_binary(struct decimal *d, const struct decimal_format *format, uint64_t *mantissa,
                       int *exponent)
{
    int shifted = 0; /* the value is d * 2^shifted */

    *mantissa = 0;
    *exponent = format->least;
    if (d->count == 0 || d->point < -400)
        return true;
    if (d->point > 400)
        return false;
    while (d->point > 0) { /* to below 1; a digit is more than 3 bits */
        int by = d->point > SHIFT_MAX / 4 ? SHIFT_MAX : d->point * 3 + 1;
        decimal_shift_right(d, by);
        shifted += by;
    }
    while (d->point < 0 || d->digit[0] < 5) { /* to at least 1/2 */
        int by = d->point < -SHIFT_MAX / 4 ? SHIFT_MAX / 4 : d->point < 0 ? -d->point * 3 : 1;
        decimal_shift_left(d, by);
        shifted -= by;
    }
    /* 1/2 <= d < 1: with `bits` of it the last has the value 2^(shifted - bits). */
    int last = shifted - format->bits < format->least ? format->least : shifted - format->bits;
    decimal_shift(d, shifted - last);
    *mantissa = decimal_integer(d);
    *exponent = last;
    if (*mantissa >> format->bits) { /* rounded up to a power of two */
        *mantissa >>= 1;
        ++*exponent;
    }
    return *exponent + format->bits <= format->greatest || !(*mantissa >> (format->bits - 1));
}
