/* SPDX-License-Identifier: MIT
 *
 * Simple commands: assignments, functions, built-ins, programs. */
#include <errno.h>
#include <fcntl.h>
#include "user/lib/tool/tool.h"
#include <spawn.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>
#include "user/bin/sh/expand.h"
#include "user/bin/sh/jobs.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

#define FUNCTION_DEPTH 200 /* calls in one another: the stack is small */
#define FIRST_LINE 128     /* bytes of a script that are looked at for #! */

struct function {
    LIST_ENTRY(function) link;
    struct arena *arena; /* held */
    struct node *body;
    char name[];
};

static LIST_HEAD(, function) functions = LIST_HEAD_INITIALIZER(functions);
struct arena *running_arena;
static struct variable_backup **locals; /* of the function that runs: what `local` has saved */

extern char **environ;

/* --- Functions ---------------------------------------------------------------------------------- */

static struct function *function_find(const char *name)
{
    struct function *function;

    LIST_FOREACH (function, &functions, link)
        if (strcmp(function->name, name) == 0)
            return function;
    return NULL;
}

bool function_exists(const char *name)
{
    return function_find(name) != NULL;
}

bool function_unset(const char *name)
{
    struct function *function = function_find(name);

    if (!function)
        return false;
    LIST_REMOVE(function, link);
    arena_drop(function->arena);
    free(function);
    return true;
}

bool functions_define(struct node *node, struct arena *arena)
{
    struct function *function = tool_memory(NULL, sizeof(*function) + strlen(node->name) + 1);

    function_unset(node->name);
    strcpy(function->name, node->name);
    function->arena = arena_hold(arena);
    function->body = node->right;
    LIST_INSERT_HEAD(&functions, function, link);
    return true;
}

static void function_call(struct function *function, struct arguments *a)
{
    struct parameters outer = parameters;
    struct arena *outer_arena = running_arena, *held = arena_hold(function->arena);
    struct variable_backup *saved = NULL, **outer_locals = locals;
    int loops = shell.loops;

    if (shell.functions >= FUNCTION_DEPTH) {
        shell_error("%s: functions call each other too deeply", a->v[0]);
        shell_stop(STATUS_SYNTAX);
        arena_drop(held);
        return;
    }
    parameters.v = NULL;
    parameters.count = 0;
    parameters_set(a->v + 1, (int)a->n - 1);
    running_arena = held;
    locals = &saved;
    shell.loops = 0;
    shell.functions++;
    run_node(function->body);
    shell.functions--;
    shell.loops = loops;
    if (shell.flow == FLOW_RETURN)
        shell.flow = FLOW_ON;
    variables_restore(saved);
    locals = outer_locals;
    running_arena = outer_arena;
    parameters_free(&parameters);
    parameters.v = outer.v;
    parameters.count = outer.count;
    arena_drop(held);
}

int builtin_local(int argc, char **argv)
{
    if (!locals) {
        shell_error("local: not in a function");
        return STATUS_SYNTAX;
    }
    for (int i = 1; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (equals)
            *equals = '\0';
        if (!name_valid(argv[i], strlen(argv[i]))) {
            shell_error("local: %s: bad variable name", argv[i]);
            return STATUS_SYNTAX;
        }
        *locals = variable_save(*locals, argv[i]);
        if (equals && !variable_set(argv[i], equals + 1))
            return STATUS_SYNTAX;
    }
    return 0;
}

/* --- Assignments -------------------------------------------------------------------------------- */

/* NAME=value words: into variables; those before are noted in *backup, if it is not NULL. False after
 * a message. */
static bool assignments_apply(struct word_list *list, struct variable_backup **backup, bool exports)
{
    struct word *word;

    STAILQ_FOREACH (word, list, link) {
        char *equals = strchr(word->text, '=');
        char *value = expand_string(equals + 1);
        if (!value)
            return false;
        char *name = strndup(word->text, (size_t)(equals - word->text));
        if (backup)
            *backup = variable_save(*backup, name);
        bool good = variable_set(name, value);
        if (good && exports)
            variable_export(name);
        if (good && shell.trace)
            fprintf(stderr, "+ %s=%s\n", name, value);
        free(name);
        free(value);
        if (!good) {
            shell_stop(STATUS_SYNTAX);
            return false;
        }
    }
    return true;
}

/* The environment for one program: this shell's, with the command's assignments. Borrowed and own
 * strings are mixed; *own is what to free. NULL after a message. */
static char **environment_make(struct word_list *assignments, struct arguments *own)
{
    struct word *word;
    unsigned n = 0;

    STAILQ_FOREACH (word, assignments, link) {
        char *value = expand_string(strchr(word->text, '=') + 1);
        if (!value)
            return NULL;
        size_t name = (size_t)(strchr(word->text, '=') - word->text) + 1;
        char *text = tool_memory(NULL, name + strlen(value) + 1);
        sprintf(text, "%.*s%s", (int)name, word->text, value);
        free(value);
        arguments_add(own, text);
    }
    while (environ[n])
        n++;
    char **result = tool_memory(NULL, (n + own->n + 1) * sizeof(*result));
    memset(result, 0, (n + own->n + 1) * sizeof(*result));
    memcpy(result, environ, n * sizeof(*result));
    for (unsigned i = 0; i < own->n; i++) {
        size_t name = strcspn(own->v[i], "=") + 1;
        unsigned at = 0;
        while (result[at] && strncmp(result[at], own->v[i], name) != 0)
            at++;
        result[at] = own->v[i];
    }
    return result;
}

/* --- Programs ----------------------------------------------------------------------------------- */

