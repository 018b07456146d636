/* SPDX-License-Identifier: MIT
 *
 * $((...)): C's integer expressions on 64 bits, with variables and assignments (POSIX XCU 2.6.4). */
#include <ctype.h>
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>
#include "user/bin/sh/expand.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

struct arith {
    const char *at;
    const char *error; /* the first one */
    int skipped;       /* > 0: a part whose value does not count */
};

static long long parse_assignment(struct arith *a);

static void fail(struct arith *a, const char *what)
{
    if (!a->error)
        a->error = what;
    a->at += strlen(a->at);
}

static void skip_blanks(struct arith *a)
{
    while (isspace((unsigned char)*a->at))
        a->at++;
}

/* Binary operators by how tight they bind; longer texts before their beginnings. */
static const struct binary {
    char text[3];
    int level;
} operators[] = {
    {"||", 1}, {"&&", 2}, {"==", 6}, {"!=", 6}, {"<<", 8}, {">>", 8},
    {"<=", 7}, {">=", 7}, {"|", 3},  {"^", 4},  {"&", 5},  {"<", 7},
    {">", 7},  {"+", 9},  {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10},
};
#define OPERATORS (sizeof(operators) / sizeof(operators[0]))
#define LEVEL_MAX 10

/* The binary operator here; NULL when there is none, or when it is part of an assignment's. */
static const struct binary *next_operator(struct arith *a)
{
    skip_blanks(a);
    for (size_t i = 0; i < OPERATORS; i++) {
        size_t n = strlen(operators[i].text);
        if (strncmp(a->at, operators[i].text, n) != 0)
            continue;
        bool assigns = a->at[n] == '=' && strchr("|^&+-*/%<>", *a->at) && operators[i].level != 7;
        return assigns ? NULL : &operators[i];
    }
    return NULL;
}

static long long divide(struct arith *a, long long left, char op, long long right)
{
    if (right == 0) {
        if (!a->skipped)
            fail(a, "division by zero");
        return 0;
    }
    if (right == -1) /* the one that overflows */
        return op == '/' ? (long long)-(unsigned long long)left : 0;
    return op == '/' ? left / right : left % right;
}

/* Values wrap, as unsigned ones do. */
static long long apply(struct arith *a, long long left, const char *op, long long right)
{
    unsigned long long x = (unsigned long long)left, y = (unsigned long long)right;
    bool twice = op[1] == op[0], equal = op[1] == '=';

    switch (*op) {
    case '|':
        return twice ? left || right : (long long)(x | y);
    case '&':
        return twice ? left && right : (long long)(x & y);
    case '^':
        return (long long)(x ^ y);
    case '=':
        return left == right;
    case '!':
        return left != right;
    case '<':
        return twice ? (long long)(x << (y & 63)) : equal ? left <= right : left < right;
    case '>':
        return twice ? left >> (y & 63) : equal ? left >= right : left > right;
    case '+':
        return (long long)(x + y);
    case '-':
        return (long long)(x - y);
    case '*':
        return (long long)(x * y);
    }
    return divide(a, left, *op, right);
}

static long long number_of(struct arith *a, const char *text)
{
    char *end;

    text += strspn(text, " \t\n");
    long long value = strtoll(text, &end, 0);
    end += strspn(end, " \t\n");
    if (*end && !a->skipped)
        fail(a, "a variable is not a number");
    return value;
}

/* A name, and an assignment to it when there is one. */
static long long parse_name(struct arith *a)
{
    size_t length = 0;
    char name[64], op[3] = "";
    const char *at;

    while (isalnum((unsigned char)a->at[length]) || a->at[length] == '_')
        length++;
    if (length >= sizeof(name)) {
        fail(a, "a name is too long");
        return 0;
    }
    memcpy(name, a->at, length);
    name[length] = '\0';
    a->at += length;
    skip_blanks(a);
    at = a->at;
    size_t n = strncmp(at, "<<", 2) == 0 || strncmp(at, ">>", 2) == 0 ? 2
               : *at && strchr("|^&+-*/%", *at)                       ? 1
                                                                      : 0;
    const char *value = variable_get(name);
    if (!value && shell.unset_is_error && at[n] != '=')
        fail(a, "a parameter is not set");
    long long old = value && *value ? number_of(a, value) : 0;
    if (at[n] != '=' || (n == 0 && at[1] == '='))
        return old;
    memcpy(op, at, n);
    a->at += n + 1;
    long long result = parse_assignment(a);
    if (n)
        result = apply(a, old, op, result);
    if (!a->skipped && !a->error) {
        char text[24];
        snprintf(text, sizeof(text), "%lld", result);
        variable_set(name, text);
    }
    return result;
}

static long long parse_unary(struct arith *a)
{
    char *end;

    skip_blanks(a);
    char c = *a->at;
    if (c == '(') {
        a->at++;
        long long value = parse_assignment(a);
        skip_blanks(a);
        if (*a->at != ')')
            fail(a, "expecting ')'");
        else
            a->at++;
        return value;
    }
    if (isdigit((unsigned char)c)) {
        long long value = (long long)strtoull(a->at, &end, 0);
        if (isalnum((unsigned char)*end))
            fail(a, "not a number");
        else
            a->at = end;
        return value;
    }
    if (isalpha((unsigned char)c) || c == '_')
        return parse_name(a);
    if (!c || !strchr("+-!~", c)) {
        fail(a, "expecting primary");
        return 0;
    }
    a->at++;
    long long value = parse_unary(a);
    return c == '-'   ? (long long)-(unsigned long long)value
           : c == '!' ? !value
           : c == '~' ? ~value
                      : value;
}

static long long parse_binary(struct arith *a, int level)
{
    if (level > LEVEL_MAX)
        return parse_unary(a);
    long long left = parse_binary(a, level + 1);
    for (;;) {
        const struct binary *op = next_operator(a);
        if (!op || op->level != level)
            return left;
        a->at += strlen(op->text);
        bool skip = (level == 1 && left) || (level == 2 && !left);
        a->skipped += skip;
        long long right = parse_binary(a, level + 1);
        a->skipped -= skip;
        left = apply(a, left, op->text, right);
    }
}

/* Conditional expressions; assignments are taken where their name is. */
static long long parse_assignment(struct arith *a)
{
    long long condition = parse_binary(a, 1), yes, no;

    skip_blanks(a);
    if (*a->at != '?')
        return condition;
    a->at++;
    a->skipped += !condition;
    yes = parse_assignment(a);
    a->skipped -= !condition;
    skip_blanks(a);
    if (*a->at != ':') {
        fail(a, "expecting ':'");
        return 0;
    }
    a->at++;
    a->skipped += condition != 0;
    no = parse_assignment(a);
    a->skipped -= condition != 0;
    return condition ? yes : no;
}

bool arithmetic(const char *text, long long *value)
{
    struct arith a = {.at = text};

    skip_blanks(&a);
    *value = *a.at ? parse_assignment(&a) : 0;
    skip_blanks(&a);
    if (*a.at)
        fail(&a, "syntax error");
    if (a.error)
        shell_error("arithmetic: %s: \"%s\"", a.error, text);
    return !a.error;
}
