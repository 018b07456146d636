/* SPDX-License-Identifier: MIT
 *
 * test expression; [ expression ] (POSIX XCU test). The shell has the same built in. */
#include "user/lib/tool/tool.h"
#include <string.h>

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    static char bracket[] = "[", test[] = "test";

    argv[0] = strcmp(slash ? slash + 1 : argv[0], "[") == 0 ? bracket : test;
    return tool_test(argc, argv);
}
