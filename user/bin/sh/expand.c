/* SPDX-License-Identifier: MIT
 *
 * Words to arguments. One pass over the raw word builds the current field; an unquoted expansion may end
 * it and start others. A field is built as a pattern: what was quoted and has a meaning in patterns gets
 * a backslash, which path name expansion, or the end of all, takes away again. A field that was quoted
 * anywhere exists even when empty. */
#include "user/bin/sh/expand.h"

#include <ctype.h>
#include <fnmatch.h>
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/bin/sh/lex.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

struct expansion {
    struct arguments *arguments; /* NULL: no splitting, one field */
    char *field;
    size_t length, room;
    bool exists;      /* the field counts although it may be empty */
    bool after_blank; /* a blank has just ended a field: a separator behind it belongs to it */
    bool lone_at;     /* "$@" without parameters was all in these quotes */
    bool failed;
};

/* What is being walked through. */
enum where { PLAIN, IN_QUOTES, IN_WORD /* of ${x:-word}, not quoted: it is split too */, IN_HERE };

static void expand_span(struct expansion *e, const char *text, size_t length, enum where where);

/* --- Fields ----------------------------------------------------------------------------------- */

static void field_byte(struct expansion *e, char c)
{
    if (e->length + 1 >= e->room)
        e->field = tool_memory(e->field, e->room = e->room ? 2 * e->room : 32);
    e->field[e->length++] = c;
    e->field[e->length] = '\0';
}

static void field_add(struct expansion *e, char c, bool quoted)
{
    if (c == '\\' || (quoted && strchr("*?[]!-", c)))
        field_byte(e, '\\');
    field_byte(e, c);
    e->exists = true;
    e->after_blank = false;
}

/* Ends the field, if there is one. */
static void field_end(struct expansion *e)
{
    if (!e->exists || !e->arguments)
        return;
    field_add(e, '.', false); /* so that there is memory, whatever is in it */
    e->field[--e->length] = '\0';
    if (shell.no_globs)
        arguments_add(e->arguments, glob_unquote(strdup(e->field)));
    else
        glob_expand(e->field, e->arguments);
    e->length = 0;
    e->exists = false;
    e->after_blank = false;
}

/* A byte of an expansion that is not quoted. */
static void field_split(struct expansion *e, char c)
{
    if (!e->arguments || !strchr(field_separators(), c)) {
        field_add(e, c, false);
        return;
    }
    bool blank = isspace((unsigned char)c) != 0, was_blank = e->after_blank;
    if (blank) {
        if (e->exists) {
            field_end(e);
            e->after_blank = true;
        }
        return;
    }
    e->after_blank = false;
    if (!was_blank) { /* a separator with nothing before it ends an empty field */
        e->exists = true;
        field_end(e);
    }
}

static void add_text(struct expansion *e, const char *text, enum where where)
{
    for (; *text; text++)
        if (where == IN_QUOTES || where == IN_HERE)
            field_add(e, *text, true);
        else
            field_split(e, *text);
}

/* --- Parameters --------------------------------------------------------------------------------- */

/* $@ and $*. */
static void add_parameters(struct expansion *e, char which, enum where where)
{
    bool quoted = where == IN_QUOTES || where == IN_HERE;
    const char *ifs = field_separators();
    char between = which == '*' ? *ifs : ' ';

    if (quoted && which == '@' && parameters.count == 0)
        e->lone_at = true;
    for (int i = 0; i < parameters.count; i++) {
        bool first = i == 0;
        if (!first && e->arguments && (!quoted || which == '@')) {
            e->exists |= quoted;
            field_end(e);
        } else if (!first && between) {
            field_add(e, between, true);
        }
        add_text(e, parameters.v[i], where);
        if (quoted && which == '@')
            e->exists = true;
    }
}

struct parameter {
    char name[64];
    bool length;      /* ${#x} */
    bool colon;       /* :- and such */
    char op;          /* - = ? + # % or 0 */
    bool twice;       /* ## %% */
    const char *word; /* behind the operator */
    size_t word_length;
};

