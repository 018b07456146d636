/* SPDX-License-Identifier: MIT
 *
 * wait, waitpid, waitid (POSIX), wait3 and wait4 (BSD): how children ended; and what they, and this
 * process, have used. */
#include <errno.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include "user/lib/system/internal.h"

#define NS_PER_US 1000ul
#define NS_PER_S 1000000000ul
#define NS_PER_CLOCK (NS_PER_S / CLOCKS_PER_SEC)

/* All that were waited for: their CPU time; and their spaces whose faults the pager has not been asked
 * for yet, since few programs want to know. */
#define CHILDREN_KEPT 32u
static unsigned long children_ns, children_space[CHILDREN_KEPT];
static unsigned children_kept;

/* which, last: PAGER_USAGE's. 0 or a negative errno; usage then has the CPU time. */
static long usage_of(struct rusage *usage, unsigned long ns, unsigned long which, int last)
{
    struct message m = {.tag = PAGER_USAGE, .w = {which, (unsigned long)last}};
    long result = ipc_request(HANDLE_PAGER, &m);

    *usage = (struct rusage){.ru_utime = {.tv_sec = (time_t)(ns / NS_PER_S),
                                          .tv_usec = (suseconds_t)(ns % NS_PER_S / NS_PER_US)}};
    if (result < 0)
        return result;
    usage->ru_minflt = (long)m.w[0];
    usage->ru_majflt = (long)m.w[1];
    usage->ru_maxrss = (long)(m.w[2] * (PAGE_SIZE / 1024));
    return 0;
}

/* The pager counts among the children those that it was asked for. */
static void children_flush(void)
{
    struct rusage usage;

    octavo_lock();
    while (children_kept)
        usage_of(&usage, 0, children_space[--children_kept], 1);
    octavo_unlock();
}

static void children_keep(unsigned long space)
{
    octavo_lock();
    if (children_kept == CHILDREN_KEPT)
        children_flush();
    children_space[children_kept++] = space;
    octavo_unlock();
}

void octavo_usage_forked(void) { children_ns = children_kept = 0; /* they were the parent's */ }

int getrusage(int who, struct rusage *usage)
{
    if (who == RUSAGE_CHILDREN) {
        children_flush();
        usage_of(usage, __atomic_load_n(&children_ns, __ATOMIC_RELAXED), PAGER_USAGE_CHILDREN, 0);
        return 0;
    }
    return (int)octavo_result(
        who == RUSAGE_SELF ? usage_of(usage, octavo_run_time(), PAGER_USAGE_SELF, 0) : -EINVAL);
}

clock_t times(struct tms *t)
{
    if (t)
        *t = (struct tms){.tms_utime = octavo_run_time() / NS_PER_CLOCK,
                          .tms_cutime =
                              __atomic_load_n(&children_ns, __ATOMIC_RELAXED) / NS_PER_CLOCK};
    return (clock_t)((unsigned long)sys_clock() / NS_PER_CLOCK);
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    struct message m = {.tag = INIT_WAIT | MSG_INTERRUPT,
                        .w = {(unsigned long)pid, options & WNOHANG ? WAIT_NOHANG : 0}};
    bool wrong = options & ~(WNOHANG | WUNTRACED | WCONTINUED);

    if (octavo_result(wrong ? -EINVAL : octavo_wait_request(HANDLE_INIT, &m)) < 0)
        return -1;
    if (m.w[0] == 0)
        return 0;
    __atomic_fetch_add(&children_ns, m.w[2], __ATOMIC_RELAXED);
    if (status)
        *status = (int)m.w[1];
    if (usage)
        usage_of(usage, m.w[2], m.w[3], 1);
    else if (m.w[3])
        children_keep(m.w[3]);
    return (pid_t)m.w[0];
}

pid_t wait3(int *status, int options, struct rusage *u) { return wait4(-1, status, options, u); }
pid_t waitpid(pid_t pid, int *status, int options) { return wait4(pid, status, options, NULL); }
pid_t wait(int *status) { return wait4(-1, status, 0, NULL); }

/* WNOWAIT is not there: ENOTSUP. */
int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    const int states = WEXITED | WSTOPPED | WCONTINUED;
    int status = 0;
    pid_t pid = type == P_ALL ? -1 : type == P_PID ? (pid_t)id : id ? -(pid_t)id : 0;

    if (options & WNOWAIT)
        return (int)octavo_result(-ENOTSUP);
    if (!(options & states) || options & ~(WNOHANG | states) || type > P_PGID ||
        (type == P_PID && (pid_t)id <= 0))
        return (int)octavo_result(-EINVAL);
    pid = wait4(pid, &status, options & WNOHANG, NULL);
    if (pid < 0)
        return -1;
    if (info)
        *info = (siginfo_t){0};
    if (info && pid)
        *info =
            (siginfo_t){.si_signo = SIGCHLD,
                        .si_pid = pid,
                        .si_code = WIFEXITED(status) ? CLD_EXITED : CLD_KILLED,
                        .si_status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status)};
    return 0;
}
