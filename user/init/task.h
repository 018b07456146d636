/* SPDX-License-Identifier: MIT
 *
 * Making the kernel task of a process. */
#ifndef OCTAVO_INIT_TASK_H
#define OCTAVO_INIT_TASK_H

#include "user/init/process.h"

/* init's port: where every process's exception right leads. */
extern handle_t init_port;

/* Makes the task of a process that has none. pager: the right to its pager, or HANDLE_NONE: init is
 * (the process is wired). account: an open one, which it closes, or a negative errno, which it returns. 0
 * or a negative errno; then the caller discards the process. */
int task_make(struct process *process, handle_t pager, long account, unsigned ceiling);

/* Copies handles into its table, from HANDLE_FIRST on. The first one's value there, or an errno. */
long task_give(struct process *process, const handle_t *handle, unsigned count);

/* Gives it the rights of another's that may be transferred, at their values there. 0 or an errno. */
int task_inherit(struct process *process, const struct process *from);

/* Runs its first thread, from entry with sp, at this priority. 0 or a negative errno. */
int task_start(struct process *process, unsigned priority);

#endif
