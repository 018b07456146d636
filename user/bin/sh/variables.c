/* SPDX-License-Identifier: MIT
 *
 * Variables and parameters: see variables.h. */
#include "user/bin/sh/variables.h"

#include <ctype.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>
#include "user/bin/sh/arguments.h"
#include "user/bin/sh/shell.h"

struct variable {
    LIST_ENTRY(variable) link;
    char *value; /* of a protected name: unused */
    char name[];
};
LIST_HEAD(variable_list, variable);

struct parameters parameters;

static struct variable_list variables = LIST_HEAD_INITIALIZER(variables);
static struct variable_list protected = LIST_HEAD_INITIALIZER(protected);

extern char **environ;

static struct variable *list_find(struct variable_list *list, const char *name)
{
    struct variable *variable;

    LIST_FOREACH (variable, list, link)
        if (strcmp(variable->name, name) == 0)
            return variable;
    return NULL;
}

static void list_add(struct variable_list *list, const char *name, char *value)
{
    struct variable *variable = tool_memory(NULL, sizeof(*variable) + strlen(name) + 1);

    strcpy(variable->name, name);
    variable->value = value;
    LIST_INSERT_HEAD(list, variable, link);
}

static void variable_drop(struct variable *variable)
{
    LIST_REMOVE(variable, link);
    free(variable->value);
    free(variable);
}

static char *copy(const char *text)
{
    return strcpy(tool_memory(NULL, strlen(text) + 1), text);
}

/* --- Parameters --------------------------------------------------------------------------------- */

void parameters_free(struct parameters *p)
{
    for (int i = 0; i < p->count; i++)
        free(p->v[i]);
    free(p->v);
    p->v = NULL;
    p->count = 0;
}

void parameters_set(char *const *v, int count)
{
    char **copies = tool_memory(NULL, ((size_t)count + 1) * sizeof(*copies));

    for (int i = 0; i < count; i++)
        copies[i] = copy(v[i]);
    copies[count] = NULL;
    parameters_free(&parameters);
    parameters.v = copies;
    parameters.count = count;
}

/* $-: the letters that are set. */
static const char *option_letters(void)
{
    static char text[16];
    char *to = text;

    if (shell.exit_on_error)
        *to++ = 'e';
    if (shell.no_globs)
        *to++ = 'f';
    if (shell.interactive)
        *to++ = 'i';
    if (shell.unset_is_error)
        *to++ = 'u';
    if (shell.trace)
        *to++ = 'x';
    *to = '\0';
    return text;
}

/* $1, or one of $? $$ $# $! $- $0; *special tells whether name is one of these. */
static const char *parameter_get(const char *name, bool *special)
{
    static char number[16];
    static int
        self; /* of the shell itself, also in its subshells: they ask for it before the fork */
    int value;

    *special = true;
    if (isdigit((unsigned char)*name)) {
        int index = atoi(name);
        return index == 0                  ? parameters.name
               : index <= parameters.count ? parameters.v[index - 1]
                                           : NULL;
    }
    switch (*name) {
    case '?':
        value = parameters.status;
        break;
    case '$':
        value = self ? self : (self = getpid());
        break;
    case '#':
        value = parameters.count;
        break;
    case '!':
        if (parameters.last_background == 0)
            return NULL;
        value = parameters.last_background;
        break;
    case '-':
        return option_letters();
    default:
        *special = false;
        return NULL;
    }
    snprintf(number, sizeof(number), "%d", value);
    return number;
}

/* --- Variables ---------------------------------------------------------------------------------- */

const char *variable_get(const char *name)
{
    bool special;
    struct variable *variable = list_find(&variables, name);

    if (variable)
        return variable->value;
    const char *value = parameter_get(name, &special);
    return special ? value : getenv(name);
}

static bool is_writable(const char *name)
{
    if (!list_find(&protected, name))
        return true;
    shell_error("%s: is read only", name);
    return false;
}

bool variable_set(const char *name, const char *value)
{
    struct variable *variable = list_find(&variables, name);

    if (!is_writable(name))
        return false;
    if (!variable && (getenv(name) || shell.export_all)) {
        setenv(name, value, 1);
        return true;
    }
    char *text = copy(value);
    if (variable) {
        free(variable->value);
        variable->value = text;
    } else {
        list_add(&variables, name, text);
    }
    return true;
}

bool variable_unset(const char *name)
{
    struct variable *variable = list_find(&variables, name);

    if (!is_writable(name))
        return false;
    if (variable)
        variable_drop(variable);
    unsetenv(name);
    return true;
}

void variable_export(const char *name)
{
    struct variable *variable = list_find(&variables, name);

    if (variable) {
        setenv(name, variable->value, 1);
        variable_drop(variable);
    } else if (!getenv(name)) {
        setenv(name, "", 1);
    }
}

bool variable_is_exported(const char *name)
{
    return !list_find(&variables, name) && getenv(name);
}

void variable_protect(const char *name)
{
    if (!list_find(&protected, name))
        list_add(&protected, name, NULL);
}

const char *field_separators(void)
{
    const char *ifs = variable_get("IFS");

    return ifs ? ifs : " \t\n";
}

/* --- Putting back --------------------------------------------------------------------------------- */

struct variable_backup {
    struct variable_backup *next;
    char *value; /* NULL: it was not set */
    bool exported;
    char name[];
};

struct variable_backup *variable_save(struct variable_backup *list, const char *name)
{
    struct variable_backup *backup = tool_memory(NULL, sizeof(*backup) + strlen(name) + 1);
    const char *value = variable_get(name);

    backup->next = list;
    backup->value = value ? copy(value) : NULL;
    backup->exported = variable_is_exported(name);
    strcpy(backup->name, name);
    return backup;
}

void variables_restore(struct variable_backup *list)
{
    while (list) {
        struct variable_backup *backup = list;
        list = backup->next;
        variable_unset(backup->name);
        if (backup->value && backup->exported)
            setenv(backup->name, backup->value, 1);
        else if (backup->value)
            variable_set(backup->name, backup->value);
        free(backup->value);
        free(backup);
    }
}

/* --- Printing --------------------------------------------------------------------------------- */

/* In single quotes, a quote inside as '"'"'. */
static void print_quoted(const char *value)
{
    putchar('\'');
    for (; *value; value++)
        if (*value == '\'')
            printf("'\"'\"'");
        else
            putchar(*value);
    putchar('\'');
}

static void print_assignment(const char *prefix, char *text)
{
    size_t length = strcspn(text, "=");

    printf("%s%.*s=", prefix, (int)length, text);
    print_quoted(text[length] ? text + length + 1 : "");
    putchar('\n');
}

void variables_print(bool exported_only)
{
    struct arguments all = {0};
    struct variable *variable;

    for (char **e = environ; *e; e++)
        arguments_add(&all, copy(*e));
    if (!exported_only)
        LIST_FOREACH (variable, &variables, link) {
            char *text = tool_memory(NULL, strlen(variable->name) + strlen(variable->value) + 2);
            sprintf(text, "%s=%s", variable->name, variable->value);
            if (name_valid(variable->name, strlen(variable->name)))
                arguments_add(&all, text);
            else
                free(text);
        }
    arguments_sort(&all, 0);
    for (unsigned i = 0; i < all.n; i++)
        print_assignment(exported_only ? "export " : "", all.v[i]);
    arguments_free(&all);
}

void variables_print_protected(void)
{
    struct variable *variable;

    LIST_FOREACH (variable, &protected, link)
        printf("readonly %s\n", variable->name);
}
