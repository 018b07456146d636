/* SPDX-License-Identifier: MIT
 *
 * The end of a program: picolibc's exit() runs atexit handlers and destructors, the last of which writes out
 * what streams hold (user/lib/mends/streams.c), then _exit() asks init, the process server, to end the
 * process. */
#include <octavo/wired.h>
#include <proto/init.h>
#include <stdlib.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

/* What exit() of picolibc before 1.8.10 calls behind the destructors, as crti.o elsewhere has it. */
void _fini(void);
void _fini(void) {}

void _exit(int status)
{
    struct message m = {.tag = INIT_EXIT, .w = {(unsigned)status & 0xff}};

    ipc_call(HANDLE_INIT, &m); /* answered only when there is no init */
    for (;;)
        sys_task_control(HANDLE_SELF, TASK_KILL, 0, 0);
}

void _Exit(int status) { _exit(status); }
