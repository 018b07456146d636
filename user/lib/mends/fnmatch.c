/* SPDX-License-Identifier: MIT
 *
 * fnmatch (POSIX.1-2017, XCU 2.13, and FNM_CASEFOLD and FNM_LEADING_DIR). Up to picolibc 1.8.10 [[:alpha:]] is
 * not known, and in all versions to 1.8.12 the time grows exponentially with the number of "*". Here a * is tried
 * from the shortest on, and only the last one that was met is tried again, so the time is at most the product of
 * both lengths. */
#include <fnmatch.h>
#include "user/lib/mends/bracket.h"

/* May the character at text not be matched by a wildcard? */
static bool is_barred(const char *text, const char *start, int flags)
{
    if (*text == '/' && flags & FNM_PATHNAME)
        return true;
    return *text == '.' && flags & FNM_PERIOD &&
           (text == start || (flags & FNM_PATHNAME && text[-1] == '/'));
}

/* Does the set at *pattern, behind which it moves, have c? One that does not end is an ordinary "[". */
static bool match_set(const char **pattern, wint_t c, int flags)
{
    const char *at = *pattern + 1;
    bool negated = *at == '!' || *at == '^', matches;

    at += negated;
    int error = bracket_match(&at, c, flags, &matches);
    *pattern = error == REG_EBRACK ? *pattern + 1 : at;
    return error == REG_EBRACK ? c == '[' : !error && matches != negated;
}

/* Matches one element of the pattern that is no * with one character, and moves both behind it. */
static bool match_one(const char **pattern, const char **text, const char *start, int flags)
{
    bool barred = is_barred(*text, start, flags);
    int set_flags =
        (flags & FNM_CASEFOLD ? BRACKET_FOLD : 0) | (flags & FNM_NOESCAPE ? 0 : BRACKET_ESCAPES);

    if (!**text || !**pattern)
        return false;
    wint_t c = bracket_character(text);
    if (**pattern == '?')
        return ++*pattern, !barred;
    if (**pattern == '[')
        return match_set(pattern, c, set_flags) && (!barred || c == '[');
    if (**pattern == '\\' && !(flags & FNM_NOESCAPE))
        ++*pattern;
    return **pattern &&
           bracket_fold(bracket_character(pattern), set_flags) == bracket_fold(c, set_flags);
}

int fnmatch(const char *pattern, const char *text, int flags)
{
    const char *start = text, *star = NULL, *star_text = NULL;

    for (;;) {
        const char *next = pattern, *rest = text;
        if (*pattern == '*') {
            while (*pattern == '*')
                pattern++;
            if (*text == '.' && is_barred(text, start, flags))
                return FNM_NOMATCH;
            star = pattern;
            star_text = text;
        } else if (match_one(&next, &rest, start, flags)) {
            pattern = next;
            text = rest;
        } else if (!*pattern && (!*text || (flags & FNM_LEADING_DIR && *text == '/'))) {
            return 0;
        } else if (!star || !*star_text || is_barred(star_text, start, flags)) {
            return FNM_NOMATCH;
        } else {
            bracket_character(&star_text);
            text = star_text;
            pattern = star;
        }
    }
}
