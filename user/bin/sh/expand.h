/* SPDX-License-Identifier: MIT
 *
 * Words to arguments: parameters, quotes, field splitting (POSIX XCU 2.6, without globs: there are
 * no folders to look into). */
#ifndef OCTAVO_SH_EXPAND_H
#define OCTAVO_SH_EXPAND_H

#include "user/bin/sh/parse.h"

/* A growing, NULL-terminated vector of strings in malloc's memory. */
struct arguments {
    char **v;
    unsigned n;
};

void arguments_free(struct arguments *arguments);

/* Appends what one word becomes: no, one or several fields. 0, or -1 after a message (bad ${}). */
int expand_word(const char *raw, struct arguments *arguments);

/* One string without splitting, as for assignments and redirections; NULL after a message. */
char *expand_string(const char *raw);

#endif
