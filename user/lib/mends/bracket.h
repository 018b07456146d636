/* SPDX-License-Identifier: MIT
 *
 * Bracket expressions of patterns and regular expressions (POSIX.1-2017, XBD 9.3.5): "[" items "]", where an
 * item is a character, a range, or [:class:], [=c=] and [.c.] with one character. */
#ifndef OCTAVO_MENDS_BRACKET_H
#define OCTAVO_MENDS_BRACKET_H

#include <limits.h>
#include <regex.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

enum {
    BRACKET_FOLD = 1, /* upper and lower case are the same */
    BRACKET_PATTERN =
        2, /* of fnmatch: "-" behind a range stands for itself, and classes have a case */
    BRACKET_ESCAPES = 4, /* \\ quotes */
};

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

/* The end of [:name:], [=c=] or [.c.] at `at`, which is of this kind; NULL: it is none, and "[" an ordinary
 * character. */
static inline const char *bracket_element_end(const char *at, char kind)
{
    const char end[] = {kind, ']', '\0'};

    return at[0] == '[' && at[1] == kind && at[2] ? strstr(at + 2, end) : NULL;
}

/* One end of a range, behind which *at moves; 0 or an error of <regex.h>. */
static inline int bracket_end(const char **at, int flags, wint_t *c)
{
    const char *end = bracket_element_end(*at, '.');

    end = end ? end : bracket_element_end(*at, '=');
    *at += end ? 2 : **at == '\\' && flags & BRACKET_ESCAPES && (*at)[1];
    *c = bracket_character(at);
    if (end && *at != end)
        return REG_ECOLLATE;
    *at += end ? 2 : 0;
    return *c ? 0 : REG_EBRACK;
}

/* [:name:], which ends at `end` and behind which *at moves: is c of this class? 0 or an error. */
static inline int bracket_class(const char **at, const char *end, wint_t c, int flags,
                                bool *matches)
{
    char name[16] = "";

    if (end - *at - 2 < (long)sizeof(name))
        memcpy(name, *at + 2, (size_t)(end - *at - 2));
    *at = end + 2;
    if (!wctype(name))
        return REG_ECTYPE;
    if (flags == BRACKET_FOLD && (strcmp(name, "upper") == 0 || strcmp(name, "lower") == 0))
        strcpy(name, "alpha");
    *matches |= iswctype(c, wctype(name)) != 0;
    return 0;
}

/* What is behind "[" or "[^": is c in it? *at moves behind the "]". 0 or an error of <regex.h>. */
static inline int bracket_match(const char **at, wint_t c, int flags, bool *matches)
{
    wint_t lower = towlower(c), upper = towupper(c);
    int error = 0;

    *matches = false;
    for (bool first = true; !error && (first || **at != ']'); first = false) {
        wint_t low, high;
        const char *end = bracket_element_end(*at, ':');
        if (end) {
            error = bracket_class(at, end, c, flags, matches);
            continue;
        }
        error = bracket_end(at, flags, &low);
        high = low;
        if (!error && (*at)[0] == '-' && (*at)[1] != ']') {
            ++*at;
            error = bracket_end(at, flags, &high);
            bool more = (*at)[0] == '-' && (*at)[1] != ']' && !(flags & BRACKET_PATTERN);
            if (!error && (high < low || more))
                error = REG_ERANGE;
        }
        *matches |= (c >= low && c <= high) ||
                    (flags & BRACKET_FOLD &&
                     ((lower >= low && lower <= high) || (upper >= low && upper <= high)));
    }
    ++*at;
    return error;
}

#endif
