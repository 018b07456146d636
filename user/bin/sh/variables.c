/* SPDX-License-Identifier: MIT
 *
 * Variables and parameters. */
#include "user/bin/sh/variables.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>
#include "user/bin/sh/parse.h"

struct variable {
    LIST_ENTRY(variable) link;
    char *value;
    char name[];
};

struct parameters parameters;

static LIST_HEAD(, variable) variables = LIST_HEAD_INITIALIZER(variables);

extern char **environ;

static struct variable *variable_find(const char *name)
{
    struct variable *variable;

    LIST_FOREACH (variable, &variables, link)
        if (strcmp(variable->name, name) == 0)
            return variable;
    return NULL;
}

static void variable_drop(struct variable *variable)
{
    LIST_REMOVE(variable, link);
    free(variable->value);
    free(variable);
}

bool variable_name_valid(const char *text, size_t length)
{
    if (name_valid(text, length) || (length == 1 && strchr("?$!#@*", *text)))
        return true;
    for (size_t i = 0; i < length; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return length > 0;
}

/* $1 $2 ... with blanks between. */
static const char *parameters_joined(void)
{
    static char *joined;
    size_t size = 1;

    for (int i = 1; i < parameters.argc; i++)
        size += strlen(parameters.argv[i]) + 1;
    free(joined);
    joined = calloc(1, size);
    for (int i = 1; joined && i < parameters.argc; i++) {
        if (i > 1)
            strcat(joined, " ");
        strcat(joined, parameters.argv[i]);
    }
    return joined;
}

const char *variable_get(const char *name)
{
    static char number[16];
    int value;

    if (isdigit((unsigned char)*name)) {
        int index = atoi(name);
        return index < parameters.argc ? parameters.argv[index] : NULL;
    }
    switch (*name) {
    case '?':
        value = parameters.status;
        break;
    case '$':
        value = getpid();
        break;
    case '#':
        value = parameters.argc > 0 ? parameters.argc - 1 : 0;
        break;
    case '!':
        if (parameters.last_background == 0)
            return NULL;
        value = parameters.last_background;
        break;
    case '@':
    case '*':
        return parameters_joined();
    default: {
        struct variable *variable = variable_find(name);
        return variable ? variable->value : getenv(name);
    }
    }
    snprintf(number, sizeof(number), "%d", value);
    return number;
}

void variable_set(const char *name, const char *value)
{
    struct variable *variable = variable_find(name);
    char *copy = strdup(value);

    if (!copy)
        abort();
    if (variable) {
        free(variable->value);
        variable->value = copy;
    } else if (getenv(name)) {
        setenv(name, copy, 1);
        free(copy);
    } else {
        variable = malloc(sizeof(*variable) + strlen(name) + 1);
        if (!variable)
            abort();
        strcpy(variable->name, name);
        variable->value = copy;
        LIST_INSERT_HEAD(&variables, variable, link);
    }
}

void variable_unset(const char *name)
{
    struct variable *variable = variable_find(name);

    if (variable)
        variable_drop(variable);
    unsetenv(name);
}

void variable_export(const char *name)
{
    struct variable *variable = variable_find(name);

    if (variable) {
        setenv(name, variable->value, 1);
        variable_drop(variable);
    } else if (!getenv(name)) {
        setenv(name, "", 1);
    }
}

/* In single quotes, a quote inside as '\''. */
static void print_quoted(const char *value)
{
    putchar('\'');
    for (; *value; value++)
        if (*value == '\'')
            printf("'\\''");
        else
            putchar(*value);
    putchar('\'');
}

static void print_assignment(const char *prefix, const char *name, size_t length, const char *value)
{
    printf("%s%.*s=", prefix, (int)length, name);
    print_quoted(value);
    putchar('\n');
}

void variables_print(bool exported_only)
{
    struct variable *variable;
    const char *prefix = exported_only ? "export " : "";

    for (char **e = environ; *e; e++) {
        size_t length = strcspn(*e, "=");
        print_assignment(prefix, *e, length, (*e)[length] ? *e + length + 1 : "");
    }
    if (exported_only)
        return;
    LIST_FOREACH (variable, &variables, link)
        print_assignment(prefix, variable->name, strlen(variable->name), variable->value);
}
