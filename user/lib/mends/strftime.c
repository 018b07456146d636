/* SPDX-License-Identifier: MIT
 *
 * strftime, its _l form and wcsftime (POSIX.1-2017). Up to picolibc 1.8.12 they write the year with a sign
 * from 10000 on, know no tm_gmtoff and tm_zone, give up at a conversion that they do not know, and have none
 * of the GNU library's flags: "-" no padding, "_" blanks, "0" zeros, "^" upper case, "#" the other case, and a
 * width. The words are those of the "C" locale, the only ones there are here. */
#include <ctype.h>
#include <langinfo.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#define TM_YEAR_BASE 1900L
#define MONTHS 12

struct output {
    char *to;
    size_t size, used; /* used grows beyond size; what is beyond is not written */
    char flag;         /* '-', '_', '0' or none */
    bool upper, other_case;
    long width; /* -1: none */
};

static void put(struct output *out, char c)
{
    if (out->used < out->size)
        out->to[out->used] = c;
    if (out->used < SIZE_MAX)
        out->used++;
}

/* At least out->width wide, and `least` without one, unless the flag is "-". */
static void put_padded(struct output *out, const char *text, char padding, long least)
{
    long width = out->width > 0 ? out->width : out->flag == '-' ? 0 : least;
    long length = (long)strlen(text);
    bool sign = *text == '+' || (*text == '-' && padding == '0');

    if (sign)
        put(out, *text++);
    for (; width > length && out->used < out->size; width--)
        put(out, padding);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        put(out, (char)(out->upper ? toupper(c) : out->other_case ? tolower(c) : c));
    }
}

static void put_text(struct output *out, const char *text)
{
    put_padded(out, text, out->flag == '0' ? '0' : ' ', 0);
}

static void put_number(struct output *out, const char *format, long number, int digits,
                       char padding)
{
    char text[24];

    snprintf(text, sizeof(text), format, number);
    if (out->flag)
        padding = out->flag == '0' ? '0' : ' ';
    put_padded(out, text, padding, digits);
}

/* The name of a number below `count`, whose first is at item; "?" for others. */
static void put_name(struct output *out, int number, int count, nl_item item)
{
    if (out->other_case) {
        out->upper = true;
        out->other_case = false;
    }
    put_text(out, number >= 0 && number < count ? nl_langinfo(item + number) : "?");
}

