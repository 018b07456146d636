/* SPDX-License-Identifier: MIT
 *
 * The table of built-ins, and those that steer the shell: flow, jobs, what is run. The others are in
 * builtin_env.c and builtin_file.c. */
#include <abi/handle.h>
#include <errno.h>
#include <octavo/ipc.h>
#include "user/lib/tool/tool.h"
#include <proto/pager.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/bin/sh/expand.h"
#include "user/bin/sh/jobs.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

struct shell shell;

static int builtin_true(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static int builtin_false(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return 1;
}

static int builtin_echo(int argc, char **argv)
{
    bool newline = argc < 2 || strcmp(argv[1], "-n") != 0;

    for (int i = newline ? 1 : 2; i < argc; i++)
        printf("%s%s", argv[i], i + 1 < argc ? " " : "");
    if (newline)
        putchar('\n');
    return 0;
}

/* --- Flow --------------------------------------------------------------------------------------- */

/* The number that is the only operand; `none` without one, -1 after a message. */
static long operand(int argc, char **argv, long none)
{
    char *end;

    if (argc < 2)
        return none;
    long value = strtol(argv[1], &end, 10);
    if (*end || end == argv[1] || value < 0) {
        shell_error("%s: %s: not a number", argv[0], argv[1]);
        shell_stop(STATUS_SYNTAX);
        return -1;
    }
    return value;
}

static int builtin_exit(int argc, char **argv)
{
    long status = operand(argc, argv, parameters.status);

    shell.leave = true;
    shell.flow = FLOW_STOP;
    return status < 0 ? STATUS_SYNTAX : (int)(status & 0xff);
}

static int builtin_return(int argc, char **argv)
{
    long status = operand(argc, argv, parameters.status);

    if (status < 0)
        return STATUS_SYNTAX;
    shell.flow = FLOW_RETURN;
    return (int)(status & 0xff);
}

/* break and continue. */
static int builtin_break(int argc, char **argv)
{
    long count = operand(argc, argv, 1);

    if (count <= 0)
        return count < 0 ? STATUS_SYNTAX : 1;
    if (shell.loops == 0)
        return 0;
    shell.flow = argv[0][0] == 'b' ? FLOW_BREAK : FLOW_CONTINUE;
    shell.flow_count = count < shell.loops ? (int)count : shell.loops;
    return 0;
}

static int builtin_eval(int argc, char **argv)
{
    size_t size = 1;

    for (int i = 1; i < argc; i++)
        size += strlen(argv[i]) + 1;
    char *text = tool_memory(NULL, size), *to = text;
    *to = '\0';
    for (int i = 1; i < argc; i++)
        to += sprintf(to, "%s%s", i > 1 ? " " : "", argv[i]);
    parameters.status = 0;
    run_text(text);
    free(text);
    return parameters.status;
}

static int builtin_dot(int argc, char **argv)
{
    if (argc < 2) {
        shell_error(".: filename argument required");
        return STATUS_SYNTAX;
    }
    char *found = strchr(argv[1], '/') ? NULL : program_find(argv[1]);
    parameters.status = 0;
    if (!run_file(found ? found : argv[1])) {
        shell_error(".: cannot open %s: %s", argv[1], strerror(errno));
        shell_stop(STATUS_SYNTAX);
    }
    free(found);
    if (shell.flow == FLOW_RETURN)
        shell.flow = FLOW_ON;
    return parameters.status;
}

static int builtin_exec(int argc, char **argv)
{
    if (argc < 2)
        return 0;
    fflush(stdout);
    execvp(argv[1], argv + 1);
    int status = errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
    shell_error("exec: %s: %s", argv[1],
                status == STATUS_NOT_FOUND ? "not found" : strerror(errno));
    shell_stop(status);
    return status;
}

/* command NAME...: not a function. command -v NAME: what it is. */
static int builtin_command(int argc, char **argv)
{
    struct word_list none = STAILQ_HEAD_INITIALIZER(none);
    bool special;
    int pid;

    if (argc > 1 && (strcmp(argv[1], "-v") == 0 || strcmp(argv[1], "-V") == 0))
        return builtin_type(argc, argv);
    if (argc > 1 && (strcmp(argv[1], "-p") == 0 || strcmp(argv[1], "--") == 0)) {
        argc--;
        argv++;
    }
    if (argc < 2)
        return 0;
    builtin_function *function = builtin_find(argv[1], &special);
    if (function)
        return function(argc - 1, argv + 1);
    int status = program_start(argv + 1, &none, &pid);
    return status ? status : jobs_wait_foreground(&pid, 1);
}

/* --- Jobs and help ------------------------------------------------------------------------------ */

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
    printf("This is the Octavo shell, POSIX's language. Built in:");
    for (unsigned i = 0; builtin_name(i); i++)
        printf("%s%s", i % 16 ? " " : "\n  ", builtin_name(i));
    printf("\nPrograms:");
    for (unsigned i = 0; program_name(i, name, sizeof(name)); i++) {
        if (strncmp(name, "/sbin/", 6) == 0)
            continue; /* servers */
        printf(column++ % 5 ? " %-14s" : "\n  %-14s", name);
    }
    printf("\nStart with: free; ps; faults /demo/hello; pmap $$; ls -l /\n");
    return 0;
}

/* --- The table ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    builtin_function *function;
    bool special;
} builtins[] = {
    {":", builtin_true, true},
    {".", builtin_dot, true},
    {"break", builtin_break, true},
    {"continue", builtin_break, true},
    {"eval", builtin_eval, true},
    {"exec", builtin_exec, true},
    {"exit", builtin_exit, true},
    {"export", builtin_export, true},
    {"readonly", builtin_readonly, true},
    {"return", builtin_return, true},
    {"set", builtin_set, true},
    {"shift", builtin_shift, true},
    {"trap", builtin_trap, true},
    {"unset", builtin_unset, true},
    {"[", tool_test, false},
    {"cd", builtin_cd, false},
    {"command", builtin_command, false},
    {"echo", builtin_echo, false},
    {"false", builtin_false, false},
    {"getopts", builtin_getopts, false},
    {"help", builtin_help, false},
    {"history", builtin_history, false},
    {"jobs", builtin_jobs, false},
    {"local", builtin_local, false},
    {"printf", tool_printf, false},
    {"pwd", builtin_pwd, false},
    {"read", builtin_read, false},
    {"test", tool_test, false},
    {"true", builtin_true, false},
    {"type", builtin_type, false},
    {"umask", builtin_umask, false},
    {"wait", jobs_wait, false},
};
#define BUILTINS (sizeof(builtins) / sizeof(builtins[0]))

builtin_function *builtin_find(const char *name, bool *special)
{
    for (unsigned i = 0; i < BUILTINS; i++)
        if (strcmp(builtins[i].name, name) == 0) {
            *special = builtins[i].special;
            return builtins[i].function;
        }
    return NULL;
}

const char *builtin_name(unsigned n)
{
    return n < BUILTINS ? builtins[n].name : NULL;
}
