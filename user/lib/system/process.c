/* SPDX-License-Identifier: MIT
 *
 * Processes as POSIX sees them: who I am, my children, signals to others, times. All of it is known
 * by init, the process server, but for CPU time (the kernel) and faults (the pager). fork, exec,
 * posix_spawn and the wait family have files of their own. */
#include <errno.h>
#include <abi/info.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

#define NS_PER_US 1000ul
#define NS_PER_S 1000000000ul

int octavo_self;

/* Of GROUP_ASK and the like: the group and the session in *m, or -1 with errno. */
static int process_group(struct message *m, pid_t pid, pid_t group, unsigned operation)
{
    *m = (struct message){.tag = INIT_GROUP,
                          .w = {(unsigned long)pid, (unsigned long)group, operation}};
    return (int)octavo_result(ipc_request(HANDLE_INIT, m));
}

pid_t getpid(void)
{
    struct message m = {.tag = INIT_SELF};

    if (octavo_self == 0 && ipc_request(HANDLE_INIT, &m) == 0)
        octavo_self = (pid_t)m.w[0];
    return octavo_self;
}

pid_t getppid(void)
{
    struct message m = {.tag = INIT_SELF};

    return ipc_request(HANDLE_INIT, &m) < 0 ? 0 : (pid_t)m.w[1];
}

pid_t getpgid(pid_t pid)
{
    struct message m;

    if (pid < 0)
        return (pid_t)octavo_result(-EINVAL);
    return process_group(&m, pid, 0, GROUP_ASK) < 0 ? -1 : (pid_t)m.w[0];
}

pid_t getpgrp(void)
{
    return getpgid(0);
}

pid_t getsid(pid_t pid)
{
    struct message m;

    if (pid < 0)
        return (pid_t)octavo_result(-ESRCH);
    return process_group(&m, pid, 0, GROUP_ASK) < 0 ? -1 : (pid_t)m.w[1];
}

int setpgid(pid_t pid, pid_t group)
{
    struct message m;

    if (group < 0)
        return (int)octavo_result(-EINVAL);
    if (pid < 0)
        return (int)octavo_result(-ESRCH);
    return process_group(&m, pid, group, GROUP_SET);
}

int setpgrp(void)
{
    return setpgid(0, 0);
}

pid_t setsid(void)
{
    struct message m;

    return process_group(&m, 0, 0, GROUP_SESSION) < 0 ? -1 : (pid_t)m.w[1];
}

int kill(pid_t pid, int signal)
{
    struct message m = {.tag = INIT_KILL, .w = {(unsigned long)pid, (unsigned)signal}};

    if (signal < 0 || signal >= NSIG)
        return (int)octavo_result(-EINVAL);
    return (int)octavo_result(ipc_request(HANDLE_INIT, &m));
}

int killpg(pid_t group, int signal)
{
    if (group < 0)
        return (int)octavo_result(-EINVAL);
    return kill(-group, signal);
}

/* CPU time of this process, ns; its part in the kernel included. */
static unsigned long process_run_time(void)
{
    struct info_task task;

    if (sys_info(INFO_SELF, 0, (uintptr_t)&task, sizeof(task)) < 0)
        return 0;
    return task.run_time;
}

clock_t times(struct tms *t)
{
    if (t)
        *t = (struct tms){.tms_utime = process_run_time() / (NS_PER_S / CLOCKS_PER_SEC)};
    return (clock_t)((unsigned long)sys_clock() / (NS_PER_S / CLOCKS_PER_SEC));
}

int getrusage(int who, struct rusage *usage)
{
    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN) {
        errno = EINVAL;
        return -1;
    }
    *usage = (struct rusage){0};
    if (who == RUSAGE_CHILDREN) {
        octavo_children_usage(usage);
        return 0;
    }
    unsigned long ns = process_run_time();
    usage->ru_utime.tv_sec = (time_t)(ns / NS_PER_S);
    usage->ru_utime.tv_usec = (suseconds_t)(ns % NS_PER_S / NS_PER_US);
    struct message m = {.tag = PAGER_USAGE, .w = {PAGER_USAGE_SELF}};
    if (octavo_result(ipc_request(HANDLE_PAGER, &m)) < 0)
        return -1;
    usage->ru_minflt = (long)m.w[0];
    usage->ru_majflt = (long)m.w[1];
    usage->ru_maxrss = (long)(m.w[2] * (PAGE_SIZE / 1024));
    return 0;
}
