/* SPDX-License-Identifier: MIT
 *
 * user/lib's printf and strtod against the host's: random formats and numbers give the same bytes. */
// SOURCES: user/lib/posix/vfprintf.c user/lib/posix/printf_float.c user/lib/posix/decimal.c user/lib/posix/strtod.c
// CPPFLAGS: -Dvfprintf=octavo_vfprintf -Dstrtod=octavo_strtod -Dstrtof=octavo_strtof -Datof=octavo_atof
#include "harness.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#undef strtod
extern double strtod(const char *restrict text, char **restrict end);

#define ROUNDS 20000

static char host[4096], ours[4096];
/* Anything, quotients, prices, subnormals. */
static double random_double(void)
{
    uint64_t bits = rnd();
    double value;

    switch ((unsigned)rnd_below(4)) {
    case 0:
        return (double)(int64_t)bits / (double)(1ul << (unsigned)rnd_below(63));
    case 1:
        return (unsigned)rnd_below(100000) / (double[]){1, 10, 100, 1000}[(unsigned)rnd_below(4)];
    case 2:
        bits &= 0x800ffffffffffffful >> (unsigned)rnd_below(52);
    }
    memcpy(&value, &bits, sizeof(value));
    return isnan(value) ? 0.5 : value;
}

static int our_print(const char *format, ...)
{
    FILE *file = fmemopen(ours, sizeof(ours), "w");
    va_list list;

    va_start(list, format);
    int length = octavo_vfprintf(file, format, list);
    va_end(list);
    fclose(file);
    return length;
}

static void random_format(char *format, const char *length, const char *letters)
{
    *format++ = '%';
    for (const char *flag = "-+ #0"; *flag; flag++)
        if ((unsigned)rnd_below(4) == 0)
            *format++ = *flag;
    if ((unsigned)rnd_below(3))
        format += sprintf(format, "%u", (unsigned)rnd_below(40) + 1);
    if ((unsigned)rnd_below(3))
        format += sprintf(format, ".%u", (unsigned)rnd_below((unsigned)rnd_below(8) ? 22 : 400));
    sprintf(format, "%s%c", length, letters[(unsigned)rnd_below((unsigned)strlen(letters))]);
}

static void check_same(const char *format, int host_length, int our_length)
{
    if (host_length != our_length || memcmp(host, ours, (size_t)host_length) != 0) {
        fprintf(stderr, "%s: host '%s' ours '%s'\n", format, host, ours);
        CHECK(false);
    }
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* Is this %#g of a value that rounding gives another digit before the point (999.6 as 1.00e+03)? glibc
 * 2.36 then leaves the zeros out ("1.e+03"), against ISO C 7.21.6.1, so there is nothing to compare. */
static bool host_is_wrong(const char *format, double value)
{
    char exact[64], rounded[512];
    const char *point = strchr(format, '.');
    int digits = point ? atoi(point + 1) : 6;

    if (!strchr(format, '#') || !strpbrk(format, "gG"))
        return false;
    snprintf(exact, sizeof(exact), "%.30e", value);
    snprintf(rounded, sizeof(rounded), "%.*e", digits > 0 ? digits - 1 : 0, value);
    return strchr(exact, 'e') && strcmp(strchr(exact, 'e'), strchr(rounded, 'e')) != 0;
}

TEST(floats)
{
    char format[64];

    for (int i = 0; i < ROUNDS; i++) {
        double value = random_double();
        random_format(format, "", "aAeEfFgG");
        int length = snprintf(host, sizeof(host), format, value);
        if (!host_is_wrong(format, value))
            check_same(format, length, our_print(format, value));
    }
    our_print("%#.3g %#.2G", 999.6, 99.6);
    CHECK(strcmp(ours, "1.00e+03 1.0E+02") == 0);
}

TEST(integers)
{
    static const char *const lengths[] = {"hh", "h", "", "l", "ll", "j", "z", "t"};
    char format[64];

    for (int i = 0; i < ROUNDS; i++) {
        long value = (unsigned)rnd_below(10) ? (long)(rnd() >> (unsigned)rnd_below(64)) : 0;
        random_format(format, lengths[(unsigned)rnd_below(8)], "diuoxX");
        int length = snprintf(host, sizeof(host), format, value);
        check_same(format, length, our_print(format, value));
    }
}

static void check_number(const char *text)
{
    char *host_end, *our_end;
    double wanted = strtod(text, &host_end), got = octavo_strtod(text, &our_end);

    if (memcmp(&wanted, &got, sizeof(got)) != 0 || host_end != our_end) {
        fprintf(stderr, "'%.200s': host %a ours %a\n", text, wanted, got);
        CHECK(false);
    }
}

TEST(numbers)
{
    static const char *const texts[] = {"",
                                        "-",
                                        "+.",
                                        "0x",
                                        "0x.",
                                        "0x.8p",
                                        "1e",
                                        "1e+",
                                        "1.e2x",
                                        ".5",
                                        "inf",
                                        "-INFINITYx",
                                        "nan",
                                        "nan(",
                                        "0x1p-1075",
                                        "0x1.8p-1075",
                                        "2.4703282292062328e-324",
                                        "2.4703282292062327e-324",
                                        "1e400",
                                        "-1e-400",
                                        "  \t12",
                                        "1.7976931348623158e308",
                                        "1.7976931348623159e308",
                                        "0x1.fffffffffffff7p1023",
                                        "0x1.fffffffffffff8p1023",
                                        "2.2250738585072011e-308",
                                        "1..2",
                                        "0e999999999999",
                                        "1e-99999999999",
                                        "100000000000000016777215",
                                        "1e23"};

    for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        check_number(texts[i]);
    for (int i = 0; i < ROUNDS / 4; i++) {
        char text[2048];
        double value = random_double();
        static const char *const formats[] = {"%.*g", "%.*e", "%.*a"};
        snprintf(text, sizeof(text), formats[(unsigned)rnd_below(3)], (int)(unsigned)rnd_below(25),
                 value);
        check_number(text);
        if (i % 16 == 0) {
            snprintf(text, sizeof(text), "%.1100f", value > 1 ? 1 / value : value);
            check_number(text);
        }
    }
}
