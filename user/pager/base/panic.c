/* SPDX-License-Identifier: MIT
 *
 * The end of a pager that has found its own bug. See panic.h. */
#include "user/pager/base/panic.h"
#include "user/pager/base/say.h"

_Noreturn void panic_at(const char *what, const char *file, int line)
{
    say("pager: %s:%d: %s", file, line, what);
    __builtin_trap(); /* init tells where, and ends the session */
}
