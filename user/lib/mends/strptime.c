/* SPDX-License-Identifier: MIT
 *
 * strptime and its _l form (POSIX.1-2017, and %F %g %G %k %l %s %u %V %z %Z as the GNU library has them).
 * picolibc 1.8 and 1.8.6 accept anything, 1.8.10 traps, and 1.8.12 clears members that the format does not
 * name, reads numbers of any length and knows no %z and no %Z. Here a date has its day of the week and of the year. */
#include <ctype.h>
#include <langinfo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct parsed {
    struct tm tm;
    int century, ignored, pm;
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
    {"UVW", 0, 53, 2, 54, 0, offsetof(struct parsed, ignored)},
    {"G", 0, 9999, 4, 10000, 0, offsetof(struct parsed, ignored)},
    {"g", 0, 99, 2, 100, 0, offsetof(struct parsed, ignored)},
    {"Hk", 0, 23, 2, 24, 0, offsetof(struct parsed, tm.tm_hour)},
    {"Il", 1, 12, 2, 12, 0, offsetof(struct parsed, tm.tm_hour)},
    {"j", 1, 366, 3, 367, -1, offsetof(struct parsed, tm.tm_yday)},
    {"m", 1, 12, 2, 13, -1, offsetof(struct parsed, tm.tm_mon)},
    {"M", 0, 59, 2, 60, 0, offsetof(struct parsed, tm.tm_min)},
    {"S", 0, 61, 2, 62, 0, offsetof(struct parsed, tm.tm_sec)},
    {"u", 1, 7, 1, 7, 0, offsetof(struct parsed, tm.tm_wday)},
    {"w", 0, 6, 1, 7, 0, offsetof(struct parsed, tm.tm_wday)},
    {"y", 0, 99, 2, 100, 0, offsetof(struct parsed, tm.tm_year)},
    {"Y", 0, 9999, 4, 10000, -1900, offsetof(struct parsed, tm.tm_year)},
};

static const char *parse(const char *text, const char *format, struct parsed *p);

/* Was there a conversion with one of these letters? */
static bool has(const struct parsed *p, const char *letters)
{
    while (*letters && !(p->letters & LETTER_BIT(*letters)))
        letters++;
    return *letters;
}

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\n\v\f\r");
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

/* One of `count` names that begin at item, or else of their abbreviations, in any case. */
static const char *read_name(const char *text, nl_item item, nl_item abbreviation, int count,
                             int *which)
{
    for (*which = 0; *which < count; ++*which)
        for (int i = 0; i < 2; i++) {
            const char *name = nl_langinfo((i ? abbreviation : item) + *which);
            if (strncasecmp(text, name, strlen(name)) == 0)
                return text + strlen(name);
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

/* One conversion; NULL: the text does not fit. */
static const char *convert(const char *text, char letter, struct parsed *p)
{
    static const char composed[] = "c%a %b %e %H:%M:%S %Y\0D%m/%d/%y\0F%Y-%m-%d\0r%I:%M:%S %p\0"
                                   "R%H:%M\0T%H:%M:%S\0x%m/%d/%y\0X%H:%M:%S\0";

    char *end;

    p->letters |= isalpha((unsigned char)letter) ? LETTER_BIT(letter) : 0;
    for (const char *at = composed; *at; at += strlen(at) + 1)
        if (letter == *at)
            return parse(text, at + 1, p);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (strchr(numbers[i].letters, letter)) {
            text = read_number(text, &numbers[i], p);
            p->tm.tm_year += letter == 'y' && p->tm.tm_year < 69 ? 100 : 0;
            return text;
        }
    if (letter == '%')
        return *text == '%' ? text + 1 : NULL;
    if (letter == 'n' || letter == 't')
        return skip_space(text);
    if (strchr("aA", letter))
        return read_name(text, DAY_1, ABDAY_1, 7, &p->tm.tm_wday);
    if (strchr("bBh", letter))
        return read_name(text, MON_1, ABMON_1, 12, &p->tm.tm_mon);
    if (letter == 'p')
        return read_name(text, AM_STR, AM_STR, 2, &p->pm);
    if (letter == 's')
        return isdigit((unsigned char)*text) &&
                       localtime_r(&(time_t){strtol(text, &end, 10)}, &p->tm)
                   ? end
                   : NULL;
    if (letter == 'z')
        return read_offset(skip_space(text), &p->tm.tm_gmtoff);
    if (letter != 'Z')
        return NULL;
    text = skip_space(text); /* any word */
    return text + strcspn(text, " \t\n\v\f\r");
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
            const char *fit = *format == 'E' ? "cCxXY" : *format == 'O' ? "deHImMSUVWwy" : NULL;
            format += fit != NULL;
            text = *format && (!fit || strchr(fit, *format)) ? convert(text, *format++, p) : NULL;
        }
    }
    return text;
}

char *strptime(const char *restrict text, const char *restrict format, struct tm *restrict tm)
{
    struct parsed p = {.tm = *tm};

    text = parse(text, format, &p);
    if (!text)
        return NULL;
    if (has(&p, "Il") && p.pm)
        p.tm.tm_hour += 12;
    if (has(&p, "C"))
        p.tm.tm_year = (has(&p, "y") ? p.tm.tm_year % 100 : 0) + (p.century - 19) * 100;
    struct tm day = {.tm_year = p.tm.tm_year, .tm_mon = p.tm.tm_mon, .tm_mday = p.tm.tm_mday};
    if (has(&p, "bBhm") && has(&p, "de")) {
        p.tm.tm_yday = has(&p, "j") ? p.tm.tm_yday : day.tm_yday;
        p.tm.tm_wday = has(&p, "aAuw") ? p.tm.tm_wday : day.tm_wday;
    }
    *tm = p.tm;
    return (char *)text;
}

char *strptime_l(const char *restrict text, const char *restrict format, struct tm *restrict tm,
                 locale_t locale)
{
    (void)locale;
    return strptime(text, format, tm);
}
