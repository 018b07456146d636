/* SPDX-License-Identifier: MIT
 *
 * strtol and its family, atol and a64l: value, how much was taken, and errno. The prefix 0b, which newer
 * libraries take, is left out. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "values.h"

static const char *const texts[] = {
    "",
    "0",
    "-0",
    "1",
    "  42",
    "\t\n\v\f\r +7",
    "-7",
    "+-7",
    "- 7",
    "+",
    "-",
    "0x",
    "0xg",
    "0x10",
    "0X1f",
    "-0x10",
    "x10",
    "010",
    "08",
    "0777",
    "zz",
    "Zz",
    "12abc",
    "12.5",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "-18446744073709551615",
    "-18446744073709551616",
    "0x7fffffffffffffff",
    "0x8000000000000000",
    "0xffffffffffffffff",
    "-0xffffffffffffffff",
    "99999999999999999999999999999999",
    "99999999999999999999999999999999x",
    "-99999999999999999999999999999999",
    "2147483647",
    "2147483648",
    "4294967296",
    "1y2p0ij32e8e7",
    "1y2p0ij32e8e8",
};
static const int bases[] = {0, 10, 16, 8, 36, 2, 1, 37, -1};

static void show(const char *text, int base)
{
    wchar_t wide[80], *wide_end = wide;
    char *end = (char *)text;
    long n;
    unsigned long u;
    int error;

    errno = 0;
    n = strtol(text, &end, base);
    error = errno;
    put("strtol %q %i: %l %l %s\n", text, base, n, (long)(end - text), errno_word(error));
    errno = 0;
    u = strtoul(text, &end, base);
    error = errno;
    put("strtoul %q %i: %u %l %s\n", text, base, u, (long)(end - text), errno_word(error));
    for (size_t i = 0; i <= strlen(text); i++)
        wide[i] = (unsigned char)text[i];
    errno = 0;
    n = wcstol(wide, &wide_end, base);
    error = errno;
    put("wcstol %q %i: %l %l %s\n", text, base, n, (long)(wide_end - wide), errno_word(error));
}

static void show_others(const char *text)
{
    wchar_t wide[80];

    for (size_t i = 0; i <= strlen(text); i++)
        wide[i] = (unsigned char)text[i];
    put("strtoll %q: %l\n", text, (long)strtoll(text, NULL, 0));
    put("strtoull %q: %u\n", text, (unsigned long)strtoull(text, NULL, 0));
    put("strtoimax %q: %l\n", text, (long)strtoimax(text, NULL, 0));
    put("strtoumax %q: %u\n", text, (unsigned long)strtoumax(text, NULL, 0));
    put("wcstoul %q: %u\n", text, wcstoul(wide, NULL, 0));
    put("wcstoll %q: %l\n", text, (long)wcstoll(wide, NULL, 0));
    put("wcstoull %q: %u\n", text, (unsigned long)wcstoull(wide, NULL, 0));
    put("atol %q: %l %l\n", text, atol(text), (long)atoll(text));
    if (strlen(text) < 10) /* beyond int it is not defined */
        put("atoi %q: %i\n", text, atoi(text));
}

static void draw_text(char *text)
{
    char *at = text;

    while (draw_chance(4))
        *at++ = draw_of(" \t\n");
    if (draw_chance(3))
        *at++ = draw_of("+-");
    if (draw_chance(3)) {
        *at++ = '0';
        *at++ = draw_of("xX07");
    }
    for (long i = draw_between(0, 22); i > 0; i--)
        *at++ = draw_of(draw_chance(2) ? "01234567" : "0123456789acdefzAF.");
    *at = 0;
}

void run_strtol(void)
{
    char text[40];

    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t j = 0; j < COUNT(bases); j++)
            show(texts[i], bases[j]);
        show_others(texts[i]);
    }
    draw_begin("strtol");
    for (long i = draw_cases(300); i > 0; i--) {
        draw_text(text);
        show(text, draw_chance(3) ? (int)draw_between(2, 36) : bases[draw_below(4)]);
    }
    for (long i = draw_cases(50); i > 0; i--) {
        long value = (long)draw_bits(1, 32);
        strcpy(text, l64a(value));
        put("l64a %l: %q %l\n", value, text, a64l(text));
    }
    put("abs: %i %l %l %l\n", abs(-5), labs(-6), (long)llabs(-7), (long)imaxabs(-8));
    for (int a = -7; a <= 7; a += 14) {
        div_t q = div(a, 3);
        ldiv_t lq = ldiv(a, -3);
        lldiv_t llq = lldiv(a, 3);
        imaxdiv_t iq = imaxdiv(a, -3);
        put("div %i: %i %i %l %l %l %l %l %l\n", a, q.quot, q.rem, lq.quot, lq.rem, (long)llq.quot,
            (long)llq.rem, (long)iq.quot, (long)iq.rem);
    }
}
