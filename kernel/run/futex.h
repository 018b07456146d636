/* SPDX-License-Identifier: MIT
 *
 * Futexes: sleep while a word of user memory holds a value. Keyed by (space, address); shared ones by
 * frame come with shared memory. */
#ifndef OCTAVO_KERNEL_FUTEX_H
#define OCTAVO_KERNEL_FUTEX_H

#include "kernel/run/thread.h"

void futex_setup(void);

/* Takes a SLEEPING thread out of its bucket. */
void futex_leave(struct thread *thread);

#endif
