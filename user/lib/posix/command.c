/* SPDX-License-Identifier: MIT
 *
 * Commands through the shell: system, popen, pclose. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/lock.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMMAND_SHELL "/bin/sh"
#define COMMAND_NO_SHELL (127 << 8) /* wait's status, when the shell could not be started */

extern char **environ;

static int command_start(pid_t *pid, const char *command, const posix_spawn_file_actions_t *actions)
{
    char *argv[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)command,
                    NULL};

    return posix_spawn(pid, COMMAND_SHELL, actions, NULL, argv, environ);
}

static int command_wait(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

int system(const char *command)
{
    pid_t pid;

    if (!command)
        return 1;
    void (*interrupt)(int) = signal(SIGINT, SIG_IGN);
    void (*quit)(int) = signal(SIGQUIT, SIG_IGN);
    int error = command_start(&pid, command, NULL);
    int status = error ? COMMAND_NO_SHELL : command_wait(pid);
    signal(SIGINT, interrupt);
    signal(SIGQUIT, quit);
    return status;
}

/* The child has end[theirs] as its descriptor of the same number; the ends close on exec. */
static int command_spawn(pid_t *pid, const char *command, const int end[2], int theirs)
{
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = posix_spawn_file_actions_adddup2(&actions, end[theirs], theirs);
    if (!error)
        error = command_start(pid, command, &actions);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* A stream of popen and its child. */
struct command {
    FILE *file;
    pid_t pid;
    LIST_ENTRY(command) link; /* under the library's lock */
};

static LIST_HEAD(, command) commands = LIST_HEAD_INITIALIZER(commands);

FILE *popen(const char *command, const char *mode)
{
    struct command *c = calloc(1, sizeof(*c));
    int end[2] = {-1, -1}, theirs = *mode == 'r' ? STDOUT_FILENO : STDIN_FILENO, error;

    if ((*mode != 'r' && *mode != 'w') || (mode[1] && (mode[1] != 'e' || mode[2])))
        error = EINVAL;
    else if (!c || pipe2(end, O_CLOEXEC) < 0 || !(c->file = fdopen(end[!theirs], mode)))
        error = errno;
    else
        error = command_spawn(&c->pid, command, end, theirs);
    close(end[theirs]);
    if (error) {
        if (c && c->file)
            fclose(c->file);
        else
            close(end[!theirs]);
        free(c);
        errno = error;
        return NULL;
    }
    if (!mode[1])
        fcntl(end[!theirs], F_SETFD, 0);
    __LIBC_LOCK();
    LIST_INSERT_HEAD(&commands, c, link);
    __LIBC_UNLOCK();
    return c->file;
}

int pclose(FILE *file)
{
    struct command *c;

    __LIBC_LOCK();
    LIST_FOREACH (c, &commands, link)
        if (c->file == file)
            break;
    if (c)
        LIST_REMOVE(c, link);
    __LIBC_UNLOCK();
    if (!c) {
        errno = ECHILD;
        return -1;
    }
    pid_t pid = c->pid;
    free(c);
    fclose(file);
    return command_wait(pid);
}
