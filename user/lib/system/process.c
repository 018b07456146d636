/* SPDX-License-Identifier: MIT
 *
 * Processes as POSIX sees them: who I am, groups and sessions, signals to others. All of it is known
 * by init, the process server. fork, exec, posix_spawn and the wait family have files of their own. */
#include <errno.h>
#include <proto/init.h>
#include <signal.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

int octavo_self;

pid_t getpid(void)
{
    long pid =
        octavo_self ? octavo_self : octavo_ask(HANDLE_INIT, &(struct message){.tag = INIT_SELF});

    return octavo_self = pid < 0 ? 0 : (pid_t)pid;
}

pid_t getppid(void)
{
    struct message m = {.tag = INIT_SELF};

    return ipc_request(HANDLE_INIT, &m) < 0 ? 0 : (pid_t)m.w[1];
}

/* GROUP_ASK and the like. Which word of the answer: 0 the group, 1 the session. -1 with errno: none. */
static pid_t process_group(pid_t pid, pid_t group, unsigned operation, int word)
{
    struct message m = {.tag = INIT_GROUP,
                        .w = {(unsigned long)pid, (unsigned long)group, operation}};

    return octavo_result(ipc_request(HANDLE_INIT, &m)) < 0 ? -1 : (pid_t)m.w[word];
}

pid_t getpgid(pid_t pid)
{
    return pid < 0 ? (pid_t)octavo_result(-EINVAL) : process_group(pid, 0, GROUP_ASK, 0);
}

pid_t getsid(pid_t pid)
{
    return pid < 0 ? (pid_t)octavo_result(-ESRCH) : process_group(pid, 0, GROUP_ASK, 1);
}

int setpgid(pid_t pid, pid_t group)
{
    if (group < 0 || pid < 0)
        return (int)octavo_result(group < 0 ? -EINVAL : -ESRCH);
    return process_group(pid, group, GROUP_SET, 0) < 0 ? -1 : 0;
}

pid_t getpgrp(void) { return getpgid(0); }
int setpgrp(void) { return setpgid(0, 0); }
pid_t setsid(void) { return process_group(0, 0, GROUP_SESSION, 1); }

int kill(pid_t pid, int signal)
{
    struct message m = {.tag = INIT_KILL, .w = {(unsigned long)pid, (unsigned)signal}};
    bool wrong = signal < 0 || signal >= NSIG;

    return (int)octavo_result(wrong ? -EINVAL : ipc_request(HANDLE_INIT, &m));
}

int killpg(pid_t group, int signal)
{
    return group < 0 ? (int)octavo_result(-EINVAL) : kill(-group, signal);
}
