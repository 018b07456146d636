/* SPDX-License-Identifier: MIT
 *
 * The first program, init: the only one that the kernel loads and gives anything to. */
#ifndef OCTAVO_KERNEL_FIRST_TASK_H
#define OCTAVO_KERNEL_FIRST_TASK_H

/* Makes init's task and its thread, ready to run. Panics if it cannot. */
void first_task_create(void);

#endif
