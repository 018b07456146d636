/* SPDX-License-Identifier: MIT
 *
 * EXIT, WAIT and KILL. An ended process stays until its parent has received the answer to a WAIT: when
 * the waiter died before (its token is stale), the status is for the next one. */
#include "user/init/wait.h"
#include "user/init/request.h"
#include <signal.h>

#define WAITERS_MAX 512u
#define WAITERS_PER_PROCESS 32u

STAILQ_HEAD(waiter_list, waiter);

static struct waiter pool[WAITERS_MAX];
static unsigned pool_used; /* entries of pool that were ever taken */
static struct waiter_list pool_free = STAILQ_HEAD_INITIALIZER(pool_free);

static struct waiter *waiter_take(void)
{
    struct waiter *waiter = STAILQ_FIRST(&pool_free);
    if (waiter) {
        STAILQ_REMOVE_HEAD(&pool_free, next);
        return waiter;
    }
    return pool_used < WAITERS_MAX ? &pool[pool_used++] : NULL;
}

static void waiter_drop(struct process *process, struct waiter *waiter)
{
    STAILQ_REMOVE(&process->waiters, waiter, waiter, next);
    STAILQ_INSERT_HEAD(&pool_free, waiter, next);
}

void wait_forget(struct process *process)
{
    while (!STAILQ_EMPTY(&process->waiters))
        waiter_drop(process, STAILQ_FIRST(&process->waiters));
}

/* Threads whose WAIT ended with EINTR, or that ended themselves, are still in the list: copying nothing
 * tells whether a token is good. Returns how many are left. */
static unsigned waiters_alive(struct process *process)
{
    struct waiter *waiter, *next;
    unsigned count = 0;
    char nothing;
    STAILQ_FOREACH_SAFE (waiter, &process->waiters, next, next) {
        long result = sys_copy(waiter->token, COPY_IN, 0, (unsigned long)&nothing, 0);
        if (result == -ESTALE)
            waiter_drop(process, waiter);
        else
            count++;
    }
    return count;
}

static bool has_child(const struct process *process, uint32_t pid)
{
    const struct process *child;
    LIST_FOREACH (child, &process->children, sibling)
        if (child->state != PROCESS_DISCARDED && (pid == PROCESS_ANY || pid == child->pid))
            return true;
    return false;
}

/* A child is gone: who waited only for it, from another thread, would wait for ever. */
static void fail_hopeless(struct process *process)
{
    struct waiter *waiter, *next;
    STAILQ_FOREACH_SAFE (waiter, &process->waiters, next, next) {
        if (has_child(process, waiter->pid))
            continue;
        struct message m = {.tag = ECHILD, .token = waiter->token};
        waiter_drop(process, waiter);
        ipc_reply(&m); /* stale: it is not there to be told */
    }
}

/* Gives the status to the caller that the token names, and frees the process if it has arrived. */
static bool tell(unsigned long token, struct process *process)
{
    struct process *parent = process->parent;
    struct request answer = {.token = token,
                             .word = {process->pid, (unsigned long)process->status}};
    if (!request_answer(&answer))
        return false;
    process_free(process);
    fail_hopeless(parent);
    return true;
}

void wait_deliver(struct process *process)
{
    struct process *parent = process->parent;
    struct waiter *waiter, *next;

    STAILQ_FOREACH_SAFE (waiter, &parent->waiters, next, next) {
        if (waiter->pid != PROCESS_ANY && waiter->pid != process->pid)
            continue;
        unsigned long token = waiter->token;
        waiter_drop(parent, waiter);
        if (tell(token, process))
            return;
    }
}

/* 1: *ended is an ended child that w[0] means; 0: there are only living ones; -ECHILD: none. */
static int find_child(const struct request *request, struct process **ended)
{
    struct process *child;
    int result = -ECHILD;

    LIST_FOREACH (child, &request->caller->children, sibling) {
        if (child->state == PROCESS_DISCARDED ||
            (request->w[0] != ~0ul && request->w[0] != child->pid))
            continue;
        result = 0;
        if (child->state == PROCESS_ENDED) {
            *ended = child;
            return 1;
        }
    }
    return result;
}

/* w: pid or -1, WAIT_* flags. */
int wait_handle(struct request *request)
{
    struct process *caller = request->caller, *ended = NULL;
    struct waiter *waiter;

    if (request->w[1] & ~(unsigned long)WAIT_NOHANG)
        return -EINVAL;
    int found = find_child(request, &ended);
    if (found < 0)
        return found;
    if (found) {
        tell(request->token, ended);
        return REQUEST_DONE;
    }
    if (request->w[1] & WAIT_NOHANG)
        return 0;
    if (waiters_alive(caller) >= WAITERS_PER_PROCESS || !(waiter = waiter_take()))
        return -EAGAIN;
    *waiter = (struct waiter){request->token, (uint32_t)request->w[0], {NULL}};
    STAILQ_INSERT_TAIL(&caller->waiters, waiter, next);
    return REQUEST_DONE;
}

/* w: status. */
int exit_handle(struct request *request)
{
    process_end(request->caller, WAIT_STATUS_EXIT(request->w[0]));
    return REQUEST_DONE;
}

/* Signals whose default action is to be ignored (POSIX signal.h). */
static bool is_ignored(unsigned long signal)
{
    return signal == SIGCHLD || signal == SIGURG || signal == SIGCONT || signal == SIGWINCH;
}

static bool is_stop(unsigned long signal)
{
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* w: pid, signal. There are no handlers yet: a signal ends the process or does nothing. */
int kill_handle(struct request *request)
{
    struct process *target = process_find(request->w[0]);
    unsigned long signal = request->w[1];

    if (signal >= NSIG)
        return -EINVAL;
    if (!target)
        return -ESRCH;
    if (target->is_wired)
        return -EPERM;
    if (is_stop(signal))
        return -ENOTSUP;
    if (signal == 0 || is_ignored(signal))
        return 0;
    process_end(target, WAIT_STATUS_SIGNAL(signal));
    /* Who killed itself gets no answer: it cannot take one. */
    return target == request->caller ? REQUEST_DONE : 0;
}