/* How long the name of a parameter at text is; 0: there is none. */
static size_t name_length(const char *text)
{
    size_t n = 0;

    if (*text && strchr("?$!#@*-", *text))
        return 1;
    if (isdigit((unsigned char)*text)) {
        while (isdigit((unsigned char)text[n]))
            n++;
        return n;
    }
    while (isalnum((unsigned char)text[n]) || text[n] == '_')
        n++;
    return n;
}

/* The inside of ${...}; false: it is not right. */
static bool parse_parameter(const char *text, size_t length, struct parameter *p)
{
    const char *end = text + length;

    *p = (struct parameter){0};
    if (*text == '#' && length > 1 && !(length > 2 && strchr("-=?+#%:", text[1]))) {
        p->length = true;
        text++;
    }
    size_t n = name_length(text);
    if (n == 0 || n >= sizeof(p->name) || text + n > end)
        return false;
    memcpy(p->name, text, n);
    text += n;
    if (text == end)
        return true;
    if (p->length)
        return false;
    if (*text == ':') {
        p->colon = true;
        text++;
    }
    p->op = *text++;
    if (!strchr(p->colon ? "-=?+" : "-=?+#%", p->op) || !p->op)
        return false;
    if (!p->colon && *text == p->op && (*text == '#' || *text == '%')) {
        p->twice = true;
        text++;
    }
    p->word = text;
    p->word_length = (size_t)(end - text);
    return true;
}

static char *copy_span(const char *text, size_t length)
{
    char *copy = memcpy(tool_memory(NULL, length + 1), text, length);

    copy[length] = '\0';
    return copy;
}

static void fail(struct expansion *e)
{
    e->failed = true;
    shell_stop(STATUS_SYNTAX);
}

/* value without the shortest, or longest, beginning or end that matches the pattern. */
static void strip(char *value, const char *pattern, const struct parameter *p)
{
    size_t length = strlen(value);
    bool front = p->op == '#';

    for (size_t i = 0; i <= length; i++) {
        size_t n = p->twice ? length - i : i; /* so many bytes are tried */
        size_t at = front ? n : length - n;
        char kept = value[at];
        bool matches;
        if (front) {
            value[at] = '\0';
            matches = fnmatch(pattern, value, 0) == 0;
            value[at] = kept;
        } else {
            matches = fnmatch(pattern, value + at, 0) == 0;
        }
        if (!matches)
            continue;
        if (front)
            memmove(value, value + at, length - at + 1);
        else
            value[at] = '\0';
        return;
    }
}

static void apply_strip(struct expansion *e, const char *value, const struct parameter *p,
                        enum where where)
{
    char *raw = copy_span(p->word, p->word_length), *pattern = expand_pattern(raw);
    char *text = copy_span(value, strlen(value));

    if (pattern)
        strip(text, pattern, p);
    else
        e->failed = true;
    add_text(e, text, where);
    free(raw);
    free(pattern);
    free(text);
}

static void apply_assign(struct expansion *e, const struct parameter *p, enum where where)
{
    char *raw = copy_span(p->word, p->word_length), *value = expand_string(raw);

    if (value && name_valid(p->name, strlen(p->name)) && variable_set(p->name, value)) {
        add_text(e, value, where);
    } else {
        if (value)
            shell_error("%s: bad assignment", p->name);
        fail(e);
    }
    free(raw);
    free(value);
}

static void apply_error(struct expansion *e, const struct parameter *p)
{
    char *raw = copy_span(p->word, p->word_length), *text = expand_string(raw);

    shell_error("%s: %s", p->name, text && *text ? text : "parameter not set");
    fail(e);
    free(raw);
    free(text);
}

