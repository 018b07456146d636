/* SPDX-License-Identifier: MIT
 *
 * cmp [-l | -s] file1 file2 (POSIX XCU cmp): 0 the same, 1 different, 2 trouble. */
#include "user/lib/tool/tool.h"
#include <unistd.h>

int main(int argc, char **argv)
{
    unsigned long long byte = 0, line = 1;
    int option, list = 0, silent = 0, different = 0, last = '\n', a, b;

    tool_begin(argv, "cmp [-l | -s] file1 file2");
    tool_trouble = TOOL_MISUSED;
    while ((option = getopt(argc, argv, "ls")) != -1)
        if (option == '?')
            tool_misused();
        else if (option == 'l')
            list = 1;
        else
            silent = 1;
    if (argc - optind != 2)
        tool_misused();
    const char *first = argv[optind], *second = argv[optind + 1];
    FILE *x = tool_open(first), *y = x ? tool_open(second) : NULL;
    if (!y)
        return TOOL_MISUSED;
    for (;; last = a) {
        a = getc(x);
        b = getc(y);
        byte++;
        if (a == EOF || b == EOF)
            break;
        if (a != b) {
            different = 1;
            if (silent)
                return 1;
            if (!list) {
                printf("%s %s differ: char %llu, line %llu\n", first, second, byte, line);
                return tool_end() ? TOOL_MISUSED : 1;
            }
            printf("%llu %o %o\n", byte, (unsigned)a, (unsigned)b);
        }
        line += a == '\n';
    }
    if (ferror(x) || ferror(y)) {
        tool_warn("%s", ferror(x) ? first : second);
        return TOOL_MISUSED;
    }
    if (a == b)
        return tool_end() ? TOOL_MISUSED : different;
    fflush(stdout);
    const char *ended = a == EOF ? first : second;
    if (silent)
        return 1;
    if (byte == 1)
        fprintf(stderr, "cmp: EOF on %s which is empty\n", ended);
    else if (list)
        fprintf(stderr, "cmp: EOF on %s after byte %llu\n", ended, byte - 1);
    else
        fprintf(stderr, "cmp: EOF on %s after byte %llu, %sline %llu\n", ended, byte - 1,
                last == '\n' ? "" : "in ", last == '\n' ? line - 1 : line);
    return 1;
}
