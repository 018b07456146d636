/* SPDX-License-Identifier: MIT
 *
 * The shell. Usage: sh [-aCefnuvx] [-c commands [name [argument...]] | -s | file [argument...]]; without
 * any, on the console with a prompt and line editing, else reading lines from standard input.
 *
 * lex.c and parse.c make a tree of a text, expand.c (with glob.c and arith.c) arguments of its words,
 * run.c carries it out with command.c, pipe.c, redirect.c and jobs.c; variables.c, builtin*.c, trap.c and
 * edit.c (the console) are their own. */
#include <errno.h>
#include <fcntl.h>
#include <octavo/query.h>
#include <octavo/spawn.h>
#include "user/lib/tool/tool.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "user/bin/sh/jobs.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

#define LINE_ROOM 4096
#define STATUS_INTERRUPTED 130

void shell_error(const char *format, ...)
{
    char text[256];
    va_list list;

    fflush(stdout);
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    fprintf(stderr, "sh: %s\n", text);
}

void shell_stop(int status)
{
    parameters.status = status;
    shell.flow = FLOW_STOP;
    shell.leave |= !shell.interactive;
}

/* --- Running texts ------------------------------------------------------------------------------ */

/* Runs one command of text from *position on. PARSE_EMPTY: there is none; PARSE_MORE: it is not complete
 * and nothing was done. */
static enum parse_result run_next(const char *text, size_t *position)
{
    struct node *node;
    struct arena *arena, *outer = running_arena;
    const char *error;
    size_t start = *position;
    enum parse_result result = parse_command(text, position, &node, &arena, &error);

    if (result == PARSE_ERROR) {
        shell_error("syntax error: %s", error);
        shell_stop(STATUS_SYNTAX);
    }
    if (result != PARSE_DONE)
        return result;
    if (shell.verbose)
        fprintf(stderr, "%.*s", (int)(*position - start), text + start);
    running_arena = arena;
    run_node(node);
    running_arena = outer;
    arena_drop(arena);
    return result;
}

void run_text(const char *text)
{
    size_t position = 0;
    enum parse_result result = PARSE_DONE;

    while (result == PARSE_DONE && !shell.flow)
        result = run_next(text, &position);
    if (result == PARSE_MORE) {
        shell_error("syntax error: unexpected end of input");
        shell_stop(STATUS_SYNTAX);
    }
}

/* All of a file, in malloc's memory; NULL with errno. */
static char *read_file(const char *path)
{
    size_t length = 0, room = LINE_ROOM;
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;

    if (fd < 0)
        return NULL;
    char *text = tool_memory(NULL, room);
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
        errno = EISDIR;
    else
        while ((n = read(fd, text + length, room - length - 1)) > 0) {
            length += (size_t)n;
            if (length + 1 == room)
                text = tool_memory(text, room *= 2);
        }
    int error = errno;
    close(fd);
    text[length] = '\0';
    if (n == 0)
        return text;
    free(text);
    errno = error;
    return NULL;
}

bool run_file(const char *path)
{
    char *text = read_file(path);

    if (!text)
        return false;
    run_text(text);
    free(text);
    return true;
}

/* --- Reading lines ------------------------------------------------------------------------------ */

/* A byte at a time, so that programs find the rest of standard input where the line ends. */
static char *read_line(void)
{
    static char *line;
    static size_t room;
    size_t length = 0;
    char c;

    for (;;) {
        if (length + 1 >= room)
            line = tool_memory(line, room += LINE_ROOM);
        ssize_t n = read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            if (length == 0)
                return NULL;
            break;
        }
        if (c == '\n')
            break;
        line[length++] = c;
    }
    line[length] = '\0';
    return line;
}

/* Appends a line and a newline to text, which is in malloc's memory. */
static char *text_append(char *text, const char *line)
{
    size_t length = text ? strlen(text) : 0;

    text = tool_memory(text, length + strlen(line) + 2);
    sprintf(text + length, "%s\n", line);
    return text;
}

