/* SPDX-License-Identifier: MIT
 *
 * tail [-f] [-n [+]number | -c [+]number | -number] [-qv] [file]... (POSIX XCU tail). The end of a
 * stream is kept in memory. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long long number = 10;
static int in_bytes, from_start, follow;

/* Everything from the number-th line or byte on. */
static void tail_from(FILE *in)
{
    long long skip = number > 0 ? number - 1 : 0;
    int c;

    while (skip > 0 && (c = getc(in)) != EOF)
        skip -= in_bytes || c == '\n';
    while ((c = getc(in)) != EOF)
        putchar(c);
}

/* Where in text the last `number` lines begin. */
static size_t last_lines(const char *text, size_t length)
{
    size_t at = length;
    long long n = number;

    if (n == 0)
        return length;
    if (at > 0 && text[at - 1] == '\n')
        at--;
    for (; at > 0; at--)
        if (text[at - 1] == '\n' && --n == 0)
            break;
    return at;
}

static void tail_end(FILE *in)
{
    char *text = NULL;
    size_t length = 0, room = 0, n;

    do {
        if (length == room) /* what is certainly not in the end goes before there is more memory */
            text = tool_memory(text, room = room ? 2 * room : 65536);
        n = fread(text + length, 1, room - length, in);
        length += n;
        if (length == room) {
            size_t drop = !in_bytes                 ? last_lines(text, length)
                          : length > (size_t)number ? length - (size_t)number
                                                    : 0;
            memmove(text, text + drop, length -= drop);
        }
    } while (n > 0);
    size_t start = !in_bytes                 ? last_lines(text, length)
                   : length > (size_t)number ? length - (size_t)number
                                             : 0;
    fwrite(text + start, 1, length - start, stdout);
    free(text);
}

static void tail_file(FILE *in)
{
    int c;

    if (!from_start && in_bytes) /* near the end at once, where that is possible */
        fseeko(in, -(off_t)number, SEEK_END);
    if (from_start)
        tail_from(in);
    else
        tail_end(in);
    while (follow) {
        fflush(stdout);
        clearerr(in);
        while ((c = getc(in)) != EOF)
            putchar(c);
        fflush(stdout);
        sleep(1);
    }
}

static void set_number(const char *text)
{
    char *end;

    from_start = *text == '+';
    number = tool_size(text + (*text == '+' || *text == '-'), &end);
    if (number < 0 || *end)
        tool_die("%s: not a number", text);
}

int main(int argc, char **argv)
{
    int option, title = -1;

    tool_begin(argv, "tail [-f] [-n [+]number | -c [+]number] [-qv] [file]...");
    if (argc > 1 && strchr("-+", argv[1][0]) && isdigit((unsigned char)argv[1][1])) {
        set_number(argv[1]);
        argv++;
        argc--;
    }
    while ((option = getopt(argc, argv, "fn:c:qv")) != -1)
        switch (option) {
        case 'f':
            follow = 1;
            break;
        case 'n':
        case 'c':
            in_bytes = option == 'c';
            set_number(optarg);
            break;
        case 'q':
        case 'v':
            title = option == 'v';
            break;
        default:
            tool_misused();
        }
    tool_each_titled(argc - optind, argv + optind, title, tail_file);
    return tool_end();
}
