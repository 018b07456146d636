/* SPDX-License-Identifier: MIT
 *
 * KILL, SIGNALS, EXEC and ALARM. A program that wants more of a signal than its default says so
 * (INIT_SIGNALS), and its library does the rest: mask, handlers, and even the default action of what it
 * was handed. So for most programs, and against those that hang, init alone decides. */
#include "user/init/signal.h"
#include "user/init/request.h"
#include "user/init/wait.h"
#include <signal.h>
#include <string.h>

#define BIT(signal) ((uint32_t)1 << (signal))
#define NEVER_HANDED (BIT(SIGKILL) | BIT(SIGSTOP) | BIT(0))
_Static_assert(NSIG == 32, "sets of signals are 32 bits here: widen them before NSIG grows");

/* Whose default action is to be ignored (POSIX signal.h). */
#define IGNORED (BIT(SIGCHLD) | BIT(SIGURG) | BIT(SIGCONT) | BIT(SIGWINCH))
#define STOPS (BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU))

static unsigned alarms; /* processes that have one */

void signal_send(struct process *process, unsigned signal)
{
    const struct process_signals *signals = &process->signals;
    uint32_t bit = BIT(signal);

    if (signals->handed & bit && process->thread != HANDLE_NONE)
        sys_thread_control(process->thread, THREAD_INTERRUPT, bit, 0);
    else if (signals->blocked & bit)
        process->signals.held |= bit;
    else if (!((signals->ignored | IGNORED | STOPS) & bit) || signal == SIGKILL)
        process_end(process, WAIT_STATUS_SIGNAL(signal));
}

void signal_child(struct process *process)
{
    if ((process->signals.handed | process->signals.blocked) & BIT(SIGCHLD))
        signal_send(process, SIGCHLD);
}

/* Whether a KILL from caller with this pid means `process`. */
static bool is_meant(const struct process *caller, long pid, const struct process *process)
{
    if (process->is_wired || !process->group)
        return false;
    if (pid == -1)
        return process->session == caller->session && process != caller;
    return process->group == (pid ? (uint32_t)-pid : caller->group);
}

static int kill_many(struct process *caller, long pid, unsigned signal)
{
    bool found = false, itself = false;

    for (struct process *p = NULL; (p = process_each(p));) {
        if (!is_meant(caller, pid, p))
            continue;
        found = true;
        if (p == caller)
            itself = true;
        else if (signal && process_is_alive(p))
            signal_send(p, signal);
    }
    if (itself && signal)
        signal_send(caller, signal);
    return !found ? -ESRCH : process_is_alive(caller) ? 0 : SERVER_ANSWERED;
}

/* w: pid, signal. Who ends itself gets no answer: it cannot take one. */
int kill_handle(struct server_request *request)
{
    long pid = (long)request->w[0];
    unsigned long signal = request->w[1];

    if (signal >= NSIG)
        return -EINVAL;
    if (pid < -INT32_MAX)
        return -ESRCH;
    if (pid <= 0)
        return kill_many(caller_of(request), pid, (unsigned)signal);
    struct process *target = process_find((uint64_t)pid);
    if (!target)
        return -ESRCH;
    if (target->is_wired)
        return -EPERM;
    if (BIT(signal) & STOPS && !(target->signals.handed & BIT(signal)))
        return -ENOTSUP;
    if (signal && process_is_alive(target))
        signal_send(target, (unsigned)signal);
    return process_is_alive(caller_of(request)) ? 0 : SERVER_ANSWERED;
}

/* w: signals to hand over, those it ignores. */
int signals_handle(struct server_request *request)
{
    struct process_signals *signals = &caller_of(request)->signals;

    if ((request->w[0] | request->w[1]) >> NSIG)
        return -EINVAL;
    request->word[0] = signals->held;
    *signals = (struct process_signals){.handed = (uint32_t)request->w[0] & ~NEVER_HANDED,
                                        .ignored = (uint32_t)request->w[1] & ~NEVER_HANDED};
    return 0;
}

/* w: signals that stay ignored, that stay blocked, -, bytes of the name. */
int exec_handle(struct server_request *request)
{
    struct process *caller = caller_of(request);
    char name[PROCESS_NAME] = "";
    size_t length = request->w[3] < PROCESS_NAME - 1 ? request->w[3] : PROCESS_NAME - 1;

    if (!length || (request->w[0] | request->w[1]) >> NSIG)
        return -EINVAL;
    int result = server_copy_in(request, 0, name, length);
    if (result)
        return result;
    request->word[0] = caller->signals.handed;
    caller->signals.ignored = (uint32_t)request->w[0] & ~NEVER_HANDED;
    caller->signals.blocked = (uint32_t)request->w[1] & ~NEVER_HANDED;
    caller->signals.handed = 0;
    caller->has_executed = true;
    memcpy(caller->name, name, PROCESS_NAME);
    return 0;
}

/* --- Alarms ------------------------------------------------------------------------------ */

static void alarm_set(struct process *process, uint64_t when)
{
    alarms += (when != 0) - (process->alarm != 0);
    process->alarm = when;
}

/* w: ns from now, ns between. */
int alarm_handle(struct server_request *request)
{
    struct process *caller = caller_of(request);
    uint64_t now = (uint64_t)sys_clock();

    if (request->w[0] >> 62 || request->w[1] >> 62)
        return -EINVAL;
    request->word[0] = !caller->alarm ? 0 : caller->alarm > now ? caller->alarm - now : 1;
    request->word[1] = caller->alarm_interval;
    alarm_set(caller, request->w[0] ? now + request->w[0] : 0);
    caller->alarm_interval = request->w[1];
    return 0;
}

void signal_forget(struct process *process)
{
    alarm_set(process, 0);
}

uint64_t signal_deadline(void)
{
    uint64_t first = ~0ul;

    if (alarms)
        for (struct process *p = NULL; (p = process_each(p));)
            if (p->alarm && p->alarm < first)
                first = p->alarm;
    return first;
}

void signal_expire(void)
{
    if (!alarms)
        return;
    uint64_t now = (uint64_t)sys_clock();
    for (struct process *p = NULL; (p = process_each(p));) {
        if (!p->alarm || (p->alarm > now && process_is_alive(p)))
            continue;
        alarm_set(p, p->alarm_interval && process_is_alive(p) ? now + p->alarm_interval : 0);
        if (process_is_alive(p))
            signal_send(p, SIGALRM);
    }
}
