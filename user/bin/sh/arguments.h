/* SPDX-License-Identifier: MIT
 *
 * A growing, NULL-terminated vector of strings in malloc's memory. */
#ifndef OCTAVO_SH_ARGUMENTS_H
#define OCTAVO_SH_ARGUMENTS_H

#include <stddef.h>

struct arguments {
    char **v; /* NULL while empty */
    unsigned n;
};

void arguments_add(struct arguments *arguments, char *text); /* text is owned from now on */
void arguments_free(struct arguments *arguments);

/* Sorts those from `first` on by their bytes. */
void arguments_sort(struct arguments *arguments, unsigned first);

#endif
