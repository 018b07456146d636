/* SPDX-License-Identifier: MIT
 *
 * What of <signal.h>, <setjmp.h> and the alarms is made of the rest: sets, waiting, jumps, timers,
 * messages. */
#include <errno.h>
#include <proto/init.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/system/internal.h"
#include "user/lib/system/signal.h"

#define NS_PER_US 1000ul
#define NS_PER_S 1000000000ul

int sigemptyset(sigset_t *set)
{
    *set = 0;
    return 0;
}

int sigfillset(sigset_t *set)
{
    *set = (1ul << NSIG) - 2;
    return 0;
}

static int set_check(int number)
{
    return (int)octavo_result(number > 0 && number < NSIG ? 0 : -EINVAL);
}

int sigaddset(sigset_t *set, int number)
{
    if (set_check(number) < 0)
        return -1;
    *set |= 1ul << number;
    return 0;
}

int sigdelset(sigset_t *set, int number)
{
    if (set_check(number) < 0)
        return -1;
    *set &= ~(1ul << number);
    return 0;
}

int sigismember(const sigset_t *set, int number)
{
    return set_check(number) < 0 ? -1 : (int)(*set >> number & 1);
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
    return (int)octavo_result(octavo_signal_wait(*set, info, DEADLINE_NEVER));
}

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
                 const struct timespec *restrict timeout)
{
    unsigned long deadline = DEADLINE_NEVER;

    if (timeout) {
        if (timeout->tv_nsec < 0 || timeout->tv_nsec >= (long)NS_PER_S || timeout->tv_sec < 0)
            return (int)octavo_result(-EINVAL);
        deadline = (unsigned long)sys_clock() + (unsigned long)timeout->tv_sec * NS_PER_S +
                   (unsigned long)timeout->tv_nsec;
    }
    return (int)octavo_result(octavo_signal_wait(*set, info, deadline));
}

int sigwait(const sigset_t *restrict set, int *restrict number)
{
    int result;

    do
        result = octavo_signal_wait(*set, NULL, DEADLINE_NEVER);
    while (result == -EINTR);
    *number = result;
    return 0;
}

int pause(void)
{
    sigset_t mask;

    sigprocmask(SIG_BLOCK, NULL, &mask);
    return sigsuspend(&mask);
}

void octavo_sigsave(sigjmp_buf environment, int save)
{
    environment->__saved = save;
    if (save)
        sigprocmask(SIG_BLOCK, NULL, &environment->__mask);
}

void siglongjmp(sigjmp_buf environment, int value)
{
    if (environment->__saved)
        sigprocmask(SIG_SETMASK, &environment->__mask, NULL);
    longjmp(environment->__registers, value);
}

/* --- Alarms ------------------------------------------------------------------------------ */

/* Of INIT_ALARM; ns left and interval before in *left and *interval. */
static int alarm_set(unsigned long ns, unsigned long between, unsigned long *left,
                     unsigned long *interval)
{
    struct message m = {.tag = INIT_ALARM, .w = {ns, between}};

    if (octavo_result(ipc_request(HANDLE_INIT, &m)) < 0)
        return -1;
    *left = m.w[0];
    *interval = m.w[1];
    return 0;
}

unsigned alarm(unsigned seconds)
{
    unsigned long left, interval;

    if (alarm_set(seconds * NS_PER_S, 0, &left, &interval) < 0)
        return 0;
    return (unsigned)((left + NS_PER_S - 1) / NS_PER_S);
}

static bool ns_of(const struct timeval *t, unsigned long *ns)
{
    *ns = (unsigned long)t->tv_sec * NS_PER_S + (unsigned long)t->tv_usec * NS_PER_US;
    return t->tv_usec >= 0 && t->tv_usec < 1000000 && t->tv_sec >= 0 && t->tv_sec < 1l << 32;
}

static struct timeval timeval_of(unsigned long ns)
{
    ns += NS_PER_US - 1;
    return (struct timeval){.tv_sec = (time_t)(ns / NS_PER_S),
                            .tv_usec = (suseconds_t)(ns % NS_PER_S / NS_PER_US)};
}

/* ITIMER_REAL only. */
int setitimer(int which, const struct itimerval *restrict value, struct itimerval *restrict old)
{
    unsigned long ns, between, left, interval;

    if (which != ITIMER_REAL || !value || !ns_of(&value->it_value, &ns) ||
        !ns_of(&value->it_interval, &between))
        return (int)octavo_result(-EINVAL);
    if (alarm_set(ns, between, &left, &interval) < 0)
        return -1;
    if (old)
        *old = (struct itimerval){timeval_of(interval), timeval_of(left)};
    return 0;
}

/* Asking is setting, and setting back: a signal may come in between, no later than it would have. */
int getitimer(int which, struct itimerval *value)
{
    unsigned long left, interval, none;

    if (which != ITIMER_REAL)
        return (int)octavo_result(-EINVAL);
    if (alarm_set(0, 0, &left, &interval) < 0 || alarm_set(left, interval, &none, &none) < 0)
        return -1;
    *value = (struct itimerval){timeval_of(interval), timeval_of(left)};
    return 0;
}

useconds_t ualarm(useconds_t first, useconds_t interval)
{
    unsigned long left, between;

    if (alarm_set(first * NS_PER_US, interval * NS_PER_US, &left, &between) < 0)
        return 0;
    return (useconds_t)(left / NS_PER_US);
}

/* --- Messages ---------------------------------------------------------------------------- */

void psignal(int number, const char *text)
{
    fprintf(stderr, "%s%s%s\n", text ? text : "", text && *text ? ": " : "", strsignal(number));
}

void psiginfo(const siginfo_t *info, const char *text)
{
    psignal(info->si_signo, text);
}
