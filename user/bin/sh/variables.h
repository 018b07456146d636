/* SPDX-License-Identifier: MIT
 *
 * Variables and parameters. Exported ones live in the environment, the others in a list here. */
#ifndef OCTAVO_SH_VARIABLES_H
#define OCTAVO_SH_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

/* What the special parameters show. Written by main.c and run.c. */
struct parameters {
    int status;          /* $? */
    int last_background; /* $!, 0 = none yet */
    int argc;            /* $0 ... */
    char **argv;
};
extern struct parameters parameters;

/* Of a variable, or $? $$ $! $# $@ $* $0 ...; NULL when unset. Valid until the next call. */
const char *variable_get(const char *name);
void variable_set(const char *name, const char *value);
void variable_unset(const char *name);
void variable_export(const char *name);

/* Prints all as assignments; exported_only: as `export` does. */
void variables_print(bool exported_only);

/* May it stand in ${}: a name or a special parameter? */
bool variable_name_valid(const char *text, size_t length);

#endif
