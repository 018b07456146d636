/* SPDX-License-Identifier: MIT
 *
 * fnmatch (POSIX.1-2017, XCU 2.13) with classes like [[:alpha:]], which picolibc's does not know. Bytes are
 * characters. A * is tried from the shortest on; only the last one that was met is tried again, so the
 * time is at most the product of both lengths. */
#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

static const struct {
    const char *name;
    int (*is)(int);
} classes[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
    {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
    {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

static int fold(int c, int flags)
{
    return flags & FNM_CASEFOLD ? tolower(c) : c;
}

/* [:name:] at text: does it have c? The end of it; NULL: it is none. */
static const char *match_class(const char *text, int c, bool *matches)
{
    const char *end = strstr(text + 2, ":]");

    for (size_t i = 0; end && i < sizeof(classes) / sizeof(classes[0]); i++) {
        size_t length = strlen(classes[i].name);
        if (length != (size_t)(end - text - 2) || strncmp(classes[i].name, text + 2, length) != 0)
            continue;
        if (classes[i].is(c))
            *matches = true;
        return end + 2;
    }
    return NULL;
}

/* One character of a bracket expression, also as [.c.] or [=c=]; *text moves behind it. -1: none. */
static int bracket_byte(const char **text, int flags)
{
    const char *at = *text;

    if (*at == '[' && (at[1] == '.' || at[1] == '=') && at[2] && at[3] == at[1] && at[4] == ']') {
        *text = at + 5;
        return (unsigned char)at[2];
    }
    if (*at == '\\' && !(flags & FNM_NOESCAPE) && at[1])
        at++;
    *text = at + (*at != '\0');
    return *at ? (unsigned char)*at : -1;
}

/* The bracket expression behind its "[": does it have c? The end of it; NULL: it does not end, and "["
 * stands for itself. */
static const char *match_bracket(const char *at, int c, int flags, bool *matches)
{
    bool negated = *at == '!' || *at == '^', found = false, first = true;

    at += negated;
    for (; first || *at != ']'; first = false) {
        const char *end = at[0] == '[' && at[1] == ':' ? match_class(at, c, &found) : NULL;
        if (end) {
            at = end;
            continue;
        }
        if (*at == '/' && flags & FNM_PATHNAME)
            return NULL;
        int low = bracket_byte(&at, flags), high = low;
        if (low < 0)
            return NULL;
        if (*at == '-' && at[1] && at[1] != ']') {
            at++;
            high = bracket_byte(&at, flags);
            if (high < 0)
                return NULL;
        }
        if ((c >= low && c <= high) ||
            (flags & FNM_CASEFOLD && ((tolower(c) >= tolower(low) && tolower(c) <= tolower(high)))))
            found = true;
    }
    *matches = found != negated;
    return at + 1;
}

/* May text's byte not be matched by a wildcard? */
static bool is_barred(const char *text, const char *start, int flags)
{
    if (*text == '/' && flags & FNM_PATHNAME)
        return true;
    return *text == '.' && flags & FNM_PERIOD &&
           (text == start || (flags & FNM_PATHNAME && text[-1] == '/'));
}

/* Matches one element of the pattern that is no * with *text; the end of it, or NULL. */
static const char *match_one(const char *pattern, const char *text, const char *start, int flags)
{
    int c = (unsigned char)*text;
    bool matches;

    if (!c)
        return NULL;
    if (*pattern == '?')
        return is_barred(text, start, flags) ? NULL : pattern + 1;
    if (*pattern == '[') {
        const char *end = match_bracket(pattern + 1, c, flags, &matches);
        if (end)
            return matches && !is_barred(text, start, flags) ? end : NULL;
    }
    if (*pattern == '\\' && !(flags & FNM_NOESCAPE)) {
        if (!pattern[1])
            return NULL;
        pattern++;
    }
    return fold((unsigned char)*pattern, flags) == fold(c, flags) ? pattern + 1 : NULL;
}

int fnmatch(const char *pattern, const char *text, int flags)
{
    const char *start = text, *star = NULL, *star_text = NULL;

    for (;;) {
        const char *next = NULL;
        if (*pattern == '*') {
            while (*pattern == '*')
                pattern++;
            if (is_barred(text, start, flags) && *text == '.')
                return FNM_NOMATCH;
            star = pattern;
            star_text = text;
            continue;
        }
        if (*pattern && *text)
            next = match_one(pattern, text, start, flags);
        if (next) {
            pattern = next;
            text++;
            continue;
        }
        if (!*pattern && (!*text || (flags & FNM_LEADING_DIR && *text == '/')))
            return 0;
        if (!star || !*star_text || is_barred(star_text, start, flags))
            return FNM_NOMATCH;
        text = ++star_text;
        pattern = star;
    }
}
