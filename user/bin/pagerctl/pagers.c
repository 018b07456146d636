/* SPDX-License-Identifier: MIT
 *
 * pagerctl -p, pagerctl pagers: which pagers there are, and how to ask another one than one's own. Init knows
 * them (INIT_PAGER_FIND); the system's own answers only programs that it pages. */
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/tool.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <string.h>
#include "user/bin/pagerctl/pagerctl.h"

/* The pager `pid` names, or the next one of a list (INIT_PAGER_NEXT). *right: to it, or HANDLE_NONE. */
static long find(unsigned long pid, unsigned long how, struct init_pager *record, handle_t *right)
{
    struct message m = {.tag = INIT_PAGER_FIND, .w = {pid, how, 0, sizeof(*record)}};

    memset(record, 0, sizeof(*record));
    ipc_attach_out(&m, record, sizeof(*record));
    ipc_accept(1);
    long result = ipc_request(HANDLE_INIT, &m);
    ipc_accept(0);
    *right = result == 0 && MSG_HANDLES(m.tag) ? msg_page()->handle[0] : HANDLE_NONE;
    return result;
}

/* A right to the pager of the record; its own one for the caller's. */
static handle_t usable(const struct init_pager *record, handle_t right)
{
    struct init_pager own;
    handle_t unused;

    if (right != HANDLE_NONE)
        return right;
    if (find(0, 0, &own, &unused) < 0 || own.pid != record->pid)
        return HANDLE_NONE;
    if (unused != HANDLE_NONE)
        sys_close(unused);
    return HANDLE_PAGER;
}

void pager_of(long pid)
{
    struct init_pager record;
    handle_t right;
    long result = find((unsigned long)pid, 0, &record, &right);

    if (result < 0)
        tool_die("%ld: %s", pid, strerror((int)-result));
    pager = usable(&record, right);
    if (pager == HANDLE_NONE)
        tool_die("%ld: the system's pager answers only programs that it pages", pid);
}

int command_pagers(int argc, char **argv)
{
    struct init_pager record;
    handle_t right;

    (void)argv;
    if (argc > 0)
        misused();
    printf("%5s %5s %8s %8s %8s %-16s %s\n", "pid", "owner", "programs", "frames", "in use",
           "program", "policy");
    for (unsigned long pid = 0; find(pid, INIT_PAGER_NEXT, &record, &right) == 0;
         pid = record.pid + 1ul) {
        struct pager_stat stat = {.frames_limit = record.frames};
        struct message m = {.tag = PAGER_STAT, .w = {0, 0, 0, sizeof(stat)}};
        handle_t it = usable(&record, right);
        if (it != HANDLE_NONE) {
            ipc_attach_out(&m, &stat, sizeof(stat));
            ipc_request(it, &m);
        }
        if (right != HANDLE_NONE)
            sys_close(right);
        printf("%5u %5u %8u %8llu %8llu %-16s %s\n", record.pid, record.owner, record.clients,
               (unsigned long long)stat.frames_limit, (unsigned long long)stat.frames_used,
               record.name, stat.policy[0] ? stat.policy : record.policy);
    }
    return 0;
}
