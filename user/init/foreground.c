/* SPDX-License-Identifier: MIT
 *
 * The foreground process and its group: see foreground.h. A shell puts what it starts into the foreground and takes
 * the foreground back when that has ended. */
#include "user/init/foreground.h"
#include "user/init/request.h"
#include "user/init/signal.h"
#include <signal.h>
#include <string.h>

static uint32_t foreground_pid;

/* A shell that login started has the foreground between two programs: ^C must not end the session. */
static bool is_session(const struct process *process)
{
    const struct process *parent = process->parent;
    return parent && parent->is_wired && parent->pid != PROCESS_INIT;
}

/* The one that is farthest from its session's shell: whoever ends hands its children to init. */
static unsigned depth(const struct process *process)
{
    unsigned n = 0;
    while ((process = process->parent))
        n++;
    return n;
}

static bool is_meant(const struct process *process, const struct process *top)
{
    return process_is_alive(process) && !process->is_wired && !is_session(process) &&
           (process->group == foreground_pid || (top && process_descends(process, top)));
}

void foreground_interrupt(void)
{
    static bool told[PROCESS_MAX];
    const struct process *top = process_find(foreground_pid);
    struct process *next;

    if (top && (top->is_wired || is_session(top)))
        return;
    memset(told, 0, sizeof told);
    do {
        next = NULL;
        for (struct process *p = NULL; (p = process_each(p));)
            if (is_meant(p, top) && !told[p->pid % PROCESS_MAX] &&
                (!next || depth(p) > depth(next)))
                next = p;
        if (next) {
            told[next->pid % PROCESS_MAX] = true;
            signal_send(next, SIGINT);
        }
    } while (next);
}

/* w: pid, 0 = the caller. Only who has the foreground, or an ancestor of who has it, may pass it on,
 * and only downwards: a program in the background cannot take ^C for itself. */
int foreground_handle(struct server_request *request)
{
    struct process *caller = caller_of(request);
    struct process *now = process_find(foreground_pid);
    struct process *next = request->w[0] ? process_find(request->w[0]) : caller;

    if (!next)
        return -ESRCH;
    if (!process_descends(next, caller) ||
        (now && process_is_alive(now) && !process_descends(now, caller)))
        return -EPERM;
    foreground_pid = next->pid;
    return 0;
}
