/* SPDX-License-Identifier: MIT
 *
 * What of <signal.h>, <setjmp.h> and the alarms is made of the rest: sets, waiting, jumps, timers,
 * messages. */
#include <errno.h>
#include <proto/init.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/system/internal.h"
#include "user/lib/system/signal.h"

#define NS_PER_US 1000ul
#define NS_PER_S 1000000000ul

/* The set with the signal changed so, if there is such a signal. */
static int set_change(sigset_t *set, int number, bool add)
{
    if (number <= 0 || number >= NSIG)
        return (int)octavo_result(-EINVAL);
    *set = add ? *set | 1ul << number : *set & ~(1ul << number);
    return 0;
}

int sigaddset(sigset_t *set, int number) { return set_change(set, number, true); }
int sigdelset(sigset_t *set, int number) { return set_change(set, number, false); }

int sigismember(const sigset_t *set, int number)
{
    sigset_t one = 0;

    return set_change(&one, number, true) < 0 ? -1 : (*set & one) != 0;
}

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

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
                 const struct timespec *restrict timeout)
{
    unsigned long deadline = DEADLINE_NEVER;
    bool wrong = timeout && !octavo_deadline(timeout, &deadline);

    return (int)octavo_result(wrong ? -EINVAL : octavo_signal_wait(*set, info, deadline));
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
    return sigtimedwait(set, info, NULL);
}

int sigwait(const sigset_t *restrict set, int *restrict number)
{
    do
        *number = octavo_signal_wait(*set, NULL, DEADLINE_NEVER);
    while (*number == -EINTR);
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

/* What setitimer deals in, as ns. */
struct alarm {
    unsigned long left, interval;
};

/* Sets the alarm; *old is what it was. 0, or a negative errno. */
static long alarm_set(unsigned long left, unsigned long interval, struct alarm *old)
{
    struct message m = {.tag = INIT_ALARM, .w = {left, interval}};
    long result = ipc_request(HANDLE_INIT, &m);

    *old = result < 0 ? (struct alarm){0} : (struct alarm){m.w[0], m.w[1]};
    return result;
}

unsigned alarm(unsigned seconds)
{
    struct alarm old;

    alarm_set(seconds * NS_PER_S, 0, &old);
    return (unsigned)((old.left + NS_PER_S - 1) / NS_PER_S);
}

useconds_t ualarm(useconds_t first, useconds_t interval)
{
    struct alarm old;

    alarm_set(first * NS_PER_US, interval * NS_PER_US, &old);
    return (useconds_t)(old.left / NS_PER_US);
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

static int alarm_tell(long result, const struct alarm *old, struct itimerval *to)
{
    if (result >= 0 && to)
        *to = (struct itimerval){timeval_of(old->interval), timeval_of(old->left)};
    return (int)octavo_result(result);
}

/* ITIMER_REAL only. */
int setitimer(int which, const struct itimerval *restrict value, struct itimerval *restrict old)
{
    struct alarm wanted, before = {0};
    bool wrong = which != ITIMER_REAL || !value || !ns_of(&value->it_value, &wanted.left) ||
                 !ns_of(&value->it_interval, &wanted.interval);
    long result = wrong ? -EINVAL : alarm_set(wanted.left, wanted.interval, &before);

    return alarm_tell(result, &before, old);
}

/* Asking is setting, and setting back: a signal may come in between, no later than it would have. */
int getitimer(int which, struct itimerval *value)
{
    struct alarm now = {0}, none;
    long result = which == ITIMER_REAL ? alarm_set(0, 0, &now) : -EINVAL;

    if (result >= 0)
        result = alarm_set(now.left, now.interval, &none);
    return alarm_tell(result, &now, value);
}

void psiginfo(const siginfo_t *info, const char *text) { psignal(info->si_signo, text); }
