/* SPDX-License-Identifier: MIT
 *
 * The end of a program: exit() runs atexit handlers and destructors, writes out what stdio holds
 * (which picolibc's own exit does not), and _exit() asks init, the process server, to end the
 * process. */
#include <octavo/wired.h>
#include <proto/init.h>
#include <stdlib.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

extern void (*const __fini_array_start[])(void);
extern void (*const __fini_array_end[])(void);

/* picolibc's list of atexit handlers; there only when atexit is used. */
extern void __call_exitprocs(int status, void *object) WEAK;

void exit(int status)
{
    if (__call_exitprocs)
        __call_exitprocs(status, NULL);
    for (void (*const *destructor)(void) = __fini_array_end; destructor > __fini_array_start;)
        (*--destructor)();
    if (octavo_stdio_flush)
        octavo_stdio_flush();
    _exit(status);
}

void _exit(int status)
{
    struct message m = {.tag = INIT_EXIT, .w = {(unsigned)status & 0xff}};

    ipc_call(HANDLE_INIT, &m); /* answered only when there is no init */
    for (;;)
        sys_task_control(HANDLE_SELF, TASK_KILL, 0, 0);
}

void _Exit(int status) { _exit(status); }
