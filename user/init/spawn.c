/* SPDX-License-Identifier: MIT
 *
 * SPAWN, GRANT, START and FORK: processes for programs, in spaces that a pager has made. Init does not know
 * what is in the space and never asks its pager. */
#include "user/init/accounts.h"
#include "user/init/pagers.h"
#include "user/init/request.h"
#include "user/init/task.h"
#include <string.h>

/* What the console starts, a shell, is served before what it starts, so that no program can spin it
 * out of the way. */
static unsigned priority_of(const struct process *process)
{
    const struct process *parent = process->parent;
    return parent->is_wired && parent->pid != PROCESS_INIT ? PRIORITY_USER + 1 : PRIORITY_USER;
}

/* w: entry, sp, SPAWN_* flags, bytes of the name. Handles: pager right, then the child's. */
int spawn_handle(struct server_request *request)
{
    char name[PROCESS_NAME] = "";
    size_t length = request->w[3] & 0xff;
    if (length > PROCESS_NAME - 1)
        length = PROCESS_NAME - 1;
    int result;

    uint32_t flags = (uint32_t)request->w[2];

    if (flags & ~(SPAWN_SUSPENDED | SPAWN_INHERIT) || !length ||
        (flags & SPAWN_INHERIT && request->handles > 1))
        return -EINVAL;
    if ((result = server_copy_in(request, 0, name, length)))
        return result;
    struct process *process = process_create(caller_of(request), name);
    if (!process)
        return -EAGAIN;
    process->entry = request->w[0];
    process->sp = request->w[1];
    process->space = request->w[3] >> 8;
    process->signals.ignored = (uint32_t)(request->w[2] >> 32);
    result =
        task_make(process, request->handle[0], account_open(ACCOUNT_PROCESS), priority_of(process));
    if (result == 0)
        result = pagers_adopt(process);
    if (result == 0 && flags & SPAWN_INHERIT)
        result = task_inherit(process, caller_of(request));
    else if (result == 0)
        result = (int)task_give(process, request->handle + 1, request->handles - 1);
    if (result >= 0 && !(flags & SPAWN_SUSPENDED))
        result = task_start(process, priority_of(process));
    if (result < 0) {
        process_discard(process);
        return result;
    }
    request->word[0] = process->pid;
    return 0;
}

/* The caller's own suspended child, or NULL with an errno. */
static struct process *suspended_child(const struct server_request *request, int *error)
{
    struct process *child = process_find(request->w[0]);
    *error = !child ? -ESRCH : child->parent != caller_of(request) ? -EPERM : -EINVAL;
    return child && child->parent == caller_of(request) && child->state == PROCESS_SUSPENDED ? child
                                                                                             : NULL;
}

/* w: pid. The handles that fit stay, if one does not: the child has not run, its parent ends it. */
int grant_handle(struct server_request *request)
{
    int error;
    struct process *child = suspended_child(request, &error);
    if (!child)
        return error;
    long first = task_give(child, request->handle, request->handles);
    if (first < 0)
        return (int)first;
    request->word[0] = (unsigned long)first;
    return 0;
}

/* w: pid. */
int start_handle(struct server_request *request)
{
    int error;
    struct process *child = suspended_child(request, &error);
    return child ? task_start(child, priority_of(child)) : error;
}

/* w: pc, sp. Handle: the copy's pager right. */
int fork_handle(struct server_request *request)
{
    struct process *caller = caller_of(request);
    struct process *process = process_create(caller, caller->name);

    if (!process)
        return -EAGAIN;
    process->entry = request->w[0];
    process->sp = request->w[1];
    process->space = request->w[2];
    process->signals = caller->signals;
    process->signals.held = 0;
    int result =
        task_make(process, request->handle[0], account_open(ACCOUNT_PROCESS), priority_of(process));
    if (result == 0)
        result = pagers_adopt(process);
    if (result == 0)
        result = task_inherit(process, caller);
    if (result == 0)
        result = task_start(process, priority_of(process));
    if (result < 0) {
        process_discard(process);
        return result;
    }
    request->word[0] = process->pid;
    return 0;
}
