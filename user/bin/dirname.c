/* SPDX-License-Identifier: MIT
 *
 * dirname path... (POSIX XCU dirname). */
#include "user/lib/tool/tool.h"
#include <string.h>

static void print(char *path)
{
    size_t n = strlen(path);

    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    while (n > 1 && path[n - 1] == '/')
        n--;
    printf("%.*s\n", n ? (int)n : 1, n ? path : ".");
}

int main(int argc, char **argv)
{
    int i = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;

    tool_begin(argv, "dirname path...");
    if (i == argc)
        tool_misused();
    for (; i < argc; i++)
        print(argv[i]);
    return tool_end();
}
