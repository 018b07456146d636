/* SPDX-License-Identifier: MIT
 *
 * Carries out a parsed script: lists, conditions, assignments, redirections, built-ins and
 * programs. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/bin/sh/expand.h"
#include "user/bin/sh/jobs.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

#define SHELL_PATH "/bin/sh"
#define FD_SAVED 10 /* where a built-in's redirected descriptors are kept meanwhile (and above) */

extern char **environ;

static int redirection_flags(enum redirection_kind kind)
{
    switch (kind) {
    case REDIRECT_READ:
        return O_RDONLY;
    case REDIRECT_WRITE:
        return O_WRONLY | O_CREAT | O_TRUNC;
    default:
        return O_WRONLY | O_CREAT | O_APPEND;
    }
}

/* Opens what a redirection names: a descriptor to be duplicated, -1 to close, or -2 after a
 * message. */
static int redirection_open(const struct redirection *r, bool *opened)
{
    char *word = expand_string(r->word), *end;
    int fd = -2;

    *opened = false;
    if (!word)
        return -2;
    if (r->kind == REDIRECT_DUP) {
        if (strcmp(word, "-") == 0)
            fd = -1;
        else if ((fd = (int)strtol(word, &end, 10)) < 0 || *end || fcntl(fd, F_GETFD) < 0)
            fd = -2;
    } else {
        fd = open(word, redirection_flags(r->kind) | O_CLOEXEC);
        *opened = fd >= 0;
        if (fd < 0)
            fd = -2;
    }
    if (fd == -2)
        fprintf(stderr, "sh: %s: %s\n", word, strerror(errno ? errno : EBADF));
    free(word);
    return fd;
}

struct saved {
    int copy[16]; /* of descriptor i; 0 = untouched, -1 = was closed */
};

/* Carries out redirections on the shell's own descriptors; restore undoes them. False: a message
 * was printed. */
static bool redirections_apply(struct command *command, struct saved *saved)
{
    struct redirection *r;

    STAILQ_FOREACH (r, &command->redirections, link) {
        bool opened;
        errno = 0;
        int fd = redirection_open(r, &opened);
        if (fd == -2)
            return false;
        fflush(stdout);
        if (!saved->copy[r->fd])
            saved->copy[r->fd] = fcntl(r->fd, F_DUPFD_CLOEXEC, FD_SAVED);
        if (fd == -1)
            close(r->fd);
        else
            dup2(fd, r->fd);
        if (opened)
            close(fd);
    }
    return true;
}

static void redirections_restore(struct saved *saved)
{
    fflush(stdout);
    for (int fd = 0; fd < FD_SAVED; fd++) {
        if (saved->copy[fd] > 0) {
            dup2(saved->copy[fd], fd);
            close(saved->copy[fd]);
        } else if (saved->copy[fd] < 0) {
            close(fd);
        }
    }
}

/* NAME=value words: into variables. False after a message. */
static bool assignments_apply(struct command *command)
{
    struct word *word;

    STAILQ_FOREACH (word, &command->assignments, link) {
        char *equals = strchr(word->text, '=');
        char *value = expand_string(equals + 1);
        if (!value)
            return false;
        *equals = '\0';
        variable_set(word->text, value);
        *equals = '=';
        free(value);
    }
    return true;
}

/* The environment for one program: this shell's, with the command's assignments. Borrowed and own
 * strings are mixed; *own is what to free. */
static char **environment_make(struct command *command, struct arguments *own)
{
    struct word *word;
    unsigned n = 0;

    STAILQ_FOREACH (word, &command->assignments, link)
        if (expand_word(word->text, own) < 0)
            return NULL;
    while (environ[n])
        n++;
    char **result = calloc(n + own->n + 1, sizeof(*result));
    if (!result)
        return NULL;
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

/* Starts a program. $? of the failure, or 0 and its pid. */
static int program_start(struct command *command, char **argv, pid_t *pid)
{
    struct arguments own = {0};
    char **environment = environment_make(command, &own);

    if (!environment) {
        arguments_free(&own);
        return 1;
    }
    int error = posix_spawnp(pid, argv[0], NULL, NULL, argv, environment);
    free(environment);
    arguments_free(&own);
    if (!error)
        return 0;
    if (error == ENOENT) {
        fprintf(stderr, "sh: %s: not found\n", argv[0]);
        return STATUS_NOT_FOUND;
    }
    fprintf(stderr, "sh: %s: %s\n", argv[0], strerror(error));
    return STATUS_NOT_EXECUTABLE;
}

/* A simple command with its words expanded. background: leaves the program running. */
static int command_run_expanded(struct command *command, struct arguments *a,
                                const char *background)
{
    pid_t pid;

    if (a->n == 0)
        return assignments_apply(command) ? 0 : 1;
    builtin_function *builtin = builtin_find(a->v[0]);
    if (builtin && !background) {
        if (!assignments_apply(command))
            return 1;
        return builtin((int)a->n, a->v);
    }
    int status = program_start(command, a->v, &pid);
    if (status)
        return status;
    if (!background)
        return jobs_wait_foreground(pid);
    jobs_add(pid, background);
    return 0;
}

static int command_run(struct command *command, const char *background)
{
    struct arguments arguments = {0};
    struct saved saved = {{0}};
    struct word *word;
    int status = 0;

    STAILQ_FOREACH (word, &command->words, link)
        if (expand_word(word->text, &arguments) < 0)
            status = 1;
    if (status == 0) {
        if (redirections_apply(command, &saved))
            status = command_run_expanded(command, &arguments, background);
        else
            status = 1;
        redirections_restore(&saved);
    }
    arguments_free(&arguments);
    return command->negate ? !status : status;
}

/* A list in the background that is more than one program runs in a shell of its own. */
static int list_run_in_shell(const struct and_or *list)
{
    char *argv[] = {"sh", "-c", list->text, NULL};
    pid_t pid;
    int error = posix_spawn(&pid, SHELL_PATH, NULL, NULL, argv, environ);

    if (error) {
        fprintf(stderr, "sh: %s: %s\n", SHELL_PATH, strerror(error));
        return STATUS_NOT_EXECUTABLE;
    }
    jobs_add(pid, list->text);
    return 0;
}

static bool list_is_one_program(const struct and_or *list)
{
    const struct command *command = STAILQ_FIRST(&list->commands);
    const struct word *word = STAILQ_FIRST(&command->words);

    return !STAILQ_NEXT(command, link) && word && !builtin_find(word->text) && !command->negate;
}

static void list_run(struct and_or *list)
{
    struct command *command;

    if (list->background && !list_is_one_program(list)) {
        parameters.status = list_run_in_shell(list);
        return;
    }
    STAILQ_FOREACH (command, &list->commands, link) {
        if ((command->condition == RUN_IF_TRUE && parameters.status != 0) ||
            (command->condition == RUN_IF_FALSE && parameters.status == 0))
            continue;
        parameters.status = command_run(command, list->background ? list->text : NULL);
        if (shell.leave)
            return;
    }
}

void script_run(struct script *script)
{
    struct and_or *list;

    STAILQ_FOREACH (list, &script->lists, link) {
        list_run(list);
        if (shell.leave)
            return;
    }
}
