/* SPDX-License-Identifier: MIT
 *
 * Function, file and line of an address, and who called whom, by the table that tests/tools/mklines.py makes
 * and the link puts into a pager. It reads memory that may be broken only where it is a stack. */
#ifndef PAGER_BACKTRACE_H
#define PAGER_BACKTRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "function at file:line", or the address alone. */
void backtrace_name(uint64_t pc, char *text, size_t room);

struct backtrace {
    uint64_t pc, sp;
    uint64_t ra;        /* the register, in the innermost frame; then 0 */
    uint64_t low, high; /* the stack: only there memory is read */
};

/* To the caller. False: that is all that is known. */
bool backtrace_up(struct backtrace *b);

#endif
