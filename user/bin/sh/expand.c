/* SPDX-License-Identifier: MIT
 *
 * Words to arguments. One pass over the raw word builds the current field; an unquoted expansion
 * may end it and start others. A field that was quoted anywhere exists even when empty. */
#include "user/bin/sh/expand.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "user/bin/sh/variables.h"

struct expansion {
    const char *at;
    char *field;
    size_t length, room;
    bool exists; /* the field counts although it may be empty */
    bool split;  /* results of unquoted expansions are split */
    struct arguments *arguments;
};

static void *grow(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (!memory)
        abort();
    return memory;
}

void arguments_free(struct arguments *arguments)
{
    for (unsigned i = 0; i < arguments->n; i++)
        free(arguments->v[i]);
    free(arguments->v);
    *arguments = (struct arguments){0};
}

static void field_add(struct expansion *e, char c)
{
    if (e->length + 1 >= e->room) {
        e->room = e->room ? 2 * e->room : 32;
        e->field = grow(e->field, e->room);
    }
    e->field[e->length++] = c;
    e->exists = true;
}

/* Ends the field, if there is one. */
static void field_end(struct expansion *e)
{
    if (!e->exists)
        return;
    field_add(e, '\0');
    struct arguments *a = e->arguments;
    a->v = grow(a->v, (a->n + 2) * sizeof(*a->v));
    a->v[a->n++] = e->field;
    a->v[a->n] = NULL;
    e->field = NULL;
    e->length = e->room = 0;
    e->exists = false;
}

static void field_add_value(struct expansion *e, const char *value, bool quoted)
{
    for (; value && *value; value++)
        if (!quoted && e->split && isspace((unsigned char)*value))
            field_end(e);
        else
            field_add(e, *value);
}

/* "$@": each parameter a field of its own, none of them no field. */
static void expand_all_parameters(struct expansion *e)
{
    for (int i = 1; i < parameters.argc; i++) {
        if (i > 1)
            field_end(e);
        e->exists = true;
        field_add_value(e, parameters.argv[i], true);
    }
}

/* At the character after `$`. Anything that is no parameter leaves the `$` itself. */
static int expand_parameter(struct expansion *e, bool quoted)
{
    char name[64];
    size_t length;
    const char *start = e->at;

    if (*start == '{') {
        start++;
        length = strcspn(start, "}");
        if (!start[length] || length == 0) {
            fprintf(stderr, "sh: bad substitution\n");
            return -1;
        }
        e->at = start + length + 1;
    } else if (*start && strchr("?$!#@*0123456789", *start)) {
        length = 1;
        e->at = start + 1;
    } else {
        for (length = 0; isalnum((unsigned char)start[length]) || start[length] == '_';)
            length++;
        e->at = start + length;
    }
    if (length == 0) {
        field_add(e, '$');
        return 0;
    }
    if (length >= sizeof(name) || !variable_name_valid(start, length)) {
        fprintf(stderr, "sh: %.*s: bad substitution\n", (int)length, start);
        return -1;
    }
    memcpy(name, start, length);
    name[length] = '\0';
    if (quoted && e->split && strcmp(name, "@") == 0)
        expand_all_parameters(e);
    else
        field_add_value(e, variable_get(name), quoted);
    return 0;
}

/* Between double quotes, from after the first to after the second. */
static int expand_quoted(struct expansion *e)
{
    e->exists = e->exists || strncmp(e->at, "$@\"", 3) != 0; /* "$@" may be nothing at all */
    while (*e->at && *e->at != '"') {
        char c = *e->at++;
        if (c == '$') {
            if (expand_parameter(e, true) < 0)
                return -1;
        } else if (c == '\\' && *e->at && strchr("$`\"\\\n", *e->at)) {
            if (*e->at != '\n')
                field_add(e, *e->at);
            e->at++;
        } else {
            field_add(e, c);
        }
    }
    if (*e->at)
        e->at++;
    return 0;
}

static int expand(struct expansion *e)
{
    while (*e->at) {
        char c = *e->at++;
        switch (c) {
        case '\'':
            e->exists = true;
            while (*e->at && *e->at != '\'')
                field_add(e, *e->at++);
            if (*e->at)
                e->at++;
            break;
        case '"':
            if (expand_quoted(e) < 0)
                return -1;
            break;
        case '$':
            if (expand_parameter(e, false) < 0)
                return -1;
            break;
        case '\\':
            if (*e->at == '\n')
                e->at++;
            else if (*e->at)
                field_add(e, *e->at++);
            break;
        default:
            field_add(e, c);
        }
    }
    return 0;
}

int expand_word(const char *raw, struct arguments *arguments)
{
    struct expansion e = {.at = raw, .split = true, .arguments = arguments};

    if (expand(&e) < 0) {
        free(e.field);
        return -1;
    }
    field_end(&e);
    return 0;
}

char *expand_string(const char *raw)
{
    struct expansion e = {.at = raw};

    if (expand(&e) < 0) {
        free(e.field);
        return NULL;
    }
    field_add(&e, '\0');
    return e.field;
}
