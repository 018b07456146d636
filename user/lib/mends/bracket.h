/* SPDX-License-Identifier: MIT
 *
 * Sets of patterns and of regular expressions (POSIX.1-2017, XBD 9.3.5): "[" items "]", where an item is a
 * character, a range, or [:class:], [=c=] and [.c.] with one character. */
#ifndef OCTAVO_MENDS_BRACKET_H
#define OCTAVO_MENDS_BRACKET_H

#include <limits.h>
#include <regex.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

enum { BRACKET_FOLD = 1, BRACKET_ESCAPES = 2 }; /* cases are the same; \\ quotes */

static inline wint_t bracket_fold(wint_t c, int flags)
{
    return flags & BRACKET_FOLD ? towlower(c) : c;
}

/* The character at *at, which moves behind it; a byte that begins none stands for itself. */
static inline wint_t bracket_character(const char **at)
{
    mbstate_t state = {0};
    wchar_t wide;
    size_t size = mbrtowc(&wide, *at, MB_LEN_MAX, &state);

    if (size == 0 || size > MB_LEN_MAX)
        return (unsigned char)*(*at)++;
    *at += size;
    return (wint_t)wide;
}

/* One end of a range, behind which *at moves; 0 or an error of <regex.h>. */
static inline int bracket_end(const char **at, int flags, wint_t *c)
{
    const char *a = *at, end[] = {a[0] && a[1] ? a[1] : '.', ']', '\0'};
    bool named = a[0] == '[' && (a[1] == '.' || a[1] == '=') && a[2] && strstr(a + 2, end);

    *at += named ? 2 : *a == '\\' && flags & BRACKET_ESCAPES && a[1];
    *c = bracket_fold(bracket_character(at), flags);
    if (named && strncmp(*at, end, 2) != 0)
        return REG_ECOLLATE;
    *at += named ? 2 : 0;
    return *c ? 0 : REG_EBRACK;
}

/* What is behind "[" and, perhaps, "^" or "!": is c in it? *at moves behind the "]". 0 or an error of <regex.h>. */
static inline int bracket_match(const char **at, wint_t c, int flags, bool *matches)
{
    int error = 0;

    *matches = false;
    for (const char *first = *at; !error && (*at == first || **at != ']');) {
        const char *end = strncmp(*at, "[:", 2) == 0 ? strstr(*at + 2, ":]") : NULL;
        char name[16] = "";
        wint_t low, high;
        if (end) {
            strncat(name, *at + 2, (size_t)(end - *at - 2) % sizeof(name));
            error = wctype(name) ? 0 : REG_ECTYPE;
            *matches |= iswctype(c, wctype(name)) != 0;
            *at = end + 2;
            continue;
        }
        error = bracket_end(at, flags, &low);
        high = low;
        if (!error && (*at)[0] == '-' && (*at)[1] != ']') {
            ++*at;
            error = bracket_end(at, flags, &high);
        }
        if (!error && high < low)
            error = REG_ERANGE;
        *matches |= bracket_fold(c, flags) >= low && bracket_fold(c, flags) <= high;
    }
    ++*at;
    return error;
}

#endif
