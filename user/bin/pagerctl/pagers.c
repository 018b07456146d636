/* SPDX-License-Identifier: MIT
 *
 * pagerctl -p, pagerctl pagers: which pagers there are, and how to ask another one than one's own. Init knows
 * them (INIT_PAGER_FIND). */
#include <errno.h>
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <string.h>
#include "user/bin/pagerctl/pagerctl.h"

void pager_of(long pid)
{
    struct init_pager record;
    handle_t right;
    long result = query_find_pager((unsigned long)pid, 0, &record, &right);

    if (result < 0)
        tool_die("%ld: %s", pid, strerror((int)-result));
    pager = right;
    if (pager == HANDLE_NONE)
        tool_die("%ld: its pager is not ready", pid);
}

int command_pagers(int argc, char **argv)
{
    struct init_pager record;
    handle_t right;

    (void)argv;
    if (argc > 0)
        misused();
    printf("%5s %5s %8s %8s %8s %8s %8s %-16s %s\n", "pid", "owner", "programs", "frames", "in use",
           "taken", "of", "program", "policy");
    for (unsigned long pid = 0; query_find_pager(pid, INIT_PAGER_NEXT, &record, &right) == 0;
         pid = record.pid + 1ul) {
        struct pager_stat stat = {.frames_limit = record.frames};
        if (right != HANDLE_NONE)
            query_pager_at(right, PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL);
        query_close(right);
        printf("%5u %5u %8u %8llu %8llu %8llu %8llu %-16s %s\n", record.pid, record.owner,
               record.clients, (unsigned long long)stat.frames_limit,
               (unsigned long long)stat.frames_used,
               (unsigned long long)(record.account_used + record.image_frames),
               (unsigned long long)(record.account_frames + record.image_frames), record.name,
               stat.policy[0] ? stat.policy : record.policy);
    }
    return 0;
}
