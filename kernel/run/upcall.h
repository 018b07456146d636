/* SPDX-License-Identifier: MIT
 *
 * What a thread must do before it runs user code again: die, take a signal, or learn of its exception. */
#ifndef OCTAVO_KERNEL_UPCALL_H
#define OCTAVO_KERNEL_UPCALL_H

#include "kernel/run/thread.h"

/* Does thread->work of the current thread, which may no longer be current afterwards. All its
 * registers are saved. */
void upcall_thread_work(struct thread *thread);

#endif
