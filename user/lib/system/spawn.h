/* SPDX-License-Identifier: MIT
 *
 * Starting a program, in a new process or in this one: shared by spawn.c, spawn_attr.c and exec.c. Not
 * for programs. */
#ifndef OCTAVO_LIB_SPAWN_H
#define OCTAVO_LIB_SPAWN_H

#include <octavo/spawn.h>
#include <limits.h>
#include <stdbool.h>
#include "user/lib/system/fd.h"

#define SPAWN_MAX_HANDLES 8 /* of posix_spawnattr_sethandles_np */

/* What a posix_spawnattr_t points to; picolibc does not say. */
struct spawn_attributes {
    posix_spawn_prepare_np *prepare;
    void *context;
    const handle_t *handles;
    unsigned count;
    handle_t pager;
};

/* Filled from the top down by the functions below, in their order. */
struct start_how {
    const char *name;
    char *const *argv;
    char *const *envp;
    uint64_t signals; /* AT_OCTAVO_SIGNALS */
    int limit;        /* of fd: slots in use */
    bool numbered;    /* `handle` are to be given, else to be closed by the new program */
    bool is_script;
    unsigned handles, descriptors;
    handle_t place; /* the new program's value for the working directory */
    handle_t space; /* HANDLE_NONE: this process's own */
    handle_t pager; /* factory right of the new program's; HANDLE_NONE: this process's */
    unsigned long badge;
    unsigned long entry, sp;
};

/* The tables, of which little is used, are not initialised. */
struct start {
    struct start_how how;
    struct fd fd[OCTAVO_FD_MAX]; /* the new program's; handle = its value there */
    handle_t handle[SPAWN_MAX_HANDLES + OCTAVO_FD_MAX + 1];
    char path[PATH_MAX]; /* what start_search tried last */
};

/* Takes this process's descriptors; then drops those that are closed on exec, and finds what handles the
 * rest and the working directory need. attributes may be NULL. */
void start_copy_descriptors(struct start *s);
void start_descriptors(struct start *s, const struct spawn_attributes *attributes);

/* Lays out the program of that path, or of its name by PATH, or the interpreter of a script. 0 or a
 * negative errno; in its own space it does not come back. */
long start_path(struct start *s, const char *path);
long start_search(struct start *s);

/* The last part of the name. */
const char *start_name(const struct start *s);

/* Carries out the actions on a copy of this process's descriptors, of OCTAVO_FD_MAX slots; *limit
 * is one more than the highest in use. 0 or an errno; in both cases done must follow, which closes
 * the files that were opened here for the child. */
int spawn_actions_apply(const posix_spawn_file_actions_t *actions, struct fd *table, int *limit);
void spawn_actions_done(const posix_spawn_file_actions_t *actions);

#endif
