/* SPDX-License-Identifier: MIT
 *
 * strtod, strtof, strtold, atof and wcstod: value, how much was taken, and errno.
 *
 * strtold is asked only for what a double holds, too. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "values.h"

#define LONGEST 1200

static const char *const texts[] = {
    "",
    "0",
    "-0",
    "+0",
    "1",
    "  1",
    "\t\n\v\f\r 1",
    "+1",
    "-1",
    "+-1",
    "- 1",
    "1.",
    ".5",
    ".",
    "-.",
    "+.e1",
    "1e",
    "1e+",
    "1e-x",
    "1e5",
    "1E5",
    "1e+05",
    "1e-5",
    "1.5e3abc",
    "e5",
    "0e5",
    "0e999999999999999999999",
    "1e999999999999999999999",
    "1e-999999999999999999999",
    "0.0000000000000000000000000000000000001e37",
    "1000000000000000000000000000000000000e-36",
    "1e308",
    "1e309",
    "-1e309",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.797693134862315807e308",
    "1.7976931348623159e308",
    "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775"
    "87207096330286416"
    "6928876150420889785640880",
    "2.2250738585072014e-308",
    "2.2250738585072011e-308",
    "2.2250738585072012e-308",
    "4.9406564584124654e-324",
    "4.9e-324",
    "3e-324",
    "2.4703282292062328e-324",
    "2.4703282292062327e-324",
    "2e-324",
    "1e-400",
    "3.4028234663852886e38",
    "3.4028235677973366e38",
    "3.4028235677973367e38",
    "1.1754943508222875e-38",
    "1.401298464324817e-45",
    "7.006492321624085e-46",
    "7.006492321624086e-46",
    "9007199254740992",
    "9007199254740993",
    "9007199254740993."
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000001",
    "9007199254740992."
    "9999999999999999999999999999999999999999999999999999999999999999999999999999999999",
    "9007199254740994",
    "9007199254740995",
    "16777217",
    "16777217.00000000000000000000000000000000000001",
    "16777219",
    "1.00000011920928955078125",
    "1.00000005960464477539062500000000000000000000000000000000001",
    "1.000000059604644775390625",
    "1.00000000000000011102230246251565404",
    "1.00000000000000011102230246251565405",
    "0.500000000000000166533453693773481063544750213623046875",
    "3.518437208883201171875e13",
    "62.5364939768271845828",
    "8.10109172351e-10",
    "1.50000000000000011102230246251565",
    "6929495644600919.5",
    "3.7455744005952583e15",
    "2.2250738585072011e-308x",
    "1e23",
    "8.5e22",
    "123456789012345678901234567890",
    "0.1",
    "0.2",
    "0.3",
    "inf",
    "INF",
    "-inf",
    "+Infinity",
    "infinit",
    "infinityx",
    "in",
    "nan",
    "NaN",
    "nan(",
    "nan()",
    "nan(12)",
    "nan(0x1f)",
    "nan(a_9)x",
    "nan(a-b)",
    "na",
    "0x",
    "0x.",
    "0xg",
    "0x1",
    "0X1P3",
    "0x1p",
    "0x1p+",
    "0x1p-3x",
    "-0x1.8p1",
    "0x.8",
    "0x.8p1",
    "0x8.",
    "0x1.fffffffffffffp1023",
    "0x1.fffffffffffff7p1023",
    "0x1.fffffffffffff8p1023",
    "0x1p1024",
    "0x1p-1074",
    "0x1p-1075",
    "0x1.8p-1075",
    "0x1.00000000000008p0",
    "0x1.00000000000008000000000000001p0",
    "0x1.00000000000018p0",
    "0x0.000000000000000000000000001p200",
    "0x123456789abcdef123p-20",
    "0x1.000001p0",
    "0x1.0000010000000000000001p0",
    "0x1.000003p0",
    "0x1.fffffep127",
    "0x1.ffffffp127",
    "0x1p-149",
    "0x1p-150",
    "0x1.000002p-150",
    "0x0p99999999999",
    "0x1p99999999999",
    "0x1p-99999999999",
    "1_000",
    "1,5",
    "0b101",
    "1d5",
    "1f",
};

static char text[LONGEST];
static wchar_t wide[LONGEST];

/* C leaves open whether a result that is very small sets errno. */
static const char *error_word(int error, double size, double smallest)
{
    return size != 0 && size <= smallest ? "-" : errno_word(error);
}

static void show_texts(void)
{
    char *end = text;
    wchar_t *wide_end = wide;
    double x;
    float y;
    int error;

    errno = 0;
    x = strtod(text, &end);
    error = errno;
    put("strtod %q: %D %l %s\n", text, x, (long)(end - text), error_word(error, fabs(x), DBL_MIN));
    errno = 0;
    y = strtof(text, &end);
    error = errno;
    put("strtof %q: %F %l %s\n", text, y, (long)(end - text), error_word(error, fabs(y), FLT_MIN));
    for (size_t i = 0; i <= strlen(text); i++)
        wide[i] = (unsigned char)text[i];
    errno = 0;
    x = wcstod(wide, &wide_end);
    error = errno;
    put("wcstod %q: %D %l %s\n", text, x, (long)(wide_end - wide),
        error_word(error, fabs(x), DBL_MIN));
}