static char *next_line(bool continued, bool *interrupted)
{
    *interrupted = false;
    if (!shell.interactive)
        return read_line();
    fflush(stdout);
    jobs_reap(true);
    const char *prompt = variable_get(continued ? "PS2" : "PS1");
    return edit_line(prompt ? prompt : "", interrupted);
}

/* Runs what is complete in text; what is not stays in it, for the next line. NULL: nothing does. */
static char *run_lines(char *text)
{
    size_t position = 0;
    enum parse_result result = PARSE_DONE;

    while (result == PARSE_DONE && !shell.flow)
        result = run_next(text, &position);
    if (shell.interactive && !shell.leave) /* an error ends the line, not the shell */
        shell.flow = FLOW_ON;
    if (result == PARSE_MORE)
        return text;
    free(text);
    return NULL;
}

/* Reads and runs lines to the end of input. */
static void run_input(void)
{
    char *text = NULL, *line;
    bool interrupted;

    while (!shell.leave && (line = next_line(text != NULL, &interrupted))) {
        if (interrupted) {
            free(text);
            text = NULL;
            parameters.status = STATUS_INTERRUPTED;
            continue;
        }
        if (shell.interactive)
            history_add(line);
        text = run_lines(text_append(text, line));
    }
    if (text) {
        shell_error("syntax error: unexpected end of input");
        parameters.status = STATUS_SYNTAX;
    }
    free(text);
}

/* For `make bench`: BOOT_NS = nanoseconds from reset to the first prompt, without idle time. Under
 * -icount shift=0 these are the instructions that booting took. */
static void boot_time_note(void)
{
    struct info_hart hart;
    unsigned long ns = (unsigned long)sys_clock();
    char text[24];

    for (unsigned long i = 0; query_kernel(INFO_HART, i, &hart, sizeof(hart)); i++)
        ns -= hart.idle_time;
    snprintf(text, sizeof(text), "%lu", ns);
    variable_set("BOOT_NS", text);
}

static void run_console(void)
{
    shell.interactive = true;
    if (!variable_get("PS1"))
        variable_set("PS1", "octavo$ ");
    variable_set("PS2", "> ");
    boot_time_note();
    run_input();
}

/* --- Start -------------------------------------------------------------------------------------- */

static _Noreturn void usage(void)
{
    fprintf(stderr, "usage: sh [-aCefnuvx] [-c commands [name [argument...]] | -s | file "
                    "[argument...]]\n");
    exit(STATUS_SYNTAX);
}

/* Takes the options; the index of what is behind them. */
static int take_options(int argc, char **argv, bool *is_text, bool *is_input)
{
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        for (const char *letter = argv[i] + 1; *letter; letter++)
            if (*letter == 'c')
                *is_text = true;
            else if (*letter == 's')
                *is_input = true;
            else if (*letter != 'i' && !option_set(*letter, true))
                usage();
    }
    return i;
}

int main(int argc, char **argv)
{
    static char name[] = "sh";
    bool is_text = false, is_input = false;
    int i = take_options(argc, argv, &is_text, &is_input);
    const char *text = NULL, *file = NULL;

    parameters.name = argc > 0 ? argv[0] : name;
    if (is_text) {
        if (i == argc)
            usage();
        text = argv[i++];
        if (i < argc)
            parameters.name = argv[i++];
    } else if (!is_input && i < argc) {
        parameters.name = file = argv[i++];
    }
    parameters_set(argv + i, argc - i);
    if (!getenv("PATH"))
        setenv("PATH", SPAWN_DEFAULT_PATH, 1);
    if (text) {
        run_text(text);
    } else if (file) {
        if (!run_file(file)) {
            shell_error("cannot open %s: %s", file, strerror(errno));
            parameters.status = errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
        }
    } else if (isatty(STDIN_FILENO)) {
        run_console();
    } else {
        run_input();
    }
    trap_exit();
    return parameters.status;
}
