/* SPDX-License-Identifier: MIT
 *
 * Commands through the shell: system, popen, pclose. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "user/lib/posix/stdio_file.h"

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

/* The stream's cookie is the child's process id. */
static ssize_t command_read(struct stdio_file *f, void *to, size_t size)
{
    return read(f->fd, to, size);
}

static ssize_t command_write(struct stdio_file *f, const void *from, size_t size)
{
    return write(f->fd, from, size);
}

static int command_close(struct stdio_file *f)
{
    return close(f->fd);
}

static const struct stdio_ops command_ops = {
    .read = command_read, .write = command_write, .close = command_close};

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

FILE *popen(const char *command, const char *mode)
{
    int end[2], theirs = *mode == 'r' ? STDOUT_FILENO : STDIN_FILENO;
    pid_t pid;

    if ((*mode != 'r' && *mode != 'w') || (mode[1] && (mode[1] != 'e' || mode[2]))) {
        errno = EINVAL;
        return NULL;
    }
    if (pipe2(end, O_CLOEXEC) < 0)
        return NULL;
    struct stdio_file *f =
        stdio_new(&command_ops, end[!theirs], theirs == STDOUT_FILENO ? __SRD : __SWR);
    int error = f ? command_spawn(&pid, command, end, theirs) : ENOMEM;
    close(end[theirs]);
    if (error) {
        if (f)
            fclose(stdio_public(f));
        else
            close(end[!theirs]);
        errno = error;
        return NULL;
    }
    if (!mode[1])
        fcntl(f->fd, F_SETFD, 0);
    f->cookie = (void *)(uintptr_t)pid;
    return stdio_public(f);
}

int pclose(FILE *file)
{
    struct stdio_file *f = stdio_own(file);

    if (!f || f->ops != &command_ops) {
        errno = ECHILD;
        return -1;
    }
    pid_t pid = (pid_t)(uintptr_t)f->cookie;
    fclose(file);
    return command_wait(pid);
}
