/* SPDX-License-Identifier: MIT
 *
 * reboot: starts the machine anew. */
#include <octavo/ipc.h>
#include "user/lib/tool/tool.h"
#include <proto/init.h>

int main(int argc, char **argv)
{
    tool_arguments(argc, argv, 0, 0, "reboot");
    struct message m = {.tag = INIT_POWER, .w = {POWER_REBOOT}};
    tool_fail("reboot", "init",
              (int)-ipc_request(HANDLE_INIT, &m)); /* no answer comes if it does */
}
