/* SPDX-License-Identifier: MIT
 *
 * The end of a pager that has found its own bug. See panic.h. */
#include "user/pager/base/panic.h"
#include <octavo/ipc.h>
#include <proto/init.h>
#include <stdio.h>

_Noreturn void panic_at(const char *what, const char *file, int line)
{
    char text[160];
    int length = snprintf(text, sizeof(text), "pager: %s:%d: %s\n", file, line, what);
    struct message m = {.tag = INIT_LOG, .w = {(unsigned long)length}};

    ipc_attach_in(&m, text, (size_t)length);
    ipc_call(HANDLE_INIT, &m);
    __builtin_trap(); /* init tells where, and ends the session */
}
