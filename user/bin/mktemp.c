/* SPDX-License-Identifier: MIT
 *
 * mktemp [-d] [template]: makes a new file or folder and prints its name. Default /tmp/tmp.XXXXXX. */
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char standard[] = "/tmp/tmp.XXXXXX";
    int option, folder = 0;

    tool_begin(argv, "mktemp [-d] [template]");
    while ((option = getopt(argc, argv, "d")) != -1)
        if (option == 'd')
            folder = 1;
        else
            tool_misused();
    if (argc - optind > 1)
        tool_misused();
    char *name = optind < argc ? argv[optind] : standard;
    if (name == standard)
        mkdir("/tmp", 01777);
    int fd = folder ? 0 : mkstemp(name);
    if (fd < 0 || (folder && !mkdtemp(name)))
        tool_warn("%s", name);
    else
        puts(name);
    return tool_end();
}