static void show(const char *of)
{
    strcpy(text, of);
    show_texts();
}

static char *add_digits(char *at, long count)
{
    while (count-- > 0)
        *at++ = draw_of("0123456789");
    return at;
}

static char *add_number(char *at, long value)
{
    if (value < 0) {
        *at++ = '-';
        value = -value;
    }
    if (value >= 10)
        at = add_number(at, value / 10);
    *at++ = (char)('0' + value % 10);
    return at;
}

static void draw_decimal(void)
{
    char *at = text;

    if (draw_chance(4))
        *at++ = draw_of("+-");
    at = add_digits(at, draw_between(1, 20));
    if (draw_chance(2)) {
        *at++ = '.';
        at = add_digits(at, draw_between(0, draw_chance(10) ? 60 : 20));
    }
    if (draw_chance(2)) {
        *at++ = draw_of("eE");
        at = add_number(at, draw_chance(2) ? draw_between(-340, 310) : draw_between(-50, 45));
    }
    *at = 0;
}

static void draw_hex(void)
{
    char *at = text;

    if (draw_chance(4))
        *at++ = '-';
    *at++ = '0';
    *at++ = draw_of("xX");
    for (long i = draw_between(1, 10); i > 0; i--)
        *at++ = draw_of("0123456789abcdefABCDEF");
    if (draw_chance(2)) {
        *at++ = '.';
        for (long i = draw_between(0, 12); i > 0; i--)
            *at++ = draw_of("0048abcdefABCDEF");
    }
    if (draw_chance(2)) {
        *at++ = draw_of("pP");
        at = add_number(at, draw_chance(2) ? draw_between(-1100, 1020) : draw_between(-160, 120));
    }
    *at = 0;
}

/* In the middle between two doubles or floats, written out in full, or by the last of many digits beside it. */
static void draw_tie(void)
{
    int bits = draw_chance(2) ? 54 : 25, places = (int)draw_below(4);
    uint64_t odd = ((uint64_t)1 << (bits - 1)) | draw_bits(1, (unsigned)bits - 2) | 1;
    char *at = text, digits[32];
    long count;

    for (int i = 0; i < places; i++)
        odd *= 5; /* odd / 2^places, in decimal */
    count = add_number(digits, (long)odd) - digits;
    for (long i = 0; i < count; i++) {
        if (i == count - places)
            *at++ = '.';
        *at++ = digits[i];
    }
    if (draw_chance(2)) {
        if (!places)
            *at++ = '.';
        memset(at, '0', 100);
        at += draw_between(1, 100);
        if (draw_chance(2))
            *at++ = '1';
    }
    *at = 0;
}

/* Many digits, of which some are only zeros in front or behind. */
static void draw_long(void)
{
    char *at = text;

    if (draw_chance(2)) {
        *at++ = '0';
        *at++ = '.';
        memset(at, '0', 400);
        at += draw_between(0, 330);
    }
    at = add_digits(at, draw_between(100, 700));
    *at = 0;
    if (draw_chance(2))
        memset(at - 90, '0', 90);
    strcat(at, draw_chance(2) ? "e-300" : "");
}

void run_strtod(void)
{
    static const char *const exact[] = {"2.5",
                                        "-0.0625",
                                        "1e15",
                                        "0x1.8p1",
                                        "0x.8",
                                        "0x8.",
                                        "0x.08p4",
                                        "0x0.8",
                                        "0x1.8",
                                        "0x.8p",
                                        "-0X.4P+2",
                                        "0x1.fffffffffffffp1023",
                                        "0x1p-1074",
                                        "4503599627370497.5",
                                        "123456789012345678",
                                        "inf",
                                        "nan",
                                        "0x",
                                        "1e",
                                        ".",
                                        "1.5e+"};

    for (size_t i = 0; i < COUNT(texts); i++)
        show(texts[i]);
    for (size_t i = 0; i < COUNT(exact); i++) {
        char *end;
        put("strtold %q: %D ", exact[i], (double)strtold(exact[i], &end));
        put("%l\n", (long)(end - exact[i]));
        put("atof %q: %D\n", exact[i], atof(exact[i]));
    }
    draw_begin("strtod");
    for (long i = draw_cases(250); i > 0; i--) {
        draw_decimal();
        show_texts();
        draw_hex();
        show_texts();
        draw_tie();
        show_texts();
    }
    for (long i = draw_cases(30); i > 0; i--) {
        draw_long();
        show_texts();
    }
}
