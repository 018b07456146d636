/* SPDX-License-Identifier: MIT
 *
 * regcomp and regexec: errors, where the whole matches and where its parts, with listed and drawn expressions.
 *
 * Of drawn ones only the place of the whole match is compared, the leftmost and of those the longest: libraries
 * differ in the parts, glibc from POSIX, too. Left out is what POSIX leaves undefined: an empty alternative, a
 * repetition of a repetition, an escaped ordinary character. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/types.h> /* some versions of the next want size_t */
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include "values.h"

#define PARTS 5

static const struct name {
    int value;
    const char *name;
} errors[] = {
    {0, "0"},
    {REG_BADPAT, "BADPAT"},
    {REG_ECOLLATE, "ECOLLATE"},
    {REG_ECTYPE, "ECTYPE"},
    {REG_EESCAPE, "EESCAPE"},
    {REG_ESUBREG, "ESUBREG"},
    {REG_EBRACK, "EBRACK"},
    {REG_EPAREN, "EPAREN"},
    {REG_EBRACE, "EBRACE"},
    {REG_BADBR, "BADBR"},
    {REG_ERANGE, "ERANGE"},
    {REG_ESPACE, "ESPACE"},
    {REG_BADRPT, "BADRPT"},
    {REG_NOMATCH, "NOMATCH"},
};

static const char *error_name(int error)
{
    for (size_t i = 0; i < COUNT(errors); i++)
        if (errors[i].value == error)
            return errors[i].name;
    return "?";
}

/* flags: E extended, I icase, N newline, S nosub, b notbol, e noteol; x: an error that may have either of two names. */
static int flags_of(const char *flags, int executing)
{
    int result = 0;

    for (; *flags; flags++)
        if (!executing)
            result |= *flags == 'E'   ? REG_EXTENDED
                      : *flags == 'I' ? REG_ICASE
                      : *flags == 'N' ? REG_NEWLINE
                      : *flags == 'S' ? REG_NOSUB
                                      : 0;
        else
            result |= *flags == 'b' ? REG_NOTBOL : *flags == 'e' ? REG_NOTEOL : 0;
    return result;
}

static void show(const char *pattern, const char *flags, const char *text, int parts)
{
    regmatch_t matches[PARTS];
    regex_t regex;
    int error = regcomp(&regex, pattern, flags_of(flags, 0));

    put("regex %q %s %q: ", pattern, *flags ? flags : "-", text);
    if (error) {
        put("%s\n", strchr(flags, 'x') ? "error" : error_name(error));
        return;
    }
    error = regexec(&regex, text, PARTS, matches, flags_of(flags, 1));
    put("%s", error_name(error));
    if (error == 0 && !strchr(flags, 'S'))
        for (int i = 0; i < parts && (size_t)i <= regex.re_nsub; i++)
            put(" %i-%i", (int)matches[i].rm_so, (int)matches[i].rm_eo);
    put("\n");
    regfree(&regex);
}

