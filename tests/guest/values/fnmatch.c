/* SPDX-License-Identifier: MIT
 *
 * fnmatch, with listed and drawn patterns. Ranges and classes are those of the C locale. Left out is what POSIX
 * leaves undefined: a bracket expression without an end, a range from a higher to a lower character, a backslash
 * at the end. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fnmatch.h>
#include <string.h>
#include "values.h"

static const struct flag {
    const char *name;
    int flag;
} all_flags[] = {
    {"-", 0},
    {"pathname", FNM_PATHNAME},
    {"period", FNM_PERIOD},
    {"noescape", FNM_NOESCAPE},
    {"pathname+period", FNM_PATHNAME | FNM_PERIOD},
    {"casefold", FNM_CASEFOLD},
    {"leading", FNM_LEADING_DIR | FNM_PATHNAME},
};

static const char *const listed[][2] = {{"", ""},
                                        {"", "a"},
                                        {"*", ""},
                                        {"*", "abc"},
                                        {"?", ""},
                                        {"?", "a"},
                                        {"a?c", "abc"},
                                        {"a*c", "abbbc"},
                                        {"a*b*c", "aXbYc"},
                                        {"*.c", "file.c"},
                                        {"*.c", ".c"},
                                        {"*", ".hidden"},
                                        {"?hidden", ".hidden"},
                                        {"[.]hidden", ".hidden"},
                                        {".*", ".hidden"},
                                        {"*/b", "a/b"},
                                        {"*", "a/b"},
                                        {"a/*", "a/.b"},
                                        {"a/?b", "a/.b"},
                                        {"a?b", "a/b"},
                                        {"a[/]b", "a/b"},
                                        {"a[!x]b", "a/b"},
                                        {"*/*", "a/b/c"},
                                        {"*/*/*", "a/b/c"},
                                        {"a/b", "a/b/c"},
                                        {"a*", "a/b/c"},
                                        {"[abc]", "b"},
                                        {"[abc]", "d"},
                                        {"[!abc]", "d"},
                                        {"[!abc]", "a"},
                                        {"[^abc]", "d"},
                                        {"[a-c]x", "bx"},
                                        {"[a-c-]", "-"},
                                        {"[-a]", "-"},
                                        {"[]a]", "]"},
                                        {"[!]a]", "]"},
                                        {"[!]a]", "b"},
                                        {"[[]", "["},
                                        {"[a\\]]", "]"},
                                        {"[\\a]", "a"},
                                        {"[\\\\]", "\\"},
                                        {"\\*", "*"},
                                        {"\\*", "\\*"},
                                        {"\\*", "x"},
                                        {"\\a", "a"},
                                        {"[[:alpha:]]", "x"},
                                        {"[[:alpha:]]", "5"},
                                        {"[[:digit:]x]", "x"},
                                        {"[![:space:]]", " "},
                                        {"[[:upper:]]", "a"},
                                        {"[[:lower:][:digit:]]*", "9z"},
                                        {"[[:xdigit:]]", "F"},
                                        {"[[:punct:]]", "!"},
                                        {"[[:alnum:]_]", "_"},
                                        {"[[.-.]]", "-"},
                                        {"[[=a=]]", "a"},
                                        {"[a-[.c.]]", "b"},
                                        {"ABC", "abc"},
                                        {"[A-C]x", "bX"},
                                        {"a**b", "axxb"},
                                        {"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa"},
                                        {"*?", ""},
                                        {"?*", "x"},
                                        {"*[ab]*c", "xxbxc"},
                                        {"a]", "a]"},
                                        {"{a,b}", "{a,b}"},
                                        {"a\\/b", "a/b"},
                                        {"[!.]x", ".x"},
                                        {"*/.x", "a/.x"}};

static void show(const char *pattern, const char *text, const struct flag *flag)
{
    int result = fnmatch(pattern, text, flag->flag);

    put("fnmatch %q %q %s: %s\n", pattern, text, flag->name,
        result == 0             ? "yes"
        : result == FNM_NOMATCH ? "no"
                                : "?");
}

static void draw_pattern(char *at)
{
    static const char *const pieces[] = {"*",    "?",     "a",   "b",   ".", "/", "[ab]",
                                         "[!a]", "[a-b]", "\\a", "[.]", "A", "*"};

    *at = 0;
    for (long i = draw_between(1, 6); i > 0; i--)
        strcat(at, pieces[draw_below(COUNT(pieces))]);
}

void run_fnmatch(void)
{
    char pattern[64], text[16];

    for (size_t i = 0; i < COUNT(listed); i++)
        for (size_t j = 0; j < COUNT(all_flags); j++)
            show(listed[i][0], listed[i][1], &all_flags[j]);
    draw_begin("fnmatch");
    for (long i = draw_cases(3000); i > 0; i--) {
        char *at = text;
        draw_pattern(pattern);
        for (long j = draw_between(0, 7); j > 0; j--)
            *at++ = draw_of("aab./A");
        *at = 0;
        show(pattern, text, &all_flags[draw_below(COUNT(all_flags))]);
    }
}
