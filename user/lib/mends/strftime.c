/* SPDX-License-Identifier: MIT
 *
 * strftime and its _l form (POSIX.1-2017): picolibc's strftime, which is called octavo_libc_strftime here, makes the
 * text of one conversion at a time. Up to 1.8.12 it writes a year with a sign from 10000 on, knows no tm_gmtoff and
 * tm_zone, gives up at a conversion that it does not know, and has none of the GNU library's flags: of these "-" for no
 * padding is here. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEXT_MOST 128 /* bytes of a conversion */

size_t octavo_libc_strftime(char *restrict to, size_t size, const char *restrict format,
                            const struct tm *restrict tm);

/* The text of a conversion "%...letter"; false: there is no such one. */
static bool convert(char *text, const char *format, char letter, const struct tm *tm)
{
    long minutes = tm->tm_gmtoff / 60, width = strtol(format + 1, NULL, 10);
    struct tm copy = *tm;

    *text = '\0';
    if ((strchr("aA", letter) && (unsigned)tm->tm_wday > 6) ||
        (strchr("bBh", letter) && (unsigned)tm->tm_mon > 11))
        strcpy(text, "?");
    else if (letter == 'Z')
        snprintf(text, TEXT_MOST, "%s", tm->tm_zone ? tm->tm_zone : "");
    else if (letter == 'z' && tm->tm_isdst >= 0)
        snprintf(text, TEXT_MOST, "%+05ld", minutes / 60 * 100 + minutes % 60);
    else if (letter == 's')
        snprintf(text, TEXT_MOST, "%ld", (long)mktime(&copy));
    else if (letter == 'c')
        strftime(text, TEXT_MOST, "%a %b %e %H:%M:%S %Y", tm);
    else if (letter == 'F' && width > 6) /* the year has what month and day leave of the width */
        snprintf(text, TEXT_MOST, "%0*ld-%02d-%02d", (int)(width < 100 ? width : 100) - 6,
                 1900l + tm->tm_year, tm->tm_mon + 1, tm->tm_mday);
    else if (letter == 'P')
        strcpy(text, tm->tm_hour >= 12 ? "pm" : "am");
    else if (letter != 'z')
        return octavo_libc_strftime(text, TEXT_MOST, format, tm) > 0;
    return true;
}

/* The text of the conversion behind a "%", and its end; NULL: nothing that is known. */
static const char *read_conversion(char *text, const char *at, const struct tm *tm)
{
    char format[16] = "%";
    bool bare = *at == '-';
    const char *end = at + bare + strspn(at + bare, "0123456789");
    const char *fit = *end == 'E' ? "cCxXyY" : *end == 'O' ? "deHImMSuUVWwy" : NULL;

    end += fit != NULL;
    size_t length = (size_t)(end - at) + 1;
    if (!*end || (fit && !strchr(fit, *end)) || length + 2 > sizeof(format) ||
        !convert(text, strncat(format, at + bare, length - bare), *end, tm))
        return NULL;
    size_t skip = *text == '+' && strchr("CFGY", *end);
    while (bare && (text[skip] == '0' || text[skip] == ' ') && text[skip + 1])
        skip++;
    memmove(text, text + skip, strlen(text + skip) + 1);
    return end + 1;
}

size_t strftime(char *restrict to, size_t size, const char *restrict format,
                const struct tm *restrict tm)
{
    size_t used = 0, length;

    for (; *format; used += length) {
        char text[TEXT_MOST];
        const char *end = *format == '%' ? read_conversion(text, format + 1, tm) : NULL;
        if (!end) /* it stands for itself */
            strcpy(text, (char[]){*format, '\0'});
        length = strlen(text);
        if (used < size)
            memcpy(to + used, text, length < size - used ? length : size - used);
        format = end ? end : format + 1;
    }
    if (used >= size)
        return 0;
    to[used] = '\0';
    return used;
}

size_t strftime_l(char *restrict to, size_t size, const char *restrict format,
                  const struct tm *restrict tm, locale_t locale)
{
    (void)locale;
    return strftime(to, size, format, tm);
}
