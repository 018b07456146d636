/* SPDX-License-Identifier: MIT
 *
 * Asking the kernel, the pager and init for their statistics: what free, ps, pmap ... are made of.
 * All return 0 (or more, where said), or a negative errno. */
#ifndef OCTAVO_QUERY_H
#define OCTAVO_QUERY_H

#include <abi/info.h>
#include <abi/mminfo.h>
#include <octavo/ipc.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <stdbool.h>

/* One record of the kernel's. False: there is none of that index. */
static inline bool query_kernel(enum info_kind kind, unsigned long index, void *record, size_t size)
{
    return sys_info(kind, index, (uintptr_t)record, size) >= 0;
}

/* A request to a pager (HANDLE_PAGER: the caller's own) whose answer is in `record`; *answer (may be NULL)
 * gets its words. */
static inline long query_pager_at(handle_t right, enum pager_operation operation, unsigned long w0,
                                  unsigned long w1, void *record, size_t size,
                                  unsigned long *answer)
{
    struct message m = {.tag = operation, .w = {w0, w1, 0, size}};

    ipc_attach_out(&m, record, size);
    long result = ipc_request(right, &m);
    if (answer)
        for (int i = 0; i < 4; i++)
            answer[i] = m.w[i];
    return result;
}

static inline long query_pager(enum pager_operation operation, unsigned long w0, unsigned long w1,
                               void *record, size_t size, unsigned long *answer)
{
    return query_pager_at(HANDLE_PAGER, operation, w0, w1, record, size, answer);
}

/* The pager that `pid` names (INIT_PAGER_FIND: a pager, or the one of a program; 0: the caller's), or with
 * how = INIT_PAGER_NEXT the next one of a list. *right: to ask it, HANDLE_PAGER for the caller's own, HANDLE_NONE
 * for the system's where that is not the caller's; query_close() ends it. */
long query_find_pager(unsigned long pid, unsigned long how, struct init_pager *record,
                      handle_t *right);
void query_close(handle_t right);

/* The process of the smallest pid that is at least `pid`. */
static inline long query_process(unsigned long pid, struct init_process *record)
{
    struct message m = {.tag = INIT_PROCESS, .w = {pid, 0, 0, sizeof(*record)}};

    ipc_attach_out(&m, record, sizeof(*record));
    return ipc_request(HANDLE_INIT, &m);
}

/* The kernel's record of a process's task. False: it has none any more. */
static inline bool query_task(const struct init_process *process, struct info_task *task)
{
    return query_kernel(INFO_TASK, process->task, task, sizeof(*task)) && task->id == process->task;
}

/* A program, and the pager of its memory. 0, -ESRCH: there is no such process; -EPERM: it has no pager, or
 * one that the caller cannot ask. *pager is ended by query_close(). */
long query_program(unsigned long pid, struct init_process *process, struct info_task *task,
                   handle_t *pager);

#endif
