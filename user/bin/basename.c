/* SPDX-License-Identifier: MIT
 *
 * basename path [suffix] (POSIX XCU basename). */
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    tool_begin(argv, "basename path [suffix]");
    if (argc > 1 && strcmp(argv[1], "--") == 0) {
        argv++;
        argc--;
    }
    if (argc < 2 || argc > 3)
        tool_misused();
    char *base = tool_base(argv[1]);
    size_t length = strlen(base), suffix = argc == 3 ? strlen(argv[2]) : 0;
    if (suffix && suffix < length && strcmp(base + length - suffix, argv[2]) == 0)
        base[length - suffix] = '\0';
    puts(base);
    free(base);
    return tool_end();
}
