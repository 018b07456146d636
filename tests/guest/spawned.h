/* SPDX-License-Identifier: MIT
 *
 * Tests that start programs, mostly themselves: see the functions. */
#ifndef OCTAVO_TESTS_SPAWNED_H
#define OCTAVO_TESTS_SPAWNED_H

#include <octavo/query.h>
#include <octavo/spawn.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Starts argv[0], a path. prepare (may be NULL) is called with the child's space before it has any
 * image. Its pid, or a negative errno. */
static inline pid_t spawned_start(char *const argv[], posix_spawn_prepare_np *prepare,
                                  void *context)
{
    posix_spawnattr_t attributes;
    pid_t pid = 0;
    int error = posix_spawnattr_init(&attributes);

    if (!error && prepare)
        error = posix_spawnattr_setprepare_np(&attributes, prepare, context);
    if (!error)
        error = posix_spawn(&pid, argv[0], NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    return error ? -error : pid;
}

/* Waits for it: its exit status, 128 + signal when one ended it, or a negative errno of its start. */
static inline int spawned_wait(pid_t pid)
{
    int status;

    if (pid < 0)
        return pid;
    if (waitpid(pid, &status, 0) != pid)
        return -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Runs `path mode argument` to its end. argument may be NULL. */
static inline int spawned_run(const char *path, const char *mode, const char *argument)
{
    char *argv[] = {(char *)path, (char *)mode, (char *)argument, NULL};

    return spawned_wait(spawned_start(argv, NULL, NULL));
}

/* The processor time that it has had, in ns; 0: there is none of that pid. */
static inline unsigned long spawned_run_time(pid_t pid)
{
    struct init_process process;
    struct info_task task;

    if (query_process((unsigned long)pid, &process) < 0 || !query_task(&process, &task))
        return 0;
    return task.run_time;
}

#endif
