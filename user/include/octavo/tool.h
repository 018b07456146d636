/* SPDX-License-Identifier: MIT
 *
 * What the small programs in user/bin do alike. */
#ifndef OCTAVO_TOOL_H
#define OCTAVO_TOOL_H

#define TOOL_MISUSED 2 /* exit status after wrong arguments */

/* Ends the program: with `usage` on standard output and 0 when its only argument is --help, on
 * standard error and TOOL_MISUSED when the number of arguments is not within least..most (most < 0:
 * no bound). Returns otherwise. */
void tool_arguments(int argc, char **argv, int least, int most, const char *usage);

/* Ends the program: usage on standard error, TOOL_MISUSED. */
_Noreturn void tool_usage(const char *usage);

/* Ends the program: "NAME: text: what errno-value error means" (error may be 0: no meaning), 1. */
_Noreturn void tool_fail(const char *name, const char *text, int error);

/* A decimal number within 0..most, all of text; -1 if it is not one. */
long tool_number(const char *text, long most);

#endif
