/* SPDX-License-Identifier: MIT
 *
 * Changes to user address spaces: own frames, and what a pager does to the spaces it pages. */
#ifndef OCTAVO_KERNEL_VM_H
#define OCTAVO_KERNEL_VM_H

#include "kernel/thread.h"

#include <abi/msg.h>

#define COPY_MAX 65536ul /* bytes that one system call copies at most */

/* Applies what comes with the answer to `caller` through its pager right: one MAP in the words, or
 * the items of the server's message page. 0 or a negative errno, with nothing done; writes `done`. */
long vm_answer(struct thread *server, struct thread *caller, uint64_t tag);

#endif
