/* SPDX-License-Identifier: MIT
 *
 * Between trap.S and C. */
#ifndef OCTAVO_KERNEL_TRAP_H
#define OCTAVO_KERNEL_TRAP_H

#include <stdint.h>

extern char trap_entry[]; /* for stvec */

/* A hart's first way to user mode, with the lock and no current thread. */
_Noreturn void trap_start(void);

/* A trap from user mode (scause, stval) that is no system call; all registers of the thread are saved.
 * fastpath.c has the short way of a page fault; it is weak in trap_user.c, which has the whole one. */
void trap_user(uint64_t cause, uint64_t value);
void trap_user_any(uint64_t cause, uint64_t value);

#endif
