/* SPDX-License-Identifier: MIT
 *
 * Decimal numbers of many digits, for exact conversion between text and binary floating point.
 * picolibc's own conversion (Ryu) knows 17 digits: it prints 0.1 with %.20f as 0.1 and zeros, and
 * reads only that many. Not for programs. */
#ifndef OCTAVO_LIB_DECIMAL_H
#define OCTAVO_LIB_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* No double has more significant digits than 767; a text with more is decided by those and by
 * whether anything other than zeros was cut off. */
#define DECIMAL_DIGITS 800

/* 0.d0 d1 d2 ... * 10^point; digits are values, not characters. No digits: zero. */
struct decimal {
    int count;
    int point;
    bool cut; /* nonzero digits beyond the last one were dropped */
    uint8_t digit[DECIMAL_DIGITS];
};

/* The binary formats: bits of the significand with the leading one, exponent of the least subnormal. */
struct decimal_format {
    int bits;
    int least;    /* its bit has the value 2^least */
    int greatest; /* the largest number is below 2^greatest */
};

/* d = mantissa * 2^exponent, exactly. */
void decimal_from_binary(struct decimal *d, uint64_t mantissa, int exponent);

/* Keeps `digits` digits (<= 0: none), the last one to the nearest, ties to even. */
void decimal_round(struct decimal *d, int digits);

/* The nearest number of that format, ties to even, as *mantissa * 2^*exponent; mantissa 0: underflow
 * to zero. False: too large. Changes d. */
bool decimal_to_binary(struct decimal *d, const struct decimal_format *format, uint64_t *mantissa,
                       int *exponent);

#endif