static bool is_program(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

char *program_find(const char *name)
{
    const char *path = variable_get("PATH");

    if (strchr(name, '/'))
        return is_program(name) ? strdup(name) : NULL;
    while (path && *path) {
        size_t length = strcspn(path, ":");
        char *folder = length ? strndup(path, length) : strdup("."),
             *file = tool_path(folder, name);
        free(folder);
        if (is_program(file))
            return file;
        free(file);
        path += length + (path[length] == ':');
    }
    return NULL;
}

/* A file that is no image: by its #! line, else as a script of this shell. 0 or an errno. */
static int script_start(const char *path, char **argv, char **environment, pid_t *pid)
{
    static char shell_path[] = SHELL_PATH;
    char line[FIRST_LINE + 1] = "", *interpreter = shell_path, *option = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC), n = 0;
    ssize_t length = fd < 0 ? 0 : read(fd, line, FIRST_LINE);

    if (fd >= 0)
        close(fd);
    if (length > 0 && memchr(line, 0, (size_t)length))
        return ENOEXEC;
    line[length > 0 ? length : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "#!", 2) == 0) {
        interpreter = line + 2 + strspn(line + 2, " \t");
        char *end = interpreter + strcspn(interpreter, " \t");
        option = end + strspn(end, " \t");
        *end = '\0';
    }
    while (argv[n])
        n++;
    char **words = tool_memory(NULL, ((size_t)n + 4) * sizeof(*words));
    int at = 0;
    words[at++] = interpreter;
    if (option && *option)
        words[at++] = option;
    words[at++] = (char *)path;
    for (int i = 1; i <= n; i++)
        words[at++] = argv[i];
    if (n == 0)
        words[at] = NULL;
    int error = posix_spawn(pid, interpreter, NULL, NULL, words, environment);
    free(words);
    return error;
}

static int program_spawn(char **argv, char **environment, pid_t *pid)
{
    int error = posix_spawnp(pid, argv[0], NULL, NULL, argv, environment);

    if (error != ENOEXEC)
        return error;
    char *path = program_find(argv[0]);
    error = path ? script_start(path, argv, environment, pid) : ENOEXEC;
    free(path);
    return error;
}

int program_start(char **argv, struct word_list *assignments, int *pid)
{
    struct arguments own = {0};
    char **environment = environment_make(assignments, &own);
    struct stat status;
    pid_t child;

    if (!environment) {
        arguments_free(&own);
        return 1;
    }
    int error = program_spawn(argv, environment, &child);
    free(environment);
    arguments_free(&own);
    if (!error) {
        *pid = child;
        return 0;
    }
    if (error == ENOENT || error == ENOTDIR) {
        shell_error("%s: not found", argv[0]);
        return STATUS_NOT_FOUND;
    }
    if (strchr(argv[0], '/') && stat(argv[0], &status) == 0 && S_ISDIR(status.st_mode))
        error = EACCES;
    shell_error("%s: %s", argv[0], strerror(error));
    return STATUS_NOT_EXECUTABLE;
}

/* --- Simple commands ------------------------------------------------------------------------------ */

static void trace(const struct arguments *a)
{
    fputs("+", stderr);
    for (unsigned i = 0; i < a->n; i++)
        fprintf(stderr, " %s", a->v[i]);
    fputs("\n", stderr);
}

static void run_builtin(builtin_function *function, bool special, struct node *node,
                        struct arguments *a)
{
    struct variable_backup *backup = NULL;

    if (assignments_apply(&node->assignments, special ? NULL : &backup, false))
        parameters.status = function((int)a->n, a->v);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        int error = errno;
        __fpurge(stdout); /* or it would come out later, elsewhere */
        clearerr(stdout);
        shell_error("%s: %s", a->v[0], strerror(error));
        parameters.status = 1;
    }
    variables_restore(backup);
}

static void run_words(struct node *node, struct arguments *a)
{
    struct variable_backup *backup = NULL;
    struct function *function = function_find(a->v[0]);
    bool special = false;
    builtin_function *builtin = builtin_find(a->v[0], &special);
    int pid;

    if (shell.trace)
        trace(a);
    if (function && !special) {
        if (assignments_apply(&node->assignments, &backup, false))
            function_call(function, a);
        variables_restore(backup);
    } else if (builtin) {
        run_builtin(builtin, special, node, a);
    } else {
        fflush(stdout);
        int status = program_start(a->v, &node->assignments, &pid);
        parameters.status = status ? status : jobs_wait_foreground(&pid, 1);
    }
}

void run_simple(struct node *node)
{
    struct arguments a = {0};
    struct saved saved = {0};
    struct word *word;
    bool good = true;

    shell.substituted = 0;
    STAILQ_FOREACH (word, &node->words, link)
        good = good && expand_word(word->text, &a) == 0;
    bool stays = a.n > 0 && strcmp(a.v[0], "exec") == 0;
    if (shell.flow) {
        good = false; /* ^C in a $(...), or an expansion that ends the shell */
    } else if (!good) {
        parameters.status = parameters.status ? parameters.status : 1;
    } else if (!redirections_apply(&node->redirections, stays ? NULL : &saved)) {
        parameters.status = STATUS_SYNTAX;
        if (stays)
            shell_stop(STATUS_SYNTAX);
    } else if (a.n > 0) {
        run_words(node, &a);
    } else {
        good = assignments_apply(&node->assignments, NULL, false);
        parameters.status = good ? shell.substituted : parameters.status ? parameters.status : 1;
    }
    redirections_restore(&saved);
    arguments_free(&a);
}