static const char *const listed[][3] = {{"abc", "", "xabcy"},
                                        {"abc", "E", "ab"},
                                        {"a*", "", "aaa"},
                                        {"a*", "", "baa"},
                                        {"a\\{2\\}", "", "aaa"},
                                        {"a\\{2,\\}", "", "aaaa"},

                                        {"a{2}", "E", "aaa"},
                                        {"a{1,2}", "E", "aaa"},
                                        {"a{0}b", "E", "ab"},
                                        {"a+", "E", "caat"},
                                        {"a?", "E", "b"},
                                        {"a+", "", "aa+"},
                                        {"a?b", "", "a?b"},
                                        {"a|b", "E", "b"},
                                        {"a|b", "", "a|b"},
                                        {"ab|abcd|abc", "E", "abcde"},
                                        {"(a)(b)?", "E", "a"},
                                        {"(a)|(b)", "E", "b"},
                                        {"\\(a\\)\\(b\\)*", "", "abb"},
                                        {"\\(ab\\)\\1", "", "ababab"},
                                        {"\\(a*\\)b\\1", "", "aabaa"},
                                        {"(a*)(b*)", "E", "aabb"},

                                        {"([a-c]+)([0-9]+)", "E", "xxabc123y"},
                                        {"^a", "", "ba"},
                                        {"^a", "", "ab"},
                                        {"a$", "", "ba"},
                                        {"a$", "", "ab"},
                                        {"^$", "", ""},
                                        {"^", "", "abc"},
                                        {"$", "", "abc"},
                                        {"a^b", "", "a^b"},
                                        {"a$b", "", "a$b"},
                                        {"\\(^a\\)", "", "ab"},
                                        {"(^a|b$)", "E", "cb"},
                                        {"^*a", "", "*a"},
                                        {"*a", "", "*a"},
                                        {"\\(*a\\)", "", "*a"},
                                        {".", "", ""},
                                        {".", "", "x"},
                                        {"a.c", "", "abc"},
                                        {"a.c", "N", "a\nc"},
                                        {"a.c", "", "a\nc"},
                                        {"^b", "N", "a\nb"},
                                        {"a$", "N", "a\nb"},
                                        {"^b", "", "a\nb"},
                                        {"[^a]", "N", "\n"},
                                        {"[^a]", "", "\n"},
                                        {"^a", "b", "a"},
                                        {"a$", "e", "a"},
                                        {"^b", "Nb", "a\nb"},
                                        {"[abc]", "", "xcx"},
                                        {"[^abc]", "", "abcx"},
                                        {"[a-c]*", "", "cabd"},
                                        {"[]a]", "", "]"},
                                        {"[^]a]", "", "]ab"},
                                        {"[a-]", "", "-"},
                                        {"[-a]", "", "-"},
                                        {"[a\\]", "", "\\"},
                                        {"[.]", "", "a."},
                                        {"[*]", "", "a*"},
                                        {"[[:digit:]]*", "", "123a"},
                                        {"[[:alpha:]]+", "E", "12ab"},
                                        {"[[:space:]]", "", "a b"},
                                        {"[^[:upper:]]", "", "Ab"},
                                        {"[[:alnum:]_]+", "E", "-a_1-"},
                                        {"[[=a=]]", "", "a"},
                                        {"[[.a.]]", "", "a"},
                                        {"[[.-.]]", "", "-"},

                                        {"[a-[.c.]]", "", "b"},
                                        {"ABC", "I", "xabc"},
                                        {"[A-C]", "I", "b"},
                                        {"[^a]", "I", "Ab"},
                                        {"\\(a\\)\\1", "I", "aA"},
                                        {"a", "S", "a"},
                                        {"(a)", "ES", "a"},
                                        {"\\.", "", "a."},
                                        {"\\*", "", "a*"},
                                        {"\\[", "", "a["},
                                        {"\\\\", "", "a\\"},
                                        {"\\$", "", "a$"},
                                        {"\\(", "E", "a("},
                                        {"\\{", "E", "a{"},
                                        {"\\|", "E", "a|"},
                                        {"\\+", "E", "a+"},
                                        {"\\^", "", "^"},
                                        {"()", "E", "a"},
                                        {"\\(\\)", "", "a"},
                                        {"(a)(b)(c)(d)(e)", "E", "abcde"},
                                        {"((a)(b))", "E", "ab"},
                                        {"(a(b(c)))", "E", "abc"},
                                        {"(ab)*", "E", "ababa"},
                                        {"(a|b)*", "E", "abac"},
                                        {"(a|b)+c", "E", "abac"},
                                        {"x*", "", ""},
                                        {"(x)*", "E", ""},
                                        {"(a)*b", "E", "b"},
                                        {"(a+|b+)*c", "E", "aabbc"},

                                        {"a{255}", "E", "a"},
                                        /* errors */
                                        {"[", "x", "a"},
                                        {"[a", "", "a"},
                                        {"[]", "", "a"},
                                        {"[^]", "", "a"},
                                        {"(", "E", "a"},
                                        {"(a", "E", "a"},
                                        {"\\(", "", "a"},
                                        {"\\(a", "", "a"},
                                        {"\\)", "", "a"},
                                        {"a\\{", "x", "a"},
                                        {"a\\{1", "", "a"},
                                        {"a\\{1,", "", "a"},
                                        {"a\\{2,1\\}", "", "a"},
                                        {"a\\{1,2", "", "a"},
                                        {"a\\{x\\}", "", "a"},
                                        {"a{2,1}", "E", "a"},
                                        {"\\", "", "a"},
                                        {"a\\", "E", "a"},
                                        {"[[:foo:]]", "", "a"},
                                        {"[b-a]", "", "a"},
                                        {"[a-", "x", "a"},
                                        {"[[:alpha:]", "", "a"},
                                        {"\\1", "", "a"},
                                        {"\\(a\\)\\2", "", "a"},
                                        {"*a", "E", "a"},
                                        {"+a", "E", "a"},
                                        {"(*a)", "E", "a"},
                                        {"a\\{65536\\}", "x", "a"},
                                        {"a{99999999999}", "Ex", "a"},
                                        {"[[.nosuch.]]", "", "a"},
                                        {"[[=ab=]]", "", "a"}};

