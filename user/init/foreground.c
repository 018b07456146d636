/* SPDX-License-Identifier: MIT
 *
 * The foreground process: see foreground.h. A shell puts what it starts into the foreground and takes
 * the foreground back when that has ended. */
#include "user/init/foreground.h"
#include "user/init/request.h"
#include "user/init/wait.h"
#include <signal.h>

static uint32_t foreground_pid;

/* A shell that login started has the foreground between two programs: ^C must not end the session. */
static bool is_session(const struct process *process)
{
    const struct process *parent = process->parent;
    return parent && parent->is_wired && parent->pid != PROCESS_INIT;
}

void foreground_interrupt(void)
{
    struct process *top = process_find(foreground_pid);
    if (!top || top->is_wired || is_session(top))
        return;
    /* Whoever is ended hands its children to init: so the deepest first. */
    for (;;) {
        struct process *deepest = top, *child;
        do {
            LIST_FOREACH (child, &deepest->children, sibling)
                if (process_is_alive(child))
                    break;
            deepest = child ? child : deepest;
        } while (child);
        process_end(deepest, WAIT_STATUS_SIGNAL(SIGINT));
        if (deepest == top)
            return;
    }
}

/* w: pid, 0 = the caller. Only who has the foreground, or an ancestor of who has it, may pass it on,
 * and only downwards: a program in the background cannot take ^C for itself. */
int foreground_handle(struct request *request)
{
    struct process *caller = request->caller;
    struct process *now = process_find(foreground_pid);
    struct process *next = request->w[0] ? process_find(request->w[0]) : caller;

    if (!next)
        return -ESRCH;
    if (!process_descends(next, caller) || (now && !process_descends(now, caller)))
        return -EPERM;
    foreground_pid = next->pid;
    return 0;
}
