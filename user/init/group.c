/* SPDX-License-Identifier: MIT
 *
 * GROUP: process groups and sessions (POSIX setpgid, setsid), as far as KILL, WAIT and the foreground
 * use them. A shell that login starts leads both. */
#include "user/init/request.h"

static bool group_exists(const struct process *member, uint32_t group)
{
    for (struct process *p = NULL; (p = process_each(p));)
        if (p->group == group && p->session == member->session)
            return true;
    return false;
}

static int set_group(const struct process *caller, struct process *target, uint32_t group)
{
    if (target != caller && target->has_executed)
        return -EACCES;
    if (target->session != caller->session || target->session == target->pid)
        return -EPERM;
    if (group != target->pid && !group_exists(target, group))
        return -EPERM;
    target->group = group;
    return 0;
}

static int new_session(struct process *caller)
{
    if (caller->group == caller->pid || group_exists(caller, caller->pid))
        return -EPERM;
    caller->group = caller->session = caller->pid;
    return 0;
}

/* w: pid, group, GROUP_*. */
int group_handle(struct server_request *request)
{
    struct process *caller = caller_of(request);
    struct process *target = request->w[0] ? process_find(request->w[0]) : caller;
    int result = 0;

    if (request->w[2] > GROUP_SESSION || request->w[1] > INT32_MAX)
        return -EINVAL;
    if (!target || (request->w[2] != GROUP_ASK && target != caller && target->parent != caller))
        return -ESRCH;
    if (request->w[2] == GROUP_SET)
        result = set_group(caller, target, request->w[1] ? (uint32_t)request->w[1] : target->pid);
    else if (request->w[2] == GROUP_SESSION)
        result = target == caller ? new_session(caller) : -EINVAL;
    request->word[0] = target->group;
    request->word[1] = target->session;
    return result;
}
