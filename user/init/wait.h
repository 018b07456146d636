/* SPDX-License-Identifier: MIT
 *
 * The end of processes: status, and those who wait for it. */
#ifndef OCTAVO_INIT_WAIT_H
#define OCTAVO_INIT_WAIT_H

#include "user/init/process.h"

/* picolibc's <sys/wait.h> takes them apart again. */
#define WAIT_STATUS_EXIT(status) ((int)((status)&0xff) << 8)
#define WAIT_STATUS_SIGNAL(signal) ((int)(signal)&0x7f)

/* A process has ENDED: tells a waiter of its parent, if there is one. */
void wait_deliver(struct process *process);

/* A child is gone, and told to nobody: ECHILD for those who waited for no other. */
void wait_fail_hopeless(struct process *process);

/* The process can be answered no more: its waiters are dropped. */
void wait_forget(struct process *process);

#endif