/* An expression over a and b that matches in few ways; depth: how many parentheses may come inside. */
static char *draw_alternatives(char *at, int extended, int depth);

static char *draw_atom(char *at, int extended, int depth)
{
    static const char *const atoms[] = {"a",    "b",    "a", "b",     ".",
                                        "[ab]", "[^a]", "c", "[a-b]", "[[:alpha:]]"};
    const char *open = extended ? "(" : "\\(", *close = extended ? ")" : "\\)";

    if (depth > 0 && draw_chance(4)) {
        at = stpcpy(at, open);
        at = draw_alternatives(at, extended, depth - 1);
        return stpcpy(at, close);
    }
    return stpcpy(at, atoms[draw_below(COUNT(atoms))]);
}

static char *draw_branch(char *at, int extended, int depth)
{
    static const char *const repeats[] = {"*", "+", "?", "{2}", "{1,2}", "{0,1}", "{1,}"};
    static const char *const basic_repeats[] = {"*", "\\{2\\}", "\\{1,2\\}", "\\{0,1\\}",
                                                "\\{1,\\}"};

    for (long i = draw_between(1, 3); i > 0; i--) {
        at = draw_atom(at, extended, depth);
        if (draw_chance(3))
            at = stpcpy(at, extended ? repeats[draw_below(COUNT(repeats))]
                                     : basic_repeats[draw_below(COUNT(basic_repeats))]);
    }
    return at;
}

static char *draw_alternatives(char *at, int extended, int depth)
{
    at = draw_branch(at, extended, depth);
    while (extended && draw_chance(4)) {
        *at++ = '|';
        at = draw_branch(at, extended, depth);
    }
    *at = 0;
    return at;
}

void run_regex(void)
{
    char pattern[1000], text[16];

    for (size_t i = 0; i < COUNT(listed); i++)
        show(listed[i][0], listed[i][1], listed[i][2], PARTS);
    draw_begin("regex");
    for (long i = draw_cases(2500); i > 0; i--) {
        static const char *const flags[] = {"E", "E", "EI", "", "", "I", "EN", "Eb", "e"};
        const char *flag = flags[draw_below(COUNT(flags))];
        char *at = pattern;
        if (draw_chance(6))
            *at++ = '^';
        at = draw_alternatives(at, *flag == 'E', 2);
        if (draw_chance(6))
            *at++ = '$';
        *at = 0;
        at = text;
        for (long j = draw_between(0, 8); j > 0; j--)
            *at++ = draw_of(*flag == 'E' && flag[1] == 'N' ? "aab\nbA" : "aabbcA");
        *at = 0;
        show(pattern, flag, text, 1);
    }
}
