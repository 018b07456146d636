/* SPDX-License-Identifier: MIT
 *
 * The built-ins: what must happen in the shell itself. Everything else is a program in /bin. */
#include <abi/handle.h>
#include <octavo/ipc.h>
#include <proto/pager.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/bin/sh/jobs.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

struct shell shell;

static int builtin_colon(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static int builtin_exit(int argc, char **argv)
{
    int status = parameters.status;

    if (argc > 1) {
        char *end;
        long value = strtol(argv[1], &end, 10);
        if (*end || end == argv[1] || argc > 2) {
            fprintf(stderr, "sh: exit: usage: exit [status]\n");
            value = STATUS_SYNTAX;
        }
        status = (int)(value & 0xff);
    }
    shell.leave = true;
    return status;
}

/* Splits NAME or NAME=value; false after a message. *value is NULL without one. */
static bool split_assignment(const char *who, char *text, const char **value)
{
    char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);

    *value = NULL;
    if (!name_valid(text, length)) {
        fprintf(stderr, "sh: %s: %s: not a name\n", who, text);
        return false;
    }
    if (equals) {
        *equals = '\0';
        *value = equals + 1;
    }
    return true;
}

static int builtin_export(int argc, char **argv)
{
    const char *value;

    if (argc == 1 || (argc == 2 && strcmp(argv[1], "-p") == 0)) {
        variables_print(true);
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        if (!split_assignment("export", argv[i], &value))
            return 1;
        if (value)
            variable_set(argv[i], value);
        variable_export(argv[i]);
    }
    return 0;
}

static int builtin_set(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        fprintf(stderr, "sh: set: options are not supported\n");
        return STATUS_SYNTAX;
    }
    variables_print(false);
    return 0;
}

static int builtin_unset(int argc, char **argv)
{
    const char *value;

    for (int i = 1; i < argc; i++) {
        if (!split_assignment("unset", argv[i], &value))
            return 1;
        variable_unset(argv[i]);
    }
    return 0;
}

static int builtin_wait(int argc, char **argv)
{
    return jobs_wait(argc, argv);
}

static int builtin_jobs(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return jobs_list();
}

static int builtin_history(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    history_print();
    return 0;
}

bool program_name(unsigned n, char *name, unsigned long size)
{
    struct message m = {.tag = PAGER_IMAGES, .w = {n, 0, 0, size - 1}};

    ipc_attach_out(&m, name, size - 1);
    if (ipc_request(HANDLE_PAGER, &m) < 0)
        return false;
    name[m.w[0] < size ? m.w[0] : size - 1] = '\0';
    return true;
}

static int builtin_help(int argc, char **argv)
{
    char name[64];
    size_t column = 0;

    (void)argc;
    (void)argv;
    printf("This is the Octavo shell. Built in:\n ");
    for (unsigned i = 0; builtin_name(i); i++)
        printf(" %s", builtin_name(i));
    printf("\nPrograms:");
    for (unsigned i = 0; program_name(i, name, sizeof(name)); i++) {
        if (strncmp(name, "/sbin/", 6) == 0)
            continue; /* servers */
        printf(column++ % 5 ? " %-14s" : "\n  %-14s", name);
    }
    printf("\nQuotes '..' \"..\" \\; $X ${X} $? $$ $!; X=value; a; b  a && b  a || b  a &; < > >> "
           "2>&1; #\n"
           "Start with: free; ps; faults /demo/hello; pmap $$\n");
    return 0;
}

static const struct {
    const char *name;
    builtin_function *function;
} builtins[] = {
    {":", builtin_colon},   {"exit", builtin_exit},       {"export", builtin_export},
    {"help", builtin_help}, {"history", builtin_history}, {"jobs", builtin_jobs},
    {"set", builtin_set},   {"unset", builtin_unset},     {"wait", builtin_wait},
};
#define BUILTINS (sizeof(builtins) / sizeof(builtins[0]))

builtin_function *builtin_find(const char *name)
{
    for (unsigned i = 0; i < BUILTINS; i++)
        if (strcmp(builtins[i].name, name) == 0)
            return builtins[i].function;
    return NULL;
}

const char *builtin_name(unsigned n)
{
    return n < BUILTINS ? builtins[n].name : NULL;
}
