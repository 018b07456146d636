/* SPDX-License-Identifier: MIT
 *
 * Variables and parameters. Exported ones live in the environment, the others in a list here. */
#ifndef OCTAVO_SH_VARIABLES_H
#define OCTAVO_SH_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

/* What the special parameters show. */
struct parameters {
    int status;          /* $? */
    int last_background; /* $!, 0 = none yet */
    const char *name;    /* $0 */
    int count;           /* $# */
    char **v;            /* $1 is v[0]; in malloc's memory, as its strings are */
};
extern struct parameters parameters;

/* Makes copies of v[0..count) the positional parameters. */
void parameters_set(char *const *v, int count);
void parameters_free(struct parameters *p);

/* Of a variable, or $? $$ $! $# $- $0 ...; NULL when unset. Valid until the next call. Not for $@ $*. */
const char *variable_get(const char *name);

/* False after a message: it is read-only. */
bool variable_set(const char *name, const char *value);
bool variable_unset(const char *name);
void variable_export(const char *name);
void variable_protect(const char *name); /* read-only from now on */
bool variable_is_exported(const char *name);

/* What was set is put back by variables_restore: for assignments before a command, and `local`. */
struct variable_backup;
struct variable_backup *variable_save(struct variable_backup *list, const char *name);
void variables_restore(struct variable_backup *list);

/* Prints all as assignments; exported_only: as `export` does. */
void variables_print(bool exported_only);
void variables_print_protected(void);

/* $IFS, or what it is when unset. */
const char *field_separators(void);

#endif