static bool is_leap(long year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The week of ISO 8601 that a day belongs to, which is that of its Thursday, and with it the year. */
static long iso_week(const struct tm *tm, long *year)
{
    long thursday = tm->tm_yday - (tm->tm_wday + 6) % 7 + 3;

    *year = TM_YEAR_BASE + tm->tm_year;
    if (thursday < 0)
        thursday += 365 + is_leap(--*year);
    else if (thursday >= 365 + is_leap(*year))
        thursday -= 365 + is_leap((*year)++);
    return thursday / 7 + 1;
}

static void format_all(struct output *out, const char *format, const struct tm *tm);

/* The conversions that are numbers; false: there is none of this letter. */
static bool convert_number(struct output *out, char letter, const struct tm *tm)
{
    struct tm copy = *tm;
    long year = TM_YEAR_BASE + tm->tm_year, iso_year, week = iso_week(tm, &iso_year);
    long hour = tm->tm_hour > 12 ? tm->tm_hour - 12 : tm->tm_hour ? tm->tm_hour : 12;
    const struct {
        char letter, padding;
        int digits;
        long value;
    } numbers[] = {
        {'C', '0', 1, year / 100 - (year % 100 < 0)},
        {'d', '0', 2, tm->tm_mday},
        {'e', ' ', 2, tm->tm_mday},
        {'g', '0', 2, (iso_year % 100 + 100) % 100},
        {'G', '0', 1, iso_year},
        {'H', '0', 2, tm->tm_hour},
        {'k', ' ', 2, tm->tm_hour},
        {'I', '0', 2, hour},
        {'l', ' ', 2, hour},
        {'j', '0', 3, tm->tm_yday + 1L},
        {'m', '0', 2, tm->tm_mon + 1L},
        {'M', '0', 2, tm->tm_min},
        {'s', '0', 1, letter == 's' ? mktime(&copy) : 0},
        {'S', '0', 2, tm->tm_sec},
        {'u', '0', 1, (tm->tm_wday + 6) % 7 + 1},
        {'U', '0', 2, (tm->tm_yday - tm->tm_wday + 7) / 7},
        {'V', '0', 2, week},
        {'w', '0', 1, tm->tm_wday},
        {'W', '0', 2, (tm->tm_yday - (tm->tm_wday + 6) % 7 + 7) / 7},
        {'y', '0', 2, (year % 100 + 100) % 100},
        {'Y', '0', 1, year},
    };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (letter == numbers[i].letter) {
            put_number(out, "%ld", numbers[i].value, numbers[i].digits, numbers[i].padding);
            return true;
        }
    return false;
}

/* The conversions that stand for others: these have the flags, and a width is of the whole. */
static bool convert_composed(struct output *out, char letter, const struct tm *tm)
{
    static const struct {
        char letter;
        const char *format;
    } composed[] = {
        {'c', "%a %b %e %H:%M:%S %Y"},
        {'D', "%m/%d/%y"},
        {'F', "%Y-%m-%d"},
        {'r', "%I:%M:%S %p"},
        {'R', "%H:%M"},
        {'T', "%H:%M:%S"},
        {'x', "%m/%d/%y"},
        {'X', "%H:%M:%S"},
    };
    char text[64];
    struct output inner = {.to = text, .size = sizeof(text)};

    for (size_t i = 0; i < sizeof(composed) / sizeof(composed[0]); i++)
        if (letter == composed[i].letter) {
            format_all(&inner, composed[i].format, tm);
            put(&inner, '\0');
            put_text(out, text);
            return true;
        }
    return false;
}

static bool convert(struct output *out, char letter, const struct tm *tm)
{
    const char blank[] = {letter == 'n' ? '\n' : letter == 't' ? '\t' : '%', '\0'};

    switch (letter) {
    case '%':
    case 'n':
    case 't':
        put_text(out, blank);
        return true;
    case 'a':
    case 'A':
        put_name(out, tm->tm_wday, 7, letter == 'a' ? ABDAY_1 : DAY_1);
        return true;
    case 'b':
    case 'B':
    case 'h':
        put_name(out, tm->tm_mon, MONTHS, letter == 'B' ? MON_1 : ABMON_1);
        return true;
    case 'p':
    case 'P':
        out->other_case |= letter == 'P';
        put_text(out, nl_langinfo(tm->tm_hour >= 12 ? PM_STR : AM_STR));
        return true;
    case 'z':
        if (tm->tm_isdst >= 0)
            put_number(out, "%+ld", tm->tm_gmtoff / 3600 * 100 + tm->tm_gmtoff / 60 % 60, 5, '0');
        return true;
    case 'Z':
        put_text(out, tm->tm_zone ? tm->tm_zone : "");
        return true;
    default:
        return convert_composed(out, letter, tm) || convert_number(out, letter, tm);
    }
}

static void format_all(struct output *out, const char *format, const struct tm *tm)
{
    while (*format) {
        const char *start = format;
        if (*format++ != '%') {
            put(out, *start);
            continue;
        }
        out->flag = '\0';
        out->upper = out->other_case = false;
        for (; *format && strchr("-_0^#", *format); format++) {
            out->upper |= *format == '^';
            out->other_case |= *format == '#';
            if (*format != '^' && *format != '#')
                out->flag = *format;
        }
        out->width = isdigit((unsigned char)*format) ? strtol(format, (char **)&format, 10) : -1;
        const char *fit = *format == 'E' ? "cCxXyY" : *format == 'O' ? "deHImMSuUVwWy" : NULL;
        format += fit != NULL;
        if (*format && (!fit || strchr(fit, *format)) && convert(out, *format, tm)) {
            format++;
            continue;
        }
        format += *format != '\0';
        while (start < format) /* unknown: as it stands */
            put(out, *start++);
    }
}

size_t strftime(char *restrict to, size_t size, const char *restrict format,
                const struct tm *restrict tm)
{
    struct output out = {.to = to, .size = size};

    format_all(&out, format, tm);
    if (out.used >= size)
        return 0;
    to[out.used] = '\0';
    return out.used;
}

size_t strftime_l(char *restrict to, size_t size, const char *restrict format,
                  const struct tm *restrict tm, locale_t locale)
{
    (void)locale;
    return strftime(to, size, format, tm);
}

size_t wcsftime(wchar_t *restrict to, size_t size, const wchar_t *restrict format,
                const struct tm *restrict tm)
{
    size_t format_size = wcslen(format) * MB_LEN_MAX + 1, result = 0;
    char *bytes =
        size < SIZE_MAX / MB_LEN_MAX - format_size ? malloc(format_size + size * MB_LEN_MAX) : NULL;

    if (bytes && wcstombs(bytes, format, format_size) != (size_t)-1 &&
        strftime(bytes + format_size, size * MB_LEN_MAX, bytes, tm) > 0)
        result = mbstowcs(to, bytes + format_size, size);
    free(bytes);
    return result < size ? result : 0;
}

size_t wcsftime_l(wchar_t *restrict to, size_t size, const wchar_t *restrict format,
                  const struct tm *restrict tm, locale_t locale)
{
    (void)locale;
    return wcsftime(to, size, format, tm);
}
