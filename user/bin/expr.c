/* SPDX-License-Identifier: MIT
 *
 * expr operand... (POSIX XCU expr). Integers of 64 bits; results that need more are errors. */
#include "user/lib/tool/tool.h"
#include <regex.h>
#include <stdlib.h>
#include <string.h>

static char **word;

/* Values are text in malloc's memory; a few are never freed, the program is short. */
static char *parse_or(void);

static char *text_of(long long value)
{
    char *text = tool_memory(NULL, 24);

    snprintf(text, 24, "%lld", value);
    return text;
}

static int is_integer(const char *text, long long *value)
{
    char *end;

    *value = strtoll(text, &end, 10);
    return *text && !*end && strspn(text, "-0123456789") == strlen(text);
}

static int is_null(const char *text)
{
    long long value;

    return !*text || (is_integer(text, &value) && value == 0);
}

static int next_is(const char *text)
{
    return *word && strcmp(*word, text) == 0 ? (word++, 1) : 0;
}

static char *parse_primary(void)
{
    if (!*word)
        tool_die("syntax error: missing argument");
    if (next_is("(")) {
        char *value = parse_or();
        if (!next_is(")"))
            tool_die("syntax error: expecting ')'");
        return value;
    }
    return *word++;
}

/* STRING : REGEX, anchored; the group if there is one, else the length. */
static char *match(const char *text, const char *pattern)
{
    regex_t regex;
    regmatch_t group[2];
    char *anchored = tool_memory(NULL, strlen(pattern) + 2), *result;

    sprintf(anchored, "%s%s", *pattern == '^' ? "" : "^", pattern);
    if (regcomp(&regex, anchored, 0) != 0)
        tool_die("%s: not a regular expression", pattern);
    int found = regexec(&regex, text, 2, group, 0) == 0;
    if (regex.re_nsub == 0) {
        result = text_of(found ? group[0].rm_eo : 0);
    } else {
        size_t length =
            found && group[1].rm_so >= 0 ? (size_t)(group[1].rm_eo - group[1].rm_so) : 0;
        result = tool_memory(NULL, length + 1);
        if (length)
            memcpy(result, text + group[1].rm_so, length);
        result[length] = '\0';
    }
    regfree(&regex);
    free(anchored);
    return result;
}

static char *parse_match(void)
{
    char *left = parse_primary();

    while (next_is(":"))
        left = match(left, parse_primary());
    return left;
}

static char *arithmetic(const char *left, char op, const char *right)
{
    long long a, b, result;
    int overflow = 0;

    if (!is_integer(left, &a) || !is_integer(right, &b))
        tool_die("non-integer argument");
    switch (op) {
    case '+':
        overflow = __builtin_add_overflow(a, b, &result);
        break;
    case '-':
        overflow = __builtin_sub_overflow(a, b, &result);
        break;
    case '*':
        overflow = __builtin_mul_overflow(a, b, &result);
        break;
    default:
        if (b == 0)
            tool_die("division by zero");
        if (b == -1) /* the one division that overflows */
            overflow = op == '/' ? __builtin_sub_overflow(0ll, a, &result) : (result = 0, 0);
        else
            result = op == '/' ? a / b : a % b;
    }
    if (overflow)
        tool_die("the result is too large");
    return text_of(result);
}

static char *parse_factor(void)
{
    char *left = parse_match();

    for (;;)
        if (next_is("*"))
            left = arithmetic(left, '*', parse_match());
        else if (next_is("/"))
            left = arithmetic(left, '/', parse_match());
        else if (next_is("%"))
            left = arithmetic(left, '%', parse_match());
        else
            return left;
}

static char *parse_sum(void)
{
    char *left = parse_factor();

    for (;;)
        if (next_is("+"))
            left = arithmetic(left, '+', parse_factor());
        else if (next_is("-"))
            left = arithmetic(left, '-', parse_factor());
        else
            return left;
}

static char *parse_comparison(void)
{
    static const char *const names[] = {"=", "==", "!=", "<", "<=", ">", ">="};
    char *left = parse_sum();

    for (int i = 0; i < 7; i++) {
        long long a, b;
        if (!next_is(names[i]))
            continue;
        char *right = parse_sum();
        int order =
            is_integer(left, &a) && is_integer(right, &b) ? (a > b) - (a < b) : strcmp(left, right);
        int result = i < 2    ? order == 0
                     : i == 2 ? order != 0
                     : i == 3 ? order < 0
                     : i == 4 ? order <= 0
                     : i == 5 ? order > 0
                              : order >= 0;
        left = text_of(result);
        i = -1;
    }
    return left;
}

static char *parse_and(void)
{
    char *left = parse_comparison();

    while (next_is("&")) {
        char *right = parse_comparison();
        if (is_null(left) || is_null(right))
            left = text_of(0);
    }
    return left;
}

static char *parse_or(void)
{
    char *left = parse_and();

    while (next_is("|")) {
        char *right = parse_and();
        if (is_null(left))
            left = is_null(right) ? text_of(0) : right;
    }
    return left;
}

int main(int argc, char **argv)
{
    tool_begin(argv, "expr operand...");
    tool_trouble = TOOL_MISUSED;
    word = argv + 1 + (argc > 1 && strcmp(argv[1], "--") == 0);
    char *result = parse_or();
    if (*word)
        tool_die("syntax error: unexpected argument '%s'", *word);
    puts(result);
    int null = is_null(result);
    return tool_end() ? TOOL_MISUSED : null;
}
