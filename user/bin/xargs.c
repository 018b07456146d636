/* SPDX-License-Identifier: MIT
 *
 * xargs [-0rtx] [-I text] [-L lines] [-n words] [-s size] [program [argument]...] (POSIX XCU xargs). */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE_DEFAULT 16384 /* bytes of one command; the start block holds more */

static int zero, skip_empty, trace, failed;
static const char *insert;
static long max_lines, max_words;
static size_t max_size = SIZE_DEFAULT;

static char **command; /* the fixed part, then the words */
static int fixed, words;
static size_t fixed_size, size;

extern char **environ;

static void forget(void)
{
    while (words > 0)
        free(command[fixed + --words]);
    size = fixed_size;
}

static void run(char **argv)
{
    if (trace) {
        for (char **word = argv; *word; word++)
            fprintf(stderr, "%s%s", word > argv ? " " : "", *word);
        fputc('\n', stderr);
    }
    pid_t pid = tool_start(argv, environ);
    if (pid < 0)
        exit(tool_status);
    int status = tool_wait(pid);
    if (status == 255) {
        tool_say("%s: exited with status 255; aborting", argv[0]);
        exit(124);
    }
    if (status > 128)
        exit(125);
    failed |= status != 0;
}

static void run_collected(void)
{
    command[fixed + words] = NULL;
    run(command);
    forget();
}

static char *replaced(const char *text, const char *by)
{
    size_t length = strlen(insert), room = strlen(text) + 1;

    for (const char *at = text; (at = strstr(at, insert)); at += length)
        room += strlen(by);
    char *result = tool_memory(NULL, room), *to = result;
    for (const char *at; (at = strstr(text, insert)); text = at + length) {
        memcpy(to, text, (size_t)(at - text));
        to = stpcpy(to + (at - text), by);
    }
    strcpy(to, text);
    return result;
}

/* -I: one run for this item. */
static void run_inserted(const char *item)
{
    char **argv = tool_memory(NULL, (size_t)(fixed + 1) * sizeof(*argv));

    for (int i = 0; i < fixed; i++)
        argv[i] = replaced(command[i], item);
    argv[fixed] = NULL;
    run(argv);
    for (int i = 0; i < fixed; i++)
        free(argv[i]);
    free(argv);
}

static void add(const char *item)
{
    size_t more = strlen(item) + 1;

    if (words > 0 && size + more > max_size)
        run_collected();
    if (size + more > max_size)
        tool_die("argument line too long");
    command = tool_memory(command, (size_t)(fixed + words + 2) * sizeof(*command));
    command[fixed + words++] = strcpy(tool_memory(NULL, more), item);
    size += more;
    if (max_words && words == max_words)
        run_collected();
}

/* The next word, its quotes taken off, in static memory; NULL at the end. *ends_line: a newline is
 * behind it, which no trailing blank continues. With -I an item is a line, without leading blanks. */
static char *next_item(int *ends_line)
{
    static char *item;
    static size_t room;
    size_t length = 0;
    int c, quote = 0, any = 0;

    *ends_line = 0;
    while ((c = getchar()) != EOF) {
        if (length + 2 > room)
            item = tool_memory(item, room = room ? 2 * room : 256);
        if (zero ? c == '\0' : !quote && (c == '\n' || (!insert && isblank(c)))) {
            if (!any && !zero)
                continue;
            *ends_line = c == '\n';
            break;
        }
        if (!zero && insert && !any && isblank(c))
            continue;
        if (!zero && quote && c == '\n')
            tool_die("unmatched quote");
        any = 1;
        if (!zero && c == quote)
            quote = 0;
        else if (!zero && !quote && (c == '\'' || c == '"'))
            quote = c;
        else if (!zero && !quote && c == '\\' && (c = getchar()) == EOF)
            break;
        else
            item[length++] = (char)c;
    }
    if (quote)
        tool_die("unmatched quote");
    if (c == EOF && !any)
        return NULL;
    item[length] = '\0';
    return item;
}

static long number(const char *text)
{
    long value = tool_number(text, 1l << 30);

    if (value < 1)
        tool_die("%s: not a number", text);
    return value;
}

int main(int argc, char **argv)
{
    static char echo[] = "echo";
    int option, ends_line, any = 0;
    long lines = 0;
    char *item;

    tool_begin(argv,
               "xargs [-0rt] [-I text] [-L lines] [-n words] [-s size] [program [argument]...]");
    while ((option = getopt(argc, argv, "+0rtxI:L:n:s:")) != -1)
        switch (option) {
        case '0':
            zero = 1;
            break;
        case 'r':
            skip_empty = 1;
            break;
        case 't':
            trace = 1;
            break;
        case 'x':
            break;
        case 'I':
            insert = optarg;
            break;
        case 'L':
            max_lines = number(optarg);
            break;
        case 'n':
            max_words = number(optarg);
            break;
        case 's':
            max_size = (size_t)number(optarg);
            break;
        default:
            tool_misused();
        }
    fixed = optind < argc ? argc - optind : 1;
    command = tool_memory(NULL, (size_t)(fixed + 2) * sizeof(*command));
    command[0] = echo;
    for (int i = optind; i < argc; i++)
        command[i - optind] = argv[i];
    for (int i = 0; i < fixed; i++)
        fixed_size += strlen(command[i]) + 1;
    size = fixed_size;
    while ((item = next_item(&ends_line))) {
        any = 1;
        if (insert) {
            run_inserted(item);
            continue;
        }
        add(item);
        if (max_lines && ends_line && ++lines == max_lines) {
            run_collected();
            lines = 0;
        }
    }
    if (words > 0 || (!any && !skip_empty && !insert))
        run_collected();
    tool_end();
    return failed ? 123 : tool_status;
}
