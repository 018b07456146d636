/* SPDX-License-Identifier: MIT
 *
 * strftime and its _l form (POSIX.1-2017): picolibc's strftime, which is called octavo_libc_strftime here, makes the
 * text of one conversion at a time. Up to 1.8.12 it writes a year with a sign from 10000 on, knows no tm_gmtoff and
 * tm_zone, gives up at a conversion that it does not know, and has none of the GNU library's flags: of these "-" for no
 * padding is here. */
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
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
    long minutes = tm->tm_gmtoff / 60;
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
    else if (letter == 'P')
        strcpy(text, tm->tm_hour >= 12 ? "pm" : "am");
    else if (letter != 'z')
        return octavo_libc_strftime(text, TEXT_MOST, format, tm) > 0;
    return true;
}

size_t strftime(char *restrict to, size_t size, const char *restrict format,
                const struct tm *restrict tm)
{
    size_t used = 0, length;

    for (const char *end; *format; format = end, used += length) {
        bool bare = format[0] == '%' && format[1] == '-', modified;
        const char *from = format, *flags = format + 1 + bare;
        char text[TEXT_MOST], one[16] = "%";
        end = flags + strspn(flags, "0123456789");
        modified = *end == 'E' || *end == 'O';
        const char *fit = *end == 'E' ? "cCxXyY" : "deHImMSuUVWwy";
        end += modified;
        length = 1;
        if (*format != '%' || !*end || (modified && !strchr(fit, *end)) || end - flags > 8 ||
            !convert(text, strncat(one, flags, (size_t)(end + 1 - flags)), *end, tm)) {
            end = format + 1; /* as it stands */
        } else {
            end++;
            from = text + (*text == '+' && strchr("CFGY", end[-1]));
            for (bool name = strchr("aAbBhpPZz", end[-1]); bare && !name && from[1];)
                bare = *from == '0' || *from == ' ' ? from++ : NULL;
            length = strlen(from);
        }
        if (used < size)
            memcpy(to + used, from, length < size - used ? length : size - used);
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
