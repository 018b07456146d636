/* SPDX-License-Identifier: MIT
 *
 * The shell. Usage: sh, on the console with a prompt and line editing, else reading lines from
 * standard input; sh -c LINE [name [argument...]].
 *
 * parse.c makes a tree of a line, expand.c arguments of its words, run.c carries it out with
 * builtin.c and jobs.c; variables.c and edit.c (the console) are their own. */
#include <octavo/query.h>
#include <octavo/spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/bin/sh/jobs.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

#define LINE_ROOM 4096

/* Parses and runs text; false when it is not complete yet. */
static bool run_text(const char *text)
{
    struct script script;
    const char *error;

    switch (script_parse(text, &script, &error)) {
    case PARSE_MORE:
        return false;
    case PARSE_ERROR:
        fprintf(stderr, "sh: syntax error: %s\n", error);
        parameters.status = STATUS_SYNTAX;
        return true;
    case PARSE_DONE:
        break;
    }
    script_run(&script);
    script_free(&script);
    return true;
}

static void unfinished(void)
{
    fprintf(stderr, "sh: syntax error: unexpected end of input\n");
    parameters.status = STATUS_SYNTAX;
}

/* A byte at a time, so that programs find the rest of standard input where the line ends. */
static char *read_line(void)
{
    static char *line;
    static size_t room;
    size_t length = 0;
    char c;

    for (;;) {
        if (length + 1 >= room) {
            char *bigger = realloc(line, room + LINE_ROOM);
            if (!bigger)
                return NULL;
            line = bigger;
            room += LINE_ROOM;
        }
        if (read(STDIN_FILENO, &c, 1) <= 0) {
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

    text = realloc(text, length + strlen(line) + 2);
    if (!text)
        abort();
    strcpy(text + length, line);
    strcat(text, "\n");
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

/* Reads and runs lines to the end of input. */
static void run_input(void)
{
    char *text = NULL, *line;
    bool interrupted;

    while (!shell.leave && (line = next_line(text != NULL, &interrupted))) {
        if (interrupted) {
            free(text);
            text = NULL;
            parameters.status = 130;
            continue;
        }
        if (shell.interactive)
            history_add(line);
        text = text_append(text, line);
        if (!run_text(text))
            continue;
        free(text);
        text = NULL;
    }
    if (text)
        unfinished();
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

static int usage(void)
{
    fprintf(stderr, "usage: sh [-c line [name [argument...]]]\n");
    return STATUS_SYNTAX;
}

int main(int argc, char **argv)
{
    const char *line = NULL;

    parameters.argc = argc > 0;
    parameters.argv = argv;
    if (argc > 1) {
        if (strcmp(argv[1], "-c") != 0 || argc < 3)
            return usage();
        line = argv[2];
        if (argc > 3) {
            parameters.argc = argc - 3;
            parameters.argv = argv + 3;
        }
    }
    if (!getenv("PATH"))
        setenv("PATH", SPAWN_DEFAULT_PATH, 1);
    if (line) {
        if (!run_text(line))
            unfinished();
    } else {
        shell.interactive = isatty(STDIN_FILENO);
        if (shell.interactive) {
            if (!variable_get("PS1"))
                variable_set("PS1", "octavo$ ");
            variable_set("PS2", "> ");
            boot_time_note();
        }
        run_input();
    }
    return parameters.status;
}
