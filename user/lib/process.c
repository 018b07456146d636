/* SPDX-License-Identifier: MIT
 *
 * Processes as POSIX sees them: who I am, my children, signals to others, times. All of it is known
 * by init, the process server, but for CPU time (the kernel) and faults (the pager). posix_spawn is
 * in spawn.c. */
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
#include "user/lib/internal.h"

#define NS_PER_US 1000ul
#define NS_PER_S 1000000000ul

static pid_t process_self(pid_t *parent)
{
    struct message m = {.tag = INIT_SELF};

    if (ipc_request(HANDLE_INIT, &m) < 0)
        return 0;
    *parent = (pid_t)m.w[1];
    return (pid_t)m.w[0];
}

pid_t getpid(void)
{
    static pid_t self; /* never changes: there is no fork yet */
    pid_t parent;

    if (self == 0)
        self = process_self(&parent);
    return self;
}

pid_t getppid(void)
{
    pid_t parent = 0;

    process_self(&parent);
    return parent;
}

int kill(pid_t pid, int signal)
{
    if (signal < 0 || signal >= NSIG) {
        errno = EINVAL;
        return -1;
    }
    if (pid <= 0) { /* there are no process groups */
        errno = ESRCH;
        return -1;
    }
    struct message m = {.tag = INIT_KILL, .w = {(unsigned)pid, (unsigned)signal}};
    return (int)octavo_result(ipc_request(HANDLE_INIT, &m));
}

/* Any pid that is not positive means any child: there are no process groups. */
pid_t waitpid(pid_t pid, int *status, int options)
{
    if (options & ~WNOHANG) {
        errno = EINVAL;
        return -1;
    }
    struct message m = {
        .tag = INIT_WAIT,
        .w = {pid > 0 ? (unsigned long)pid : ~0ul, options & WNOHANG ? WAIT_NOHANG : 0}};
    if (octavo_result(ipc_request(HANDLE_INIT, &m)) < 0)
        return -1;
    if (status && m.w[0] != 0)
        *status = (int)m.w[1];
    return (pid_t)m.w[0];
}

pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
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

/* Nothing is kept of children that ended: RUSAGE_CHILDREN is zero. */
int getrusage(int who, struct rusage *usage)
{
    struct pager_space space = {0};

    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN) {
        errno = EINVAL;
        return -1;
    }
    *usage = (struct rusage){0};
    if (who == RUSAGE_CHILDREN)
        return 0;
    unsigned long ns = process_run_time();
    usage->ru_utime.tv_sec = (time_t)(ns / NS_PER_S);
    usage->ru_utime.tv_usec = (suseconds_t)(ns % NS_PER_S / NS_PER_US);
    struct message m = {.tag = PAGER_SPACE, .w = {0, 0, 0, sizeof(space)}};
    ipc_attach_out(&m, &space, sizeof(space));
    if (octavo_result(ipc_request(HANDLE_PAGER, &m)) < 0)
        return -1;
    usage->ru_minflt = (long)space.minor;
    usage->ru_majflt = (long)space.major;
    usage->ru_maxrss = (long)(space.resident * (PAGE_SIZE / 1024)); /* now, not the peak */
    return 0;
}
