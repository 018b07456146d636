/* SPDX-License-Identifier: MIT
 *
 * sync [file]...: what was written reaches the host. Without a file: all of it. */
#include "user/lib/tool/tool.h"
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    tool_begin(argv, "sync [file]...");
    if (argc == 1)
        sync();
    for (int i = 1; i < argc; i++) {
        int fd = open(argv[i], O_RDONLY);
        if (fd < 0 || fsync(fd) < 0)
            tool_warn("%s", argv[i]);
        if (fd >= 0)
            close(fd);
    }
    return tool_end();
}
