/* SPDX-License-Identifier: MIT
 *
 * fnmatch (POSIX.1-2017), byte by byte; picolibc's has no character classes. Where a star is met, the
 * rest is tried at each place; only the last star is ever tried again, so it takes no more than
 * pattern times text. */
#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static int fold(int c, int flags)
{
    return flags & FNM_CASEFOLD ? tolower(c) : c;
}

/* [:name:] at p, behind its "[:". The end, or NULL: it is none. */
static const char *match_class(const char *p, int c, bool *matches)
{
    static const struct {
        const char *name;
        int (*is)(int);
    } classes[] = {{"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank},
                   {"cntrl", iscntrl}, {"digit", isdigit}, {"graph", isgraph},
                   {"lower", islower}, {"print", isprint}, {"punct", ispunct},
                   {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit}};
    const char *end = strstr(p, ":]");

    for (unsigned i = 0; end && i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strlen(classes[i].name) == (size_t)(end - p) &&
            strncmp(classes[i].name, p, (size_t)(end - p)) == 0) {
            *matches |= classes[i].is(c) != 0;
            return end + 2;
        }
    return NULL;
}

/* One character of a bracket, also as [.x.] and [=x=]; *p moves behind it. */
static int bracket_character(const char **p, int flags)
{
    const char *at = *p;

    if (at[0] == '[' && (at[1] == '.' || at[1] == '=') && at[2] && at[3] == at[1] && at[4] == ']') {
        *p = at + 5;
        return (unsigned char)at[2];
    }
    if (*at == '\\' && !(flags & FNM_NOESCAPE) && at[1])
        at++;
    *p = at + 1;
    return (unsigned char)*at;
}

/* A bracket expression at p, behind its "[". Its end, or NULL: it is none, "[" stands for itself. */
static const char *match_bracket(const char *p, int c, int flags, bool *matches)
{
    bool negated = *p == '!' || *p == '^', found = false;
    const char *first = p + negated;

    c = fold(c, flags);
    for (p = first; *p && (*p != ']' || p == first);) {
        const char *end = p[0] == '[' && p[1] == ':' ? match_class(p + 2, c, &found) : NULL;
        if (end) {
            p = end;
            continue;
        }
        if (*p == '/' && (flags & FNM_PATHNAME))
            return NULL;
        int low = bracket_character(&p, flags), high = low;
        if (p[0] == '-' && p[1] && p[1] != ']') {
            p++;
            high = bracket_character(&p, flags);
        }
        found |= fold(low, flags) <= c && c <= fold(high, flags);
    }
    if (*p != ']')
        return NULL;
    *matches = found != negated;
    return p + 1;
}

/* Whether the text's character may only be matched by itself. */
static bool is_leading_period(const char *text, const char *start, int flags)
{
    return *text == '.' && (flags & FNM_PERIOD) &&
           (text == start || ((flags & FNM_PATHNAME) && text[-1] == '/'));
}

/* One character of the text against the pattern's next element, which is no star. The pattern behind
 * it, or NULL. */
static const char *match_one(const char *p, const char *text, const char *start, int flags)
{
    int c = (unsigned char)*text;
    bool special = *p == '?' || *p == '[', matches = false;

    if (special && ((c == '/' && (flags & FNM_PATHNAME)) || is_leading_period(text, start, flags)))
        return *p == '[' && !strchr(p, ']') && c == '[' ? p + 1 : NULL;
    if (*p == '?')
        return p + 1;
    if (*p == '[') {
        const char *end = match_bracket(p + 1, c, flags, &matches);
        if (end)
            return matches ? end : NULL;
    }
    if (*p == '\\' && !(flags & FNM_NOESCAPE) && p[1])
        p++;
    return *p && fold((unsigned char)*p, flags) == fold(c, flags) ? p + 1 : NULL;
}

int fnmatch(const char *pattern, const char *text, int flags)
{
    const char *start = text, *star = NULL, *from = NULL; /* behind the last star; where it began */

    for (;;) {
        if (*pattern == '*') {
            if (is_leading_period(text, start, flags))
                return FNM_NOMATCH;
            star = ++pattern;
            from = text;
            continue;
        }
        if (!*text && !*pattern)
            return 0;
        if (!*pattern && *text == '/' && (flags & FNM_LEADING_DIR))
            return 0;
        const char *next = *text ? match_one(pattern, text, start, flags) : NULL;
        if (next) {
            pattern = next;
            text++;
            continue;
        }
        if (!star || !*from || (*from == '/' && (flags & FNM_PATHNAME)))
            return FNM_NOMATCH;
        text = ++from;
        pattern = star;
    }
}
