/* SPDX-License-Identifier: MIT
 *
 * What the small programs in user/bin do alike: messages, files, folders, modes. */
#ifndef OCTAVO_TOOL_H
#define OCTAVO_TOOL_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

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

/* "2" or "0.5" seconds, above 0 and at most a day, in ns; -1 if text is none. */
long tool_seconds(const char *text);

/* --- Programs with options: main begins with tool_begin and returns tool_end() ------------- */

/* What the messages below begin with, and main's result so far. */
extern const char *tool_name;
extern int tool_status;

/* The status of tool_misused and tool_die: 1 unless the program, as grep, sort and cmp do, sets it to
 * 2 because its 1 is an answer. */
extern int tool_trouble;

/* Takes the name from argv[0] and the usage for tool_misused; answers a lone --help. */
void tool_begin(char **argv, const char *usage);

/* Ends the program: usage on standard error, tool_trouble. */
_Noreturn void tool_misused(void);

/* "NAME: text: what errno means" on standard error; tool_status becomes 1. -1. */
int tool_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "NAME: text" on standard error; tool_status becomes 1. -1. */
int tool_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* tool_say, and the program ends with tool_trouble. */
_Noreturn void tool_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes out standard output; tool_status, or 1 after a message when it could not be written. */
int tool_end(void);

/* Asks on standard error, reads a line of standard input; does it begin with y or Y? */
int tool_ask(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* realloc that ends the program when there is no memory. */
void *tool_memory(void *memory, size_t size);

/* A number with an optional suffix b (512), k, M, G, T (powers of 1024) at *end; -1 if there is
 * none. *end is behind it. */
long long tool_size(const char *text, char **end);

/* bytes as in 4.0K, 12M: at most four characters and the unit, rounded up. */
const char *tool_human(char text[24], unsigned long long bytes);

/* `test` or `[` (argv[0] says which), and `printf`: for the programs and the shell. Their exit
 * status; what printf writes is left in stdout. */
int tool_test(int argc, char **argv);
int tool_printf(int argc, char **argv);

/* Starts argv[0] as the shell would find it, with this environment. Its pid, or -1 after a message
 * with tool_status 127 (not found) or 126. */
pid_t tool_start(char **argv, char **environment);

/* Waits for it: its status as the shell has it, 128 + the signal's number. */
int tool_wait(pid_t pid);

/* --- Files: tool_file.c ------------------------------------------------------------------ */

/* Standard input for "-", else the file, for reading. NULL after a message. */
FILE *tool_open(const char *path);

/* Closes it, unless it is standard input; says when reading had failed. */
void tool_close(FILE *file, const char *path);

/* Opens each of the paths (none: standard input), writes "==> path <==" above it if title is 1, or -1 and
 * there are several, and calls each for it. */
void tool_each_titled(int count, char **paths, int title, void (*each)(FILE *file));

/* Copies all that is left of in. 0; -1 with errno when reading, -2 when writing failed. */
int tool_copy(int in, int out);

/* The names in a folder without . and .., sorted by bytes, NULL behind the last; to be freed with
 * tool_names_free. NULL with errno. */
char **tool_names(const char *path);
void tool_names_free(char **names);

/* dir/name in malloc's memory; never fails. */
char *tool_path(const char *dir, const char *name);

/* What is behind the last slash, trailing slashes not counted, in malloc's memory. */
char *tool_base(const char *path);

/* The mode that chmod's operand (octal or symbolic) makes of `old`. mask: the umask, for clauses
 * without u, g, o or a. -1: not a mode. */
long tool_mode(const char *text, mode_t old, mode_t mask);

/* The ten characters of ls -l, and a NUL. */
void tool_mode_text(mode_t mode, char text[11]);

#endif