static void expand_parameter(struct expansion *e, const struct parameter *p, enum where where)
{
    bool all = *p->name == '@' || *p->name == '*';
    const char *found = all ? NULL : variable_get(p->name);
    bool set = all ? parameters.count > 0 : found != NULL;
    bool null = all ? parameters.count == 0 || (parameters.count == 1 && !*parameters.v[0])
                    : !found || !*found;
    bool absent = p->colon ? null : !set;
    char *value = found ? copy_span(found, strlen(found)) : NULL;
    char number[24];

    if (!set && shell.unset_is_error && !all && (!p->op || strchr("#%", p->op))) {
        shell_error("%s: parameter not set", p->name);
        fail(e);
    } else if (p->length) {
        snprintf(number, sizeof(number), "%zu",
                 all     ? (size_t)parameters.count
                 : value ? strlen(value)
                         : 0);
        add_text(e, number, where);
    } else if (p->op == '+' ? !absent : absent && p->op == '-') {
        expand_span(e, p->word, p->word_length, where == PLAIN ? IN_WORD : where);
    } else if (absent && p->op == '=') {
        apply_assign(e, p, where);
    } else if (absent && p->op == '?') {
        apply_error(e, p);
    } else if (p->op == '+') {
        /* nothing */
    } else if (all) {
        add_parameters(e, *p->name, where);
    } else if (p->op && strchr("#%", p->op)) {
        apply_strip(e, value ? value : "", p, where);
    } else if (value) {
        add_text(e, value, where);
    }
    free(value);
}

/* --- Substitutions ------------------------------------------------------------------------------ */

static void substitute(struct expansion *e, struct node *node, struct arena *arena,
                       enum where where)
{
    struct arena *outer = running_arena;

    running_arena = arena;
    char *text = node ? run_capture(node) : copy_span("", 0);
    running_arena = outer;
    if (text)
        add_text(e, text, where);
    else
        e->failed = true;
    free(text);
    arena_drop(arena);
}

/* $(...) at text[at]; behind it. */
static size_t expand_commands(struct expansion *e, const char *text, size_t at, enum where where)
{
    struct node *node;
    struct arena *arena;
    const char *error;
    size_t end;

    if (parse_substitution(text + at + 2, &end, &node, &arena, &error) != PARSE_DONE) {
        shell_error("syntax error: %s", error);
        fail(e);
        return at + strlen(text + at);
    }
    substitute(e, node, arena, where);
    return at + 2 + end;
}

/* `...` at text[at]; behind it. Within, \` \\ and \$ (and \" in quotes) lose their backslash. */
static size_t expand_backquotes(struct expansion *e, const char *text, size_t at, enum where where)
{
    size_t end = lex_end(text, at), n = 0;
    struct node *node;
    struct arena *arena;
    const char *error;

    if (!end) {
        shell_error("syntax error: unexpected end of input");
        fail(e);
        return at + strlen(text + at);
    }
    char *commands = tool_memory(NULL, end - at + 1);
    for (size_t i = at + 1; i < end - 1; i++) {
        if (text[i] == '\\' && strchr(where == IN_QUOTES ? "`\\$\"" : "`\\$", text[i + 1]))
            i++;
        commands[n++] = text[i];
    }
    strcpy(commands + n, ")"); /* as if it had been $(...) */
    if (parse_substitution(commands, &n, &node, &arena, &error) == PARSE_DONE) {
        substitute(e, node, arena, where);
    } else {
        shell_error("syntax error: %s", error);
        fail(e);
    }
    free(commands);
    return end;
}

static void expand_arithmetic(struct expansion *e, const char *text, size_t length,
                              enum where where)
{
    char *raw = copy_span(text, length), number[24];
    char *expression = expand_here(raw);
    long long value;

    if (expression && arithmetic(expression, &value)) {
        snprintf(number, sizeof(number), "%lld", value);
        add_text(e, number, where);
    } else {
        fail(e);
    }
    free(raw);
    free(expression);
}

/* What begins with the $ at text[at]; behind it. */
static size_t expand_dollar(struct expansion *e, const char *text, size_t at, enum where where)
{
    struct parameter p;
    size_t end;

    if (text[at + 1] == '(') {
        end = lex_arithmetic(text, at);
        if (!end)
            return expand_commands(e, text, at, where);
        expand_arithmetic(e, text + at + 3, end - at - 5, where);
        return end;
    }
    if (text[at + 1] == '{') {
        end = lex_end(text, at);
        if (!end || !parse_parameter(text + at + 2, end - at - 3, &p)) {
            shell_error("%.*s: bad substitution", (int)(end ? end - at : strlen(text + at)),
                        text + at);
            fail(e);
            return at + strlen(text + at);
        }
        expand_parameter(e, &p, where);
        return end;
    }
    size_t n = name_length(text + at + 1);
    if (isdigit((unsigned char)text[at + 1]))
        n = 1;
    if (n == 0 || n >= sizeof(p.name)) {
        field_add(e, '$', true);
        return at + 1;
    }
    p = (struct parameter){0};
    memcpy(p.name, text + at + 1, n);
    expand_parameter(e, &p, where);
    return at + 1 + n;
}

