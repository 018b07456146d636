/* SPDX-License-Identifier: MIT
 *
 * The printf family: every conversion with drawn flags, width, precision and length, arguments by position, and
 * listed formats. wprintf is the same for wide formats.
 *
 * Left out is what C leaves open: %p's form, %a of subnormal numbers and of long double, flags that a conversion
 * does not take. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "values.h"

/* Flags that cancel each other and buffers that are too small are what is tested. */
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-truncation"

#define BUFFER 1200

static char buffer[BUFFER];
static wchar_t wide_buffer[BUFFER];
static int is_wide; /* which of the two is used */

/* --- A drawn conversion ----------------------------------------------------------------------------- */

static struct spec {
    char text[80];
    wchar_t wide[80];
    int stars;
    int star[2]; /* what the asterisks stand for */
} spec;

static void append(char c)
{
    size_t length = strlen(spec.text);

    spec.text[length] = c;
    spec.text[length + 1] = 0;
}

static void append_number(long value)
{
    if (value >= 10)
        append_number(value / 10);
    append((char)('0' + value % 10));
}

static void draw_field(int most)
{
    long value = draw_between(0, most);

    if (draw_chance(4)) {
        append('*');
        spec.star[spec.stars++] = (int)(draw_chance(4) ? -value : value);
    } else {
        append_number(value);
    }
}

/* Text before, flags out of these, width, precision, length and conversion. */
static void draw_spec(const char *flags, int precision, const char *length, char conversion)
{
    memset(&spec, 0, sizeof(spec));
    append('<');
    append('%');
    for (const char *flag = flags; *flag; flag++)
        if (draw_chance(4))
            append(*flag);
    if (draw_chance(2)) {
        /* a 0 would be a flag */
        size_t before = strlen(spec.text);
        draw_field(24);
        if (spec.text[before] == '0')
            spec.text[before] = '7';
    }
    if (precision && draw_chance(2)) {
        append('.');
        if (!draw_chance(5))
            draw_field(precision);
    }
    while (*length)
        append(*length++);
    append(conversion);
    append('>');
    for (size_t i = 0; spec.text[i]; i++)
        spec.wide[i] = spec.text[i];
}

/* What the drawn conversion makes of an argument. */
#define PRINT(print, where, format, argument)                                 \
    (spec.stars == 0   ? print(where, BUFFER, format, argument)               \
     : spec.stars == 1 ? print(where, BUFFER, format, spec.star[0], argument) \
                       : print(where, BUFFER, format, spec.star[0], spec.star[1], argument))
#define FORMAT(argument)                                                    \
    (errno = 0, is_wide ? PRINT(swprintf, wide_buffer, spec.wide, argument) \
                        : PRINT(snprintf, buffer, spec.text, argument))

static void show_spec(void)
{
    put(is_wide ? "wprintf %q" : "printf %q", spec.text);
    for (int i = 0; i < spec.stars; i++)
        put(" %i", spec.star[i]);
}

static void show_result(int result)
{
    if (result < 0)
        put(": %i %s\n", result, errno_word(errno));
    else if (is_wide)
        put(": %i %w\n", result, wide_buffer);
    else
        put(": %i %q\n", result, buffer);
}

/* --- Numbers ---------------------------------------------------------------------------------------- */

static int format_int(const char *length, uint64_t value)
{
    switch (*length) {
    case 'h':
        return FORMAT((int)value);
    case 'l':
        return length[1] ? FORMAT((long long)value) : FORMAT((long)value);
    case 'j':
        return FORMAT((intmax_t)value);
    case 'z':
        return FORMAT((size_t)value);
    case 't':
        return FORMAT((ptrdiff_t)value);
    default:
        return FORMAT((int)value);
    }
}

static void show_int(void)
{
    static const char *const lengths[] = {"", "", "hh", "h", "l", "ll", "j", "z", "t"};
    const char *length = lengths[draw_below(COUNT(lengths))];
    char conversion = draw_of("diuoxX");
    uint64_t value = draw_chance(8) ? 0 : draw_bits(1, 64);

    if (draw_chance(3))
        value = -value;
    draw_spec(conversion == 'd' || conversion == 'i' ? "-+ 0'"
              : conversion == 'u'                    ? "-0'"
                                                     : "-#0",
              30, length, conversion);
    show_spec();
    put(" %x", value);
    show_result(format_int(length, value));
}

