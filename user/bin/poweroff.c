/* SPDX-License-Identifier: MIT
 *
 * poweroff [STATUS]: switches the machine off; QEMU ends with that status (0). */
#include <octavo/ipc.h>
#include "user/lib/tool/tool.h"
#include <proto/init.h>

#define USAGE "poweroff [status]"

int main(int argc, char **argv)
{
    long status = 0;

    tool_arguments(argc, argv, 0, 1, USAGE);
    if (argc > 1 && (status = tool_number(argv[1], 255)) < 0)
        tool_usage(USAGE);
    struct message m = {.tag = INIT_POWER, .w = {POWER_OFF, (unsigned long)status}};
    tool_fail("poweroff", "init",
              (int)-ipc_request(HANDLE_INIT, &m)); /* no answer comes if it does */
}
