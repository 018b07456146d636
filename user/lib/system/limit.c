/* SPDX-License-Identifier: MIT
 *
 * Resource limits (POSIX.1-2017 getrlimit): they are what they are, and can be asked for. Setting one is
 * allowed only to what it is; core dumps there are none. */
#include <errno.h>
#include <sys/resource.h>
#include "user/lib/system/internal.h"

#define LIMIT_STACK (8ul << 20) /* user/pager/calls/exec.c */

static rlim_t limit_of(int resource)
{
    return resource == RLIMIT_NOFILE  ? OCTAVO_FD_MAX
           : resource == RLIMIT_STACK ? LIMIT_STACK
           : resource == RLIMIT_CORE  ? 0
                                      : RLIM_INFINITY;
}

int getrlimit(int resource, struct rlimit *limit)
{
    if (resource < 0 || resource >= RLIM_NLIMITS)
        return (int)octavo_result(-EINVAL);
    limit->rlim_cur = limit->rlim_max = limit_of(resource);
    return 0;
}

int setrlimit(int resource, const struct rlimit *limit)
{
    if (resource < 0 || resource >= RLIM_NLIMITS || limit->rlim_cur > limit->rlim_max)
        return (int)octavo_result(-EINVAL);
    if (limit->rlim_max > limit_of(resource))
        return (int)octavo_result(-EPERM);
    return limit->rlim_cur == limit_of(resource) ? 0 : (int)octavo_result(-ENOTSUP);
}
