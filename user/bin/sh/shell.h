/* SPDX-License-Identifier: MIT
 *
 * What the shell's parts share. */
#ifndef OCTAVO_SH_SHELL_H
#define OCTAVO_SH_SHELL_H

#include <stdbool.h>
#include "user/bin/sh/parse.h"

#define STATUS_SYNTAX 2
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND 127

struct shell {
    bool interactive; /* on the console, with prompts */
    bool leave;       /* `exit` was run */
};
extern struct shell shell;

/* run.c: runs a parsed script; the last command's $? is left in parameters.status. */
void script_run(struct script *script);

/* builtin.c: the built-in of that name, or NULL. It returns its $?. */
typedef int builtin_function(int argc, char **argv);
builtin_function *builtin_find(const char *name);
/* The n-th built-in's name, NULL behind the last. */
const char *builtin_name(unsigned n);

/* builtin.c: the n-th program in the boot archive ("/bin/echo"), false behind the last. */
bool program_name(unsigned n, char *name, unsigned long size);

/* edit.c: reads a line from the console with editing and history. The line (static, without its
 * newline), NULL at the end of input (^D), "" after ^C with *interrupted set. */
char *edit_line(const char *prompt, bool *interrupted);
void history_add(const char *line);
void history_print(void);

#endif
