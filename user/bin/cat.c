/* SPDX-License-Identifier: MIT
 *
 * cat [-bnsu] [file]... (POSIX XCU cat; -b -n -s as everywhere). */
#include "user/lib/tool/tool.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int number, number_filled, squeeze; /* -n -b -s */

/* Line by line, for the options that change something. */
static void cat_lines(FILE *in)
{
    static unsigned long line;
    static int blanks, middle; /* empty lines just seen; the last line had no newline */
    int c;

    while ((c = getc(in)) != EOF) {
        blanks = c == '\n' && !middle ? blanks + 1 : 0;
        if (squeeze && blanks > 1)
            continue;
        if (!middle && number && !(number_filled && c == '\n'))
            printf("%6lu\t", ++line);
        putchar(c);
        middle = c != '\n';
    }
}

static void cat_file(const char *path)
{
    if (number || squeeze) {
        FILE *in = tool_open(path);
        if (in) {
            cat_lines(in);
            tool_close(in, path);
        }
        return;
    }
    int in = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY);
    int result = in < 0 ? -1 : tool_copy(in, STDOUT_FILENO);
    if (result < 0)
        tool_warn("%s", result == -2 ? "standard output" : path);
    if (in > STDIN_FILENO)
        close(in);
}

int main(int argc, char **argv)
{
    int option;

    tool_begin(argv, "cat [-bnsu] [file]...");
    while ((option = getopt(argc, argv, "bnsu")) != -1)
        switch (option) {
        case 'b':
            number_filled = number = 1;
            break;
        case 'n':
            number = 1;
            break;
        case 's':
            squeeze = 1;
            break;
        case 'u': /* nothing is held back anyway */
            break;
        default:
            tool_misused();
        }
    if (optind == argc)
        cat_file("-");
    for (int i = optind; i < argc; i++)
        cat_file(argv[i]);
    return tool_end();
}
