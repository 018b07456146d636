/* SPDX-License-Identifier: MIT
 *
 * strptime and its _l form (POSIX.1-2017, and %F %g %G %k %l %s %u %V %z %Z as the GNU library has them).
 * picolibc 1.8 and 1.8.6 accept anything, 1.8.10 traps, and 1.8.12 clears members that the format does not
 * name, reads numbers of any length and knows no %z and no %Z. What the date implies is worked out at the end:
 * the day of the week and of the year, or the month and day from the day of the year or the week's number. */
#include <ctype.h>
#include <langinfo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define MONTHS 12
#define DAY 86400L

struct parsed {
    struct tm tm;
    int century, week, ignored;
    bool pm;
    uint64_t letters; /* of the conversions so far: a LETTER_BIT each */
};

#define LETTER_BIT(letter) (1ul << ((letter)&63)) /* '@' to DEL */

/* A conversion that is a number is kept, after modulo and sum, at an offset in struct parsed. */
static const struct number {
    const char *letters;
    int low, high, digits, modulo, sum;
    size_t at;
} numbers[] = {
    {"C", 0, 99, 2, 100, 0, offsetof(struct parsed, century)},
    {"de", 1, 31, 2, 32, 0, offsetof(struct parsed, tm.tm_mday)},
    {"g", 0, 99, 2, 100, 0, offsetof(struct parsed, ignored)},
    {"G", 0, 9999, 4, 10000, 0, offsetof(struct parsed, ignored)},
    {"Hk", 0, 23, 2, 24, 0, offsetof(struct parsed, tm.tm_hour)},
    {"Il", 1, 12, 2, 12, 0, offsetof(struct parsed, tm.tm_hour)},
    {"j", 1, 366, 3, 367, -1, offsetof(struct parsed, tm.tm_yday)},
    {"m", 1, 12, 2, 13, -1, offsetof(struct parsed, tm.tm_mon)},
    {"M", 0, 59, 2, 60, 0, offsetof(struct parsed, tm.tm_min)},
    {"S", 0, 61, 2, 62, 0, offsetof(struct parsed, tm.tm_sec)},
    {"UW", 0, 53, 2, 54, 0, offsetof(struct parsed, week)},
    {"V", 0, 53, 2, 54, 0, offsetof(struct parsed, ignored)},
    {"u", 1, 7, 1, 7, 0, offsetof(struct parsed, tm.tm_wday)},
    {"w", 0, 6, 1, 7, 0, offsetof(struct parsed, tm.tm_wday)},
    {"y", 0, 99, 2, 100, 0, offsetof(struct parsed, tm.tm_year)},
    {"Y", 0, 9999, 4, 10000, -1900, offsetof(struct parsed, tm.tm_year)},
};

static const char *parse(const char *text, const char *format, struct parsed *p);

/* Was there a conversion with one of these letters? */
static bool has(const struct parsed *p, const char *letters)
{
    for (; *letters; letters++)
        if (p->letters & LETTER_BIT(*letters))
            return true;
    return false;
}

