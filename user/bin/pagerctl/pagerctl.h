/* SPDX-License-Identifier: MIT
 *
 * What pagerctl's commands share. A command is a function (arguments after its name, ended by NULL) in a
 * file of its own or in policy.c, and a line of the table in main.c. It ends with the program's status. */
#ifndef PAGERCTL_H
#define PAGERCTL_H

#include <abi/handle.h>
#include <stddef.h>

extern handle_t pager;    /* whom to ask: a right to a space of it, or its factory right */
extern const char *usage; /* of the command that runs, without "pagerctl" */

_Noreturn void misused(void); /* says the command's usage, and ends */

void pager_of(long pid); /* sets `pager`, or ends the program */

int command_policy(int argc, char **argv);
int command_list(int argc, char **argv);
int command_stats(int argc, char **argv);
int command_dump(int argc, char **argv);
int command_pagers(int argc, char **argv);
int command_trace(int argc, char **argv);
int command_faults(int argc, char **argv);

#endif