static double draw_number(void)
{
    static const double special[] = {0.0,      -0.0,     1,        0.5,       1.5, 2.5,  1e15,
                                     1e16,     1e17,     9.5,      99.95,     0.1, 1e-5, 0.0001,
                                     123456.5, 999999.5, INFINITY, -INFINITY, NAN};
    double x;

    switch (draw_below(5)) {
    case 0:
        return special[draw_below(COUNT(special))];
    case 1:
        return draw_scaled(-1022, 1023);
    case 2: /* few bits: ties */
        x = draw_scaled(-6, 20);
        return double_of(bits_of(x) & ~(uint64_t)0 << draw_between(30, 52));
    case 3: /* few decimal digits */
        x = (double)draw_between(-99999, 99999);
        return x / (double)(draw_chance(2) ? 1000 : 10);
    default:
        return draw_scaled(-40, 60);
    }
}

static void show_double(void)
{
    static const char *const lengths[] = {"", "", "", "l", "L"};
    const char *length = lengths[draw_below(COUNT(lengths))];
    char conversion = draw_of("aAeEfFgG");
    double x = draw_number();

    if (conversion == 'f' || conversion == 'F')
        while (fabs(x) > 1e60 && x != INFINITY && x != -INFINITY)
            x *= 0x1p-100;
    if (conversion == 'a' || conversion == 'A')
        length = "";
    draw_spec(strchr("fFgG", conversion) ? "-+ #0'" : "-+ #0", draw_chance(4) ? 60 : 20, length,
              conversion);
    show_spec();
    put(" %D", x);
    show_result(*length == 'L' ? FORMAT((long double)x) : FORMAT(x));
}

/* --- Text ------------------------------------------------------------------------------------------- */

static void show_text(void)
{
    static const char *const texts[] = {"",          "a", "text", "a longer text with blanks",
                                        "tab\there", "%d"};
    const char *text = texts[draw_below(COUNT(texts))];
    int c = "xyz%\t~"[draw_below(6)];

    if (draw_chance(3)) {
        draw_spec("-", 0, "", 'c');
        show_spec();
        put(" %c", c);
        show_result(FORMAT(c));
    } else {
        draw_spec("-", 12, "", 's');
        show_spec();
        put(" %q", text);
        show_result(FORMAT(text));
    }
}

/* In a locale with UTF-8. */
static void show_wide_text(void)
{
    static const wchar_t *const texts[] = {L"",
                                           L"a",
                                           L"wide",
                                           L"h\u00e9t\u00e9",
                                           L"\u20ac\u20ac\u20ac",
                                           L"\U0001f600 and \u6f22\u5b57",
                                           L"\u00e9"};
    const wchar_t *text = texts[draw_below(COUNT(texts))];
    static const wint_t characters[] = {'x', 0xe9, 0x20ac, 0x6f22, 0x1f600};
    wint_t c;

    if (draw_chance(3)) {
        c = characters[draw_below(COUNT(characters))];
        draw_spec("-", 0, draw_chance(3) ? "" : "l", 'c');
        if (!strchr(spec.text, 'l'))
            *strchr(spec.text, 'c') = 'C', *wcschr(spec.wide, 'c') = 'C';
        show_spec();
        put(" %x", (unsigned long)c);
        show_result(FORMAT(c));
    } else {
        draw_spec("-", 12, draw_chance(3) ? "" : "l", 's');
        if (!strchr(spec.text, 'l'))
            *strchr(spec.text, 's') = 'S', *wcschr(spec.wide, 's') = 'S';
        show_spec();
        put(" %w", text);
        show_result(FORMAT(text));
    }
}

/* Bytes of UTF-8 through %s: the precision counts bytes, or wide characters in a wide format. */
static void show_utf8(void)
{
    static const char *const texts[] = {"h\xc3\xa9t\xc3\xa9", "\xe2\x82\xac", "a\xf0\x9f\x98\x80z"};
    const char *text = texts[draw_below(COUNT(texts))];

    draw_spec("-", 6, "", 's');
    show_spec();
    put(" %q", text);
    show_result(FORMAT(text));
}

/* --- Arguments by position -------------------------------------------------------------------------- */

