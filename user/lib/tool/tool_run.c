/* SPDX-License-Identifier: MIT
 *
 * Starting programs, for env, find and xargs (user/lib/tool/tool.h). */
#include "user/lib/tool/tool.h"
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>

pid_t tool_start(char **argv, char **environment)
{
    pid_t pid;

    fflush(stdout);
    int error = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environment);
    if (!error)
        return pid;
    errno = error;
    tool_warn("%s", argv[0]);
    tool_status = error == ENOENT ? 127 : 126;
    return -1;
}

int tool_wait(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