/* --- Words -------------------------------------------------------------------------------------- */

/* The inside of "...": from `at` to before the closing quote; where that is. */
static size_t quotes_end(const char *text, size_t at, size_t length)
{
    while (at < length && text[at] != '"') {
        size_t end = text[at] == '\'' ? at + 1 : lex_end(text, at);
        at = end ? end : at + 1;
    }
    return at < length ? at : length;
}

static size_t expand_double(struct expansion *e, const char *text, size_t at, size_t length)
{
    size_t end = quotes_end(text, at, length), before = e->length;

    e->lone_at = false;
    bool had = e->exists;
    expand_span(e, text + at, end - at, IN_QUOTES);
    if (!(e->lone_at && e->length == before && !had))
        e->exists = true;
    e->lone_at = false;
    return end + 1;
}

/* ~ and ~/: $HOME. Behind it. */
static size_t expand_tilde(struct expansion *e, const char *text, size_t length)
{
    const char *home = variable_get("HOME");

    if (text[0] != '~' || (length > 1 && text[1] != '/') || !home)
        return 0;
    for (; *home; home++)
        field_add(e, *home, true);
    e->exists = true;
    return 1;
}

static size_t expand_backslash(struct expansion *e, const char *text, size_t at, enum where where)
{
    char next = text[at + 1];

    if (next == '\n')
        return at + 2;
    if (!next || (where == IN_QUOTES && !strchr("$`\"\\", next)) ||
        (where == IN_HERE && !strchr("$`\\", next))) {
        field_add(e, '\\', true);
        return at + 1;
    }
    field_add(e, next, true);
    return at + 2;
}

static void expand_span(struct expansion *e, const char *text, size_t length, enum where where)
{
    bool quoted = where == IN_QUOTES || where == IN_HERE;
    size_t at = quoted ? 0 : expand_tilde(e, text, length);
    char *span = copy_span(text, length); /* what ends it ends the functions below */

    while (at < length && !e->failed) {
        char c = span[at];
        if (c == '\\') {
            at = expand_backslash(e, span, at, where);
        } else if (c == '\'' && !quoted) {
            for (at++; at < length && span[at] != '\''; at++)
                field_add(e, span[at], true);
            e->exists = true;
            at++;
        } else if (c == '"' && where == IN_QUOTES) { /* within "${x:-"..."}" */
            at++;
        } else if (c == '"' && where != IN_HERE) {
            at = expand_double(e, span, at + 1, length);
        } else if (c == '$') {
            at = expand_dollar(e, span, at, where);
        } else if (c == '`') {
            at = expand_backquotes(e, span, at, where);
        } else {
            if (where == IN_WORD)
                field_split(e, c);
            else
                field_add(e, c, quoted);
            at++;
        }
    }
    free(span);
}

int expand_word(const char *raw, struct arguments *arguments)
{
    struct expansion e = {.arguments = arguments};

    expand_span(&e, raw, strlen(raw), PLAIN);
    if (!e.failed)
        field_end(&e);
    free(e.field);
    return e.failed ? -1 : 0;
}

static char *expand_one(const char *raw, enum where where)
{
    struct expansion e = {.arguments = NULL};

    field_byte(&e, '\0'); /* so that there is memory */
    e.length = 0;
    expand_span(&e, raw, strlen(raw), where);
    if (!e.failed)
        return e.field;
    free(e.field);
    return NULL;
}

char *expand_pattern(const char *raw)
{
    return expand_one(raw, PLAIN);
}

char *expand_string(const char *raw)
{
    char *result = expand_one(raw, PLAIN);

    return result ? glob_unquote(result) : NULL;
}

char *expand_here(const char *body)
{
    char *result = expand_one(body, IN_HERE);

    return result ? glob_unquote(result) : NULL;
}