static const char *skip_space(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

/* As many digits as the largest value can have; NULL: there is no number between low and high. */
static const char *read_number(const char *text, const struct number *number, void *base)
{
    int value = 0, digits = number->digits;

    text = skip_space(text);
    if (!isdigit((unsigned char)*text))
        return NULL;
    do
        value = value * 10 + *text++ - '0';
    while (--digits > 0 && value * 10 <= number->high && isdigit((unsigned char)*text));
    *(int *)((char *)base + number->at) = value % number->modulo + number->sum;
    return value >= number->low && value <= number->high ? text : NULL;
}

/* One of `count` names, of those that begin at item or else of the abbreviations, in any case. */
static const char *read_name(const char *text, nl_item item, nl_item abbreviation, int count,
                             int *which)
{
    for (int i = 0; i < 2 * count; i++) {
        const char *name = nl_langinfo(i < count ? item + i : abbreviation + i - count);
        if (strncasecmp(text, name, strlen(name)) == 0) {
            *which = i % count;
            return text + strlen(name);
        }
    }
    return NULL;
}

/* Z or +hh, +hhmm, +hh:mm. */
static const char *read_offset(const char *text, long *offset)
{
    char digits[5] = "";
    int count = 0, sign = *text == '-' ? -1 : 1;

    *offset = 0;
    if (*text == 'Z')
        return text + 1;
    if (*text != '+' && *text != '-')
        return NULL;
    for (text++; count < 4 && isdigit((unsigned char)*text);) {
        digits[count++] = *text++;
        text += count == 2 && *text == ':' && isdigit((unsigned char)text[1]);
    }
    long number = strtol(digits, NULL, 10) * (count == 2 ? 100 : 1);
    *offset = sign * (number / 100 * 3600 + number % 100 * 60);
    return (count == 2 || count == 4) && number % 100 < 60 ? text : NULL;
}

static const char *read_seconds(const char *text, struct tm *tm)
{
    char *end;
    time_t seconds = strtol(text, &end, 10);

    return isdigit((unsigned char)*text) && localtime_r(&seconds, tm) ? end : NULL;
}

/* One conversion; NULL: the text does not fit. */
static const char *convert(const char *text, char letter, struct parsed *p)
{
    static const char composed[][22] = {
        "c%a %b %e %H:%M:%S %Y",
        "D%m/%d/%y",
        "F%Y-%m-%d",
        "r%I:%M:%S %p",
        "R%H:%M",
        "T%H:%M:%S",
        "x%m/%d/%y",
        "X%H:%M:%S",
    };
    int ignored;

    p->letters |= isalpha((unsigned char)letter) ? LETTER_BIT(letter) : 0;
    for (size_t i = 0; i < sizeof(composed) / sizeof(composed[0]); i++)
        if (letter == composed[i][0])
            return parse(text, composed[i] + 1, p);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (strchr(numbers[i].letters, letter)) {
            text = read_number(text, &numbers[i], p);
            p->tm.tm_year += letter == 'y' && p->tm.tm_year < 69 ? 100 : 0;
            return text;
        }
    switch (letter) {
    case '%':
        return *text == '%' ? text + 1 : NULL;
    case 'n':
    case 't':
        return skip_space(text);
    case 'a':
    case 'A':
        return read_name(text, DAY_1, ABDAY_1, 7, &p->tm.tm_wday);
    case 'b':
    case 'B':
    case 'h':
        return read_name(text, MON_1, ABMON_1, MONTHS, &p->tm.tm_mon);
    case 'p':
        p->pm = strncasecmp(text, nl_langinfo(PM_STR), 2) == 0;
        return read_name(text, AM_STR, PM_STR, 1, &ignored);
    case 's':
        return read_seconds(text, &p->tm);
    case 'z':
        return read_offset(skip_space(text), &p->tm.tm_gmtoff);
    case 'Z': /* any word */
        text = skip_space(text);
        return text + strcspn(text, " \t\n\v\f\r");
    default:
        return NULL;
    }
}

/* White space stands for any, also none; flags, widths, and E and O before a letter that can have them, have no meaning. */
static const char *parse(const char *text, const char *format, struct parsed *p)
{
    while (text && *format) {
        char c = *format++;
        if (isspace((unsigned char)c)) {
            text = skip_space(text);
        } else if (c != '%') {
            text = *text == c ? text + 1 : NULL;
        } else {
            format += strspn(format, "-_0^#123456789");
            const char *fit = *format == 'E' ? "cCxXY" : *format == 'O' ? "deHImMSUVwWy" : NULL;
            format += fit != NULL;
            text = *format && (!fit || strchr(fit, *format)) ? convert(text, *format++, p) : NULL;
        }
    }
    return text;
}

/* Days from 1 January of tm's year to a day of a month, and the day of the week that it is. */
static int year_day_of(const struct tm *tm, int month, int day, int *week_day)
{
    struct tm there = {.tm_year = tm->tm_year, .tm_mon = month, .tm_mday = day};
    struct tm first = {.tm_year = tm->tm_year, .tm_mday = 1};
    time_t days = timegm(&there) / DAY - timegm(&first) / DAY;

    *week_day = there.tm_wday;
    return (int)days;
}

/* The month and its day that tm_yday names, unless the format did. */
static void date_from_year_day(struct tm *tm, const struct parsed *p)
{
    struct tm there = {.tm_year = tm->tm_year, .tm_mday = tm->tm_yday + 1};

    timegm(&there);
    if (!has(p, "bBhm"))
        tm->tm_mon = there.tm_mon;
    if (!has(p, "de"))
        tm->tm_mday = there.tm_mday;
}

static void imply(struct tm *tm, const struct parsed *p)
{
    bool date = has(p, "bBhCdemyY"), week_day = has(p, "aAuw");
    int monday = !has(p, "U"), found, first;

    if (has(p, "Il") && p->pm)
        tm->tm_hour += 12;
    if (has(p, "C"))
        tm->tm_year = (has(p, "y") ? tm->tm_year % 100 : 0) + (p->century - 19) * 100;
    if (date && !week_day && has(p, "j"))
        date_from_year_day(tm, p);
    if (date && (unsigned)tm->tm_mon < MONTHS) {
        int year_day = year_day_of(tm, tm->tm_mon, tm->tm_mday, &found);
        if (!has(p, "j"))
            tm->tm_yday = year_day;
        if (!week_day)
            tm->tm_wday = found;
    }
    if (has(p, "UW") && week_day) {
        year_day_of(tm, 0, 1, &first);
        if (!has(p, "j"))
            tm->tm_yday =
                (7 - (first - monday)) % 7 + (p->week - 1) * 7 + (tm->tm_wday - monday + 7) % 7;
        date_from_year_day(tm, p);
    }
}

char *strptime(const char *restrict text, const char *restrict format, struct tm *restrict tm)
{
    struct parsed p = {.tm = *tm};

    text = parse(text, format, &p);
    *tm = p.tm;
    if (text)
        imply(tm, &p);
    return (char *)text;
}

char *strptime_l(const char *restrict text, const char *restrict format, struct tm *restrict tm,
                 locale_t locale)
{
    (void)locale;
    return strptime(text, format, tm);
}
