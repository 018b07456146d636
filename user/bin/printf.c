/* SPDX-License-Identifier: MIT
 *
 * printf format [argument]... (POSIX XCU printf). The shell has the same built in. */
#include "user/lib/tool/tool.h"

int main(int argc, char **argv)
{
    tool_begin(argv, "printf format [argument]...");
    int status = tool_printf(argc, argv);
    return tool_end() ? 1 : status;
}
