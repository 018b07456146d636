/* SPDX-License-Identifier: MIT
 *
 * What the shell's parts share. */
#ifndef OCTAVO_SH_SHELL_H
#define OCTAVO_SH_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include "user/bin/sh/parse.h"

#define STATUS_SYNTAX 2
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND 127
#define STATUS_SIGNAL 128

#define SHELL_PATH "/bin/sh"

/* Why commands are not run one after the other for the moment. */
enum flow {
    FLOW_ON,
    FLOW_BREAK,    /* flow_count loops are left */
    FLOW_CONTINUE, /* the flow_count-th loop goes on, those within are left */
    FLOW_RETURN,   /* the function, or the file of `.`, is left */
    FLOW_STOP      /* back to the prompt; without one the shell is left */
};

struct shell {
    bool interactive; /* on the console, with prompts */
    bool leave;       /* `exit` was run, or an error ends a shell without prompt */
    bool subshell;    /* a child made by fork */
    bool exit_on_error, no_globs, no_execution, export_all, trace, unset_is_error,
        verbose; /* set */
    bool no_clobber;
    enum flow flow;
    int flow_count;
    int loops, functions; /* that are being run */
    int conditions;       /* > 0: a failure does not end the shell (set -e) */
    int substituted;      /* $? of the last $(...) of the command that is being expanded */
};
extern struct shell shell;

/* "sh: text" on standard error. */
void shell_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* main.c: after an error that ends a shell without a prompt (POSIX XCU 2.8.1): sets $? and FLOW_STOP. */
void shell_stop(int status);

/* main.c: runs all commands of text. */
void run_text(const char *text);

/* main.c: runs the commands of a file in this shell; false when it cannot be read. */
bool run_file(const char *path);

/* --- run.c, command.c, pipe.c: running a tree; $? is in parameters.status --------------------- */

void run_node(struct node *node);

/* command.c */
void run_simple(struct node *node);
bool functions_define(struct node *node, struct arena *arena);
bool function_unset(const char *name);
bool function_exists(const char *name);
extern struct arena *running_arena; /* of the tree that is run: a function's definition holds it */

/* Starts a program: its words, and the assignments before it. 0 and its pid, or the $? of why not. */
int program_start(char **argv, struct word_list *assignments, int *pid);

/* Where a program is that the shell would start, in malloc's memory; NULL: nowhere. */
char *program_find(const char *name);

/* pipe.c */
void run_pipe(struct node *node);
void run_subshell(struct node *node);
void run_background(struct node *node);
/* What the commands write, without newlines at its end, in malloc's memory; NULL after a message. */
char *run_capture(struct node *node);

/* --- redirect.c ------------------------------------------------------------------------------- */

struct saved {
    int count;
    struct saved_fd {
        int fd, copy; /* copy < 0: fd was not open */
    } * fds;
};

/* Carries out redirections; saved remembers what was there, NULL: it is to stay. False after a message,
 * with the first ones carried out. */
bool redirections_apply(struct redirection_list *list, struct saved *saved);
void redirections_restore(struct saved *saved);

/* Makes fd a copy of source, which is then closed; remembered in saved. */
bool redirect_to(int source, int fd, struct saved *saved);

/* --- builtin.c, builtin_*.c --------------------------------------------------------------------- */

/* The built-in of that name, or NULL. It returns its $?. special: assignments before it stay. */
typedef int builtin_function(int argc, char **argv);
builtin_function *builtin_find(const char *name, bool *special);
/* The n-th built-in's name, NULL behind the last. */
const char *builtin_name(unsigned n);

builtin_function builtin_cd, builtin_pwd, builtin_read, builtin_getopts, builtin_umask,
    builtin_type;
builtin_function builtin_set, builtin_shift, builtin_export, builtin_readonly, builtin_unset;
builtin_function builtin_local, builtin_trap;

/* `set`'s letters: sets or clears what a letter stands for; false: nothing. */
bool option_set(char letter, bool value);

/* trap.c: runs what `trap` says for signals that came; for the end of the shell. */
void traps_run(void);
void trap_exit(void);
void traps_forget(void); /* in a child */

/* The n-th program in the boot archive ("/bin/echo"), false behind the last. */
bool program_name(unsigned n, char *name, unsigned long size);

/* edit.c: reads a line from the console with editing and history. The line (static, without its
 * newline), NULL at the end of input (^D), "" after ^C with *interrupted set. */
char *edit_line(const char *prompt, bool *interrupted);
void history_add(const char *line);
void history_print(void);

#endif