/* A format that uses each of (int, double, string, long, int, int) at least once, in any order. */
static void draw_positions(void)
{
    static const char *const forms[4][4] = {{"d", "+5i", "x", "c"},
                                            {".3f", "e", "-12g", "012.1f"},
                                            {"s", "8s", "-6s", ".2s"},
                                            {"ld", "lx", "-9ld", "lu"}};
    static const char *const digits[4] = {"1", "2", "3", "4"};
    unsigned used = 0;

    memset(&spec, 0, sizeof(spec));
    while (used != 15) {
        unsigned which = (unsigned)draw_below(4), form = (unsigned)draw_below(4);
        used |= 1u << which;
        append('%');
        append(*digits[which]);
        append('$');
        for (const char *c = forms[which][form]; *c; c++)
            append(*c);
        append('|');
        if (strlen(spec.text) > 66)
            memset(&spec, 0, sizeof(spec)), used = 0;
    }
    for (size_t i = 0; spec.text[i]; i++)
        spec.wide[i] = spec.text[i];
}

static void show_positions(void)
{
    int number = (int)draw_between(33, 126);
    double x = draw_scaled(-4, 20);
    long large = (long)draw_bits(1, 63);

    draw_positions();
    put(is_wide ? "wprintf %q %i %D %l" : "printf %q %i %D %l", spec.text, number, x, large);
    show_result(is_wide ? swprintf(wide_buffer, BUFFER, spec.wide, number, x, "text", large)
                        : snprintf(buffer, BUFFER, spec.text, number, x, "text", large));
}

/* --- Listed ----------------------------------------------------------------------------------------- */

