/* SPDX-License-Identifier: MIT
 *
 * rmdir [-p] folder... (POSIX XCU rmdir). */
#include "user/lib/tool/tool.h"
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int option, parents = 0;

    tool_begin(argv, "rmdir [-p] folder...");
    while ((option = getopt(argc, argv, "p")) != -1)
        if (option == 'p')
            parents = 1;
        else
            tool_misused();
    if (optind == argc)
        tool_misused();
    for (int i = optind; i < argc; i++)
        for (char *path = argv[i], *slash = path; slash;) {
            if (rmdir(path) < 0) {
                tool_warn("%s", path);
                break;
            }
            for (size_t n = strlen(path); n > 1 && path[n - 1] == '/';)
                path[--n] = '\0';
            slash = parents ? strrchr(path, '/') : NULL;
            if (slash == path)
                break;
            if (slash)
                *slash = '\0';
        }
    return tool_end();
}
