/* SPDX-License-Identifier: MIT
 *
 * What a thread must do before it runs user code again: die, take a signal, or learn that its fault
 * was refused. */
#ifndef OCTAVO_KERNEL_UPCALL_H
#define OCTAVO_KERNEL_UPCALL_H

#include "kernel/run/thread.h"

/* Does thread->work of the current thread, which may no longer be current afterwards. All its
 * registers are saved. */
void upcall_thread_work(struct thread *thread);

/* Sends EXCEPTION for the current thread through its task's exception right, unless an upcall takes
 * it. cause and value are scause and stval; code is a VM_FAULT_* or 0. */
void upcall_exception(struct thread *thread, uint64_t cause, uint64_t value, uint32_t code);

#endif
