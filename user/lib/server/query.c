/* SPDX-License-Identifier: MIT
 *
 * Which pager a program has, and a right to ask it. See <octavo/query.h>. */
#include <errno.h>
#include <octavo/query.h>
#include <string.h>

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

long query_find_pager(unsigned long pid, unsigned long how, struct init_pager *record,
                      handle_t *right)
{
    struct init_pager own;
    handle_t mine;
    long result = find(pid, how, record, right);

    if (result < 0 || *right != HANDLE_NONE)
        return result;
    if (find(0, 0, &own, &mine) == 0 && own.pid == record->pid)
        *right = HANDLE_PAGER;
    query_close(mine);
    return 0;
}

void query_close(handle_t right)
{
    if (right != HANDLE_NONE && right != HANDLE_PAGER)
        sys_close(right);
}

long query_program(unsigned long pid, struct init_process *process, struct info_task *task,
                   handle_t *pager)
{
    struct init_pager record;

    if (query_process(pid, process) < 0 || process->pid != pid || !query_task(process, task))
        return -ESRCH;
    if (query_find_pager(pid, 0, &record, pager) < 0)
        return -EPERM;
    if (*pager != HANDLE_NONE && task->space != 0)
        return 0;
    query_close(*pager);
    return -EPERM;
}
