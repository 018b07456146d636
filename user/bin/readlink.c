/* SPDX-License-Identifier: MIT
 *
 * readlink [-fn] file...: where a symbolic link leads; -f: the path with no link left in it. */
#include "user/lib/tool/tool.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char text[PATH_MAX];
    int option, full = 0, bare = 0;

    tool_begin(argv, "readlink [-fn] file...");
    while ((option = getopt(argc, argv, "fn")) != -1)
        if (option == '?')
            tool_misused();
        else
            *(option == 'f' ? &full : &bare) = 1;
    if (optind == argc)
        tool_misused();
    for (int i = optind; i < argc; i++) {
        ssize_t length = full ? 0 : readlink(argv[i], text, sizeof(text) - 1);
        if (length < 0 || (full && !realpath(argv[i], text))) {
            tool_status = 1; /* silently, as elsewhere */
            continue;
        }
        if (!full)
            text[length] = '\0';
        printf("%s%s", text, bare ? "" : "\n");
    }
    return tool_end();
}
