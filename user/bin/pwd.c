/* SPDX-License-Identifier: MIT
 *
 * pwd [-LP] (POSIX XCU pwd). -L: $PWD where that is the working directory. */
#include "user/lib/tool/tool.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_here(const char *path)
{
    struct stat here, there;

    return path && *path == '/' && !strstr(path, "/./") && !strstr(path, "/../") &&
           stat(".", &here) == 0 && stat(path, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

int main(int argc, char **argv)
{
    static char path[PATH_MAX];
    int option, physical = 0;

    tool_begin(argv, "pwd [-LP]");
    while ((option = getopt(argc, argv, "LP")) != -1)
        switch (option) {
        case 'L':
        case 'P':
            physical = option == 'P';
            break;
        default:
            tool_misused();
        }
    const char *logical = getenv("PWD");
    if (!physical && is_here(logical))
        puts(logical);
    else if (getcwd(path, sizeof(path)))
        puts(path);
    else
        tool_warn("working directory");
    return tool_end();
}