#define LISTED(...) (errno = 0, show_listed(snprintf(buffer, BUFFER, __VA_ARGS__), #__VA_ARGS__))
#define LISTED_SIZE(size, ...)                           \
    (memset(buffer, '.', 20), buffer[20] = 0, errno = 0, \
     show_listed(snprintf(buffer, size, __VA_ARGS__), #size " " #__VA_ARGS__))

static void show_listed(int result, const char *call)
{
    put("printf listed %q", call);
    show_result(result);
}

static void run_listed(void)
{
    char *allocated = NULL;
    int count = 0;

    LISTED("%d%%", 5);
    LISTED("%'d %d", 1234567, 5);
    LISTED("%'ld %'u %'i", 1234567l, 7654321u, -1000);
    LISTED("%'.2f %d", 1234567.891, 5);
    LISTED("%+d % d %+ d", 1, 2, 3);
    LISTED("%.0d|%.0x|%.d|%#.0o", 0, 0, 0, 0);
    LISTED("%#x %#x %#o %#X", 0, 255, 8, 255);
    LISTED("%hhd %hd %hhu %hu", 300, 70000, 300, 70000);
    LISTED("%-5d|%05d|%-05d|%5.3d", 42, 42, 42, 42);
    LISTED("%1$d %1$x %1$o", 77);
    LISTED("%2$s %1$s", "first", "second");
    LISTED("%2$*1$d|", 8, 42);
    LISTED("%3$.*1$f|%2$d", 2, 9, 3.14159);
    LISTED("%3$*1$.*2$f|", 10, 3, 2.718281828);
    LISTED("%2$-*1$d|", 6, 42);
    LISTED("%m");
    LISTED("%jd %zd %td", (intmax_t)-1, (size_t)5, (ptrdiff_t)-7);
    LISTED("%" PRId64 " %" PRIu8 " %" PRIxPTR, (int64_t)-9, (uint8_t)200, (uintptr_t)0xabc);
    LISTED("%ld %lld", LONG_MIN, LLONG_MAX);
    LISTED("%5c|%-5c|%c", 'a', 'b', 'c');
    LISTED("%.3s|%10.2s|%-10s|%.0s|", "abcdef", "abcdef", "abcdef", "abcdef");
    LISTED("%.0f %.0f %.0f %.0f", 0.5, 1.5, 2.5, 3.5);
    LISTED("%.1f %.1f %.1f", 0.05, 0.25, 0.35);
    LISTED("%.2e %.0e %#.0e", 12345.678, 12345.678, 12345.678);
    LISTED("%g %g %g %g", 100000.0, 1000000.0, 0.0001, 0.00001);
    LISTED("%#g %#.3g %g", 1.0, 1.0, 1.0);
    LISTED("%.3g %.3g %.3g", 999.5, 9995.0, 0.00099995);
    LISTED("%.17g %.17g", 0.1, 1.0 / 3);
    LISTED("%.40f", 0.1);
    LISTED("%.60e", 0x1p-1074);
    LISTED("%f", 0x1.fffffffffffffp+1023);
    LISTED("%.1100f", 0x1p-1074);
    LISTED("%.0f", 1e22);
    LISTED("%a %a %a %a", 1.0, 0.1, -2.5, 0.0);
    LISTED("%.0a %.1a %.3A %20a|", 1.5, 1.96875, 0.1, 3.0);
    LISTED("%Lf %Le %Lg", 1.5L, 2.5L, 3.5L);
    LISTED("%Lf", (long double)0x1p+1000);
    LISTED("%f %F %5f| %-5f| %05f", INFINITY, INFINITY, NAN, NAN, INFINITY);
    LISTED("%+f % f %e %G %a", INFINITY, INFINITY, -INFINITY, NAN, INFINITY);
    LISTED("%s", "");
    LISTED("%*d|%-*d|%*d|", 5, 1, 5, 2, -5, 3);
    LISTED("%.*f|%.*f|%.*d|", 2, 1.0, -1, 1.0, -3, 7);
    LISTED("%abc%d", 1.0, 2);
    LISTED("%lc%lc", (wint_t)'a', (wint_t)'b');
    LISTED("%ls|%.2ls|%6ls", L"abc", L"abc", L"abc");
    LISTED("%d%n%d", 12, &count, 3);
    put("printf %s: %i\n", "%n", count);
    LISTED_SIZE(0, "%d", 12345);
    LISTED_SIZE(1, "%d", 12345);
    LISTED_SIZE(3, "%d", 12345);
    LISTED_SIZE(6, "%d", 12345);
    LISTED_SIZE(4, "%s%s", "abc", "def");
    LISTED_SIZE(4, "%f", 1.0 / 3);
    put("printf NULL: %i\n", snprintf(NULL, 0, "%s-%05d", "abc", 42));
    put("asprintf: %i ", asprintf(&allocated, "%s %d %g", "some", 7, 0.5));
    put("%q\n", allocated);
    free(allocated);
}

/* Results that are longer than an int can say. Last, for a library that tries to write them takes its time. */
static void run_overflow(void)
{
    static const char *const formats[] = {"%2147483648d", "%.2147483648d", "%2147483647d%d",
                                          "%.2147483647d%d"};

    for (size_t i = 0; i < COUNT(formats); i++) {
        int result;
        put("printf overflow %q: ", formats[i]);
        put_flush();
        errno = 0;
        result = snprintf(buffer, 10, formats[i], 1, 2);
        put("%i %s\n", result, errno_word(errno));
    }
}

static void run_drawn(const char *name)
{
    is_wide = *name == 'w';
    draw_begin(name);
    for (long i = draw_cases(is_wide ? 300 : 1200); i > 0; i--)
        show_int();
    for (long i = draw_cases(is_wide ? 300 : 1500); i > 0; i--)
        show_double();
    for (long i = draw_cases(200); i > 0; i--)
        show_text();
    for (long i = draw_cases(is_wide ? 60 : 200); i > 0; i--)
        show_positions();
}

static void run_utf8(const char *name)
{
    put("setlocale %s: %q\n", name, setlocale(LC_ALL, "C.UTF-8"));
    draw_begin(name);
    for (long i = draw_cases(150); i > 0; i--)
        show_wide_text();
    for (long i = draw_cases(50); i > 0; i--)
        show_utf8();
    setlocale(LC_ALL, "C");
}

void run_printf(void)
{
    is_wide = 0;
    run_listed();
    run_drawn("printf");
    run_utf8("printf-utf8");
    put("printf in C %s: ", "%ls");
    errno = 0;
    put("%i ", snprintf(buffer, BUFFER, "%ls", L"h\u20ac"));
    put("%s\n", errno_word(errno));
    run_overflow();
}

void run_wprintf(void)
{
    static wchar_t small[6];

    run_drawn("wprintf");
    run_utf8("wprintf-utf8");
    put("swprintf 6: %i ", swprintf(small, 6, L"%d", 12345));
    put("%w\n", small);
    put("swprintf too long: %i\n", swprintf(small, 6, L"%d", 123456) < 0);
}
