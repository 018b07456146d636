/* SPDX-License-Identifier: MIT
 *
 * head [-n number | -c number | -number] [-qv] [file]... (POSIX XCU head; -c -q -v as everywhere). */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <unistd.h>

static long long lines = 10, bytes = -1;

static void head(FILE *in)
{
    int c;

    if (bytes >= 0) {
        for (long long n = bytes; n > 0 && (c = getc(in)) != EOF; n--)
            putchar(c);
        return;
    }
    for (long long n = lines; n > 0 && (c = getc(in)) != EOF;) {
        putchar(c);
        n -= c == '\n';
    }
}

static long long number(const char *text)
{
    char *end;
    long long value = tool_size(text, &end);

    if (value < 0 || *end)
        tool_die("%s: not a number", text);
    return value;
}

int main(int argc, char **argv)
{
    int option, title = -1;

    tool_begin(argv, "head [-n number | -c number] [-qv] [file]...");
    if (argc > 1 && argv[1][0] == '-' && isdigit((unsigned char)argv[1][1])) { /* the old -NUMBER */
        lines = number(argv[1] + 1);
        argv++;
        argc--;
    }
    while ((option = getopt(argc, argv, "n:c:qv")) != -1)
        switch (option) {
        case 'n':
            lines = number(optarg);
            bytes = -1;
            break;
        case 'c':
            bytes = number(optarg);
            break;
        case 'q':
            title = 0;
            break;
        case 'v':
            title = 1;
            break;
        default:
            tool_misused();
        }
    tool_each_titled(argc - optind, argv + optind, title, head);
    return tool_end();
}
