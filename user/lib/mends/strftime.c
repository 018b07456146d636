/* SPDX-License-Identifier: MIT
 *
 * strftime, its _l form and wcsftime (POSIX.1-2017): picolibc's strftime, which is called octavo_libc_strftime here,
 * makes the text of one conversion at a time. Up to 1.8.12 it writes a year with a sign from 10000 on, knows no
 * tm_gmtoff and tm_zone, gives up at a conversion that it does not know, and has none of the GNU library's flags: "-"
 * no padding, "_" blanks, "0" zeros, "^" upper case, "#" the other case, and a width. */
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#define TEXT_MOST 128 /* bytes of a conversion before it is padded */

size_t octavo_libc_strftime(char *restrict to, size_t size, const char *restrict format,
                            const struct tm *restrict tm);

struct output {
    char *to;
    size_t size, used; /* used grows beyond size; what is beyond is not written */
};

struct conversion {
    char letter, flag; /* '-', '_', '0' or none */
    bool upper, other_case;
    size_t width;
};

static void put(struct output *out, char c)
{
    if (out->used < out->size)
        out->to[out->used] = c;
    if (out->used < SIZE_MAX)
        out->used++;
}

/* The text of a letter; false: there is no such conversion. */
static bool convert(char *text, char letter, const struct tm *tm)
{
    const char format[] = {'%', letter, '\0'};
    long minutes = tm->tm_gmtoff / 60;
    struct tm copy = *tm;
    size_t length = 1;

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
    else if (letter != 'z')
        length = octavo_libc_strftime(text, TEXT_MOST, format, tm);
    if (*text == '+' && strchr("CFGY", letter))
        memmove(text, text + 1, length);
    return length > 0;
}

/* Pads a text and changes its case, as flags and width say. */
static void put_text(struct output *out, const char *text, const struct conversion *c)
{
    bool number = strchr("CdegGHIjklmMsSuUVwWyYz", c->letter);
    bool name = strchr("aAbBh", c->letter), zeros = number && !strchr("ekl", c->letter);
    char padding = c->flag == '0' || (zeros && c->flag != '_') ? '0' : ' ';
    size_t width = c->width;

    if (number && c->flag) { /* without the padding that there is */
        width = width || c->flag == '-' ? width : strlen(text);
        while ((*text == '0' || *text == ' ') && text[1])
            text++;
    }
    size_t length = strlen(text);
    if (number && strchr("+-", *text))
        put(out, *text++);
    for (; width > length && out->used < out->size; width--)
        put(out, padding);
    for (; *text; text++) {
        int byte = (unsigned char)*text;
        bool upper = c->upper || (c->other_case && name), lower = c->other_case || c->letter == 'P';
        put(out, (char)(upper ? toupper(byte) : lower ? tolower(byte) : byte));
    }
}

/* What is behind a "%", and where it ends; NULL: nothing that is known. */
static const char *read_conversion(const char *format, struct conversion *c)
{
    *c = (struct conversion){0};
    for (; *format && strchr("-_0^#", *format); format++) {
        c->upper |= *format == '^';
        c->other_case |= *format == '#';
        if (*format != '^' && *format != '#')
            c->flag = *format;
    }
    if (isdigit((unsigned char)*format))
        c->width = strtoul(format, (char **)&format, 10);
    const char *fit = *format == 'E' ? "cCxXyY" : *format == 'O' ? "deHImMSuUVwWy" : NULL;
    format += fit != NULL;
    c->letter = *format;
    return *format && (!fit || strchr(fit, *format)) ? format + 1 : NULL;
}

size_t strftime(char *restrict to, size_t size, const char *restrict format,
                const struct tm *restrict tm)
{
    struct output out = {.to = to, .size = size};
    struct conversion c;
    char text[TEXT_MOST];

    while (*format) {
        const char *end = *format == '%' ? read_conversion(format + 1, &c) : NULL;
        if (end && convert(text, c.letter == 'P' ? 'p' : c.letter, tm)) {
            put_text(&out, text, &c);
            format = end;
        } else { /* as it stands */
            put(&out, *format++);
        }
    }
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
