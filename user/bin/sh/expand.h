/* SPDX-License-Identifier: MIT
 *
 * Words to arguments (POSIX XCU 2.6): tilde, parameters, $(...), $((...)), field splitting, path names,
 * quotes. */
#ifndef OCTAVO_SH_EXPAND_H
#define OCTAVO_SH_EXPAND_H

#include "user/bin/sh/arguments.h"
#include "user/bin/sh/parse.h"

/* Appends what one word becomes: no, one or several fields. 0, or -1 after a message. */
int expand_word(const char *raw, struct arguments *arguments);

/* One string without splitting and path names, as for assignments and redirections; NULL after a
 * message. */
char *expand_string(const char *raw);

/* The same, but what was quoted has a backslash before it: for fnmatch. */
char *expand_pattern(const char *raw);

/* A here-document's body: parameters, $(...) and $((...)), nothing else. */
char *expand_here(const char *body);

/* --- glob.c ---------------------------------------------------------------------------------- */

/* Appends the names that match the pattern, sorted, or the pattern itself when there are none. */
void glob_expand(const char *pattern, struct arguments *arguments);

/* Takes the backslashes away. */
char *glob_unquote(char *pattern);

/* --- arith.c --------------------------------------------------------------------------------- */

/* The value of an expression (POSIX XCU 2.6.4); false after a message. */
bool arithmetic(const char *text, long long *value);

#endif
