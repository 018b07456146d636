/* SPDX-License-Identifier: MIT
 *
 * wait, waitpid, waitid (POSIX), wait3 and wait4 (BSD): how children ended, and what they used. */
#include <errno.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <signal.h>
#include <string.h>
#include <sys/lock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "user/lib/system/internal.h"

#define NS_PER_US 1000ul
#define NS_PER_S 1000000000ul

/* All that were waited for: their CPU time; and their spaces whose faults the pager has not been asked
 * for yet, since few programs want to know. */
#define CHILDREN_KEPT 32u
static unsigned long children_ns, children_space[CHILDREN_KEPT];
static unsigned children_kept;

static void usage_faults(struct rusage *usage, unsigned long which, int last)
{
    struct message m = {.tag = PAGER_USAGE, .w = {which, (unsigned long)last}};

    if (ipc_request(HANDLE_PAGER, &m) < 0)
        return;
    usage->ru_minflt = (long)m.w[0];
    usage->ru_majflt = (long)m.w[1];
    usage->ru_maxrss = (long)(m.w[2] * (PAGE_SIZE / 1024));
}

static void usage_of(unsigned long ns, struct rusage *usage)
{
    *usage = (struct rusage){0};
    usage->ru_utime.tv_sec = (time_t)(ns / NS_PER_S);
    usage->ru_utime.tv_usec = (suseconds_t)(ns % NS_PER_S / NS_PER_US);
}

/* The pager counts among the children those that it was asked for. */
static void children_flush(void)
{
    struct rusage usage;

    __LIBC_LOCK();
    while (children_kept)
        usage_faults(&usage, children_space[--children_kept], 1);
    __LIBC_UNLOCK();
}

static void children_keep(unsigned long space)
{
    if (children_kept == CHILDREN_KEPT)
        children_flush();
    __LIBC_LOCK();
    children_space[children_kept++ % CHILDREN_KEPT] = space;
    __LIBC_UNLOCK();
}

void octavo_usage_forked(void)
{
    children_ns = children_kept = 0; /* they were the parent's */
}

void octavo_children_usage(struct rusage *usage)
{
    children_flush();
    usage_of(__atomic_load_n(&children_ns, __ATOMIC_RELAXED), usage);
    usage_faults(usage, PAGER_USAGE_CHILDREN, 0);
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    if (options & ~(WNOHANG | WUNTRACED | WCONTINUED))
        return (pid_t)octavo_result(-EINVAL);
    struct message m = {.tag = INIT_WAIT | MSG_INTERRUPT,
                        .w = {(unsigned long)pid, options & WNOHANG ? WAIT_NOHANG : 0}};
    if (octavo_result(octavo_wait_request(HANDLE_INIT, &m)) < 0)
        return -1;
    if (m.w[0] == 0)
        return 0;
    __atomic_fetch_add(&children_ns, m.w[2], __ATOMIC_RELAXED);
    if (status)
        *status = (int)m.w[1];
    if (usage) {
        usage_of(m.w[2], usage);
        usage_faults(usage, m.w[3], 1);
    } else if (m.w[3]) {
        children_keep(m.w[3]);
    }
    return (pid_t)m.w[0];
}

pid_t wait3(int *status, int options, struct rusage *usage)
{
    return wait4(-1, status, options, usage);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    return wait4(pid, status, options, NULL);
}

pid_t wait(int *status)
{
    return wait4(-1, status, 0, NULL);
}

/* WNOWAIT is not there: ENOTSUP. */
int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    int status = 0;
    pid_t pid = type == P_ALL ? -1 : type == P_PID ? (pid_t)id : id ? -(pid_t)id : 0;

    if (options & WNOWAIT)
        return (int)octavo_result(-ENOTSUP);
    if (!(options & (WEXITED | WSTOPPED | WCONTINUED)) || type > P_PGID ||
        (type == P_PID && (pid_t)id <= 0) || options & ~(WNOHANG | WEXITED | WSTOPPED | WCONTINUED))
        return (int)octavo_result(-EINVAL);
    pid = wait4(pid, &status, options & WNOHANG, NULL);
    if (pid < 0)
        return -1;
    if (!info)
        return 0;
    memset(info, 0, sizeof(*info));
    if (pid == 0)
        return 0;
    info->si_signo = SIGCHLD;
    info->si_pid = pid;
    info->si_code = WIFEXITED(status) ? CLD_EXITED : CLD_KILLED;
    info->si_status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    return 0;
}
