/* SPDX-License-Identifier: MIT
 *
 * EXIT and WAIT. An ended process stays until its parent has received the answer to a WAIT: when
 * the waiter died before (its token is stale), the status is for the next one. */
#include "user/init/wait.h"
#include "user/init/request.h"
#include "user/init/signal.h"

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

/* Threads whose WAIT ended with EINTR, or that ended themselves, are still in the list. Returns how many are left. */
static unsigned waiters_alive(struct process *process)
{
    struct waiter *waiter, *next;
    unsigned count = 0;
    STAILQ_FOREACH_SAFE (waiter, &process->waiters, next, next)
        if (server_waits(waiter->token))
            count++;
        else
            waiter_drop(process, waiter);
    return count;
}

/* Whether a WAIT for `pid` (as waitpid's, but never 0) means this child. */
static bool is_meant(const struct process *child, int32_t pid)
{
    return child->state != PROCESS_DISCARDED &&
           (pid == PROCESS_ANY ||
            (pid > 0 ? child->pid == (uint32_t)pid : child->group == (uint32_t)-pid));
}

static bool has_child(const struct process *process, int32_t pid)
{
    const struct process *child;
    LIST_FOREACH (child, &process->children, sibling)
        if (is_meant(child, pid))
            return true;
    return false;
}

/* A child is gone: who waited only for it, from another thread, would wait for ever. */
void wait_fail_hopeless(struct process *process)
{
    struct waiter *waiter, *next;
    STAILQ_FOREACH_SAFE (waiter, &process->waiters, next, next) {
        if (has_child(process, waiter->pid))
            continue;
        unsigned long token = waiter->token;
        waiter_drop(process, waiter);
        server_answer(token, -ECHILD, 0);
    }
}

/* Gives the status to the caller that the token names, and frees the process if it has arrived. */
static bool tell(unsigned long token, struct process *process)
{
    struct process *parent = process->parent;
    const struct message answer = {
        .token = token,
        .w = {process->pid, (unsigned long)process->status, process->run_time, process->space}};
    if (ipc_reply(&answer) < 0)
        return false;
    process_free(process);
    wait_fail_hopeless(parent);
    return true;
}

void wait_deliver(struct process *process)
{
    struct process *parent = process->parent;
    struct waiter *waiter, *next;

    signal_child(parent);
    STAILQ_FOREACH_SAFE (waiter, &parent->waiters, next, next) {
        if (!is_meant(process, waiter->pid))
            continue;
        unsigned long token = waiter->token;
        waiter_drop(parent, waiter);
        if (tell(token, process))
            return;
    }
}

/* 1: *ended is an ended child that pid means; 0: there are only living ones; -ECHILD: none. */
static int find_child(const struct process *parent, int32_t pid, struct process **ended)
{
    struct process *child;
    int result = -ECHILD;

    LIST_FOREACH (child, &parent->children, sibling) {
        if (!is_meant(child, pid))
            continue;
        result = 0;
        if (child->state == PROCESS_ENDED) {
            *ended = child;
            return 1;
        }
    }
    return result;
}

/* w: pid, 0 = of the caller's group, -1, -group; WAIT_* flags. */
int wait_handle(struct server_request *request)
{
    struct process *caller = caller_of(request), *ended = NULL;
    struct waiter *waiter;

    int32_t pid = (int32_t)request->w[0];

    if (request->w[1] & ~(unsigned long)WAIT_NOHANG)
        return -EINVAL;
    if ((long)request->w[0] != pid || pid == INT32_MIN)
        return -ECHILD;
    if (pid == 0)
        pid = -(int32_t)caller->group;
    int found = find_child(caller, pid, &ended);
    if (found < 0)
        return found;
    if (found) {
        tell(request->token, ended);
        return SERVER_ANSWERED;
    }
    if (request->w[1] & WAIT_NOHANG)
        return 0;
    if (waiters_alive(caller) >= WAITERS_PER_PROCESS || !(waiter = waiter_take()))
        return -EAGAIN;
    *waiter = (struct waiter){request->token, pid, {NULL}};
    STAILQ_INSERT_TAIL(&caller->waiters, waiter, next);
    return SERVER_ANSWERED;
}

/* w: status, 0 or a signal. */
int exit_handle(struct server_request *request)
{
    process_end(caller_of(request), request->w[1] ? WAIT_STATUS_SIGNAL(request->w[1])
                                                  : WAIT_STATUS_EXIT(request->w[0]));
    return SERVER_ANSWERED;
}
