/* SPDX-License-Identifier: MIT
 *
 * Signals to processes: who is interrupted, who ends, who is left alone. */
#ifndef OCTAVO_INIT_SIGNAL_H
#define OCTAVO_INIT_SIGNAL_H

#include "user/init/process.h"

/* Does to a process that is alive what the signal, not 0, does. */
void signal_send(struct process *process, unsigned signal);

/* A child of the process has ended. */
void signal_child(struct process *process);

/* It has no alarm any more. */
void signal_forget(struct process *process);

/* When signal_expire() is to be called, kernel clock; ~0: never. */
uint64_t signal_deadline(void);
void signal_expire(void);

#endif
