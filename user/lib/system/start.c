/* SPDX-License-Identifier: MIT
 *
 * From the first instruction to main(): thread-local storage, environment, descriptors,
 * constructors. Must not fault in more than it needs: every page touched here is a message to the
 * pager in every program. */
#include <abi/elf.h>
#include <octavo/ipc.h>
#include <octavo/wired.h>
#include <proto/start.h>
#include <stdlib.h>
#include <string.h>
#include "user/lib/system/internal.h"

_Thread_local struct msg_page *octavo_msg_page;

handle_t octavo_place;
const char *octavo_program;
unsigned octavo_umask = OCTAVO_UMASK;

extern char **environ;
extern char edata[], _end[]; /* user.ld */
extern char octavo_tls_main[], octavo_tls_image[], octavo_tls_image_size[];
extern void (*const __init_array_start[])(void);
extern void (*const __init_array_end[])(void);

int main(int argc, char **argv, char **envp);

/* Takes what the start block says about the working directory and open descriptors
 * (proto/start.h). */
static void start_auxv(const unsigned long *pair)
{
    for (; pair[0] != AT_NULL; pair += 2)
        if (pair[0] == AT_OCTAVO_PLACE)
            octavo_place = (handle_t)pair[1];
        else if (pair[0] == AT_OCTAVO_UMASK)
            octavo_umask = (unsigned)pair[1];
        else if (pair[0] == AT_OCTAVO_CLOSE)
            sys_close(pair[1]);
        else if (pair[0] == AT_OCTAVO_SIGNALS && octavo_signal_inherit)
            octavo_signal_inherit(pair[1]);
        else if (pair[0] >= AT_OCTAVO_FD && pair[0] < AT_OCTAVO_FD + OCTAVO_FD_MAX &&
                 octavo_fd_inherit)
            octavo_fd_inherit((int)(pair[0] - AT_OCTAVO_FD), pair[1]);
}

/* What a wired program is started without: its bss, and its stack below the page with the start block. */
static void start_take_memory(uintptr_t stack)
{
    uintptr_t bss = ((uintptr_t)edata + PAGE_MASK) & ~PAGE_MASK;
    uintptr_t end = ((uintptr_t)_end + PAGE_MASK) & ~PAGE_MASK,
              below = WIRED_STACK_BYTES - PAGE_SIZE;

    if ((bss < end && sys_page_alloc(bss, (end - bss) >> PAGE_SHIFT) < 0) ||
        sys_page_alloc((stack & ~PAGE_MASK) - below, below >> PAGE_SHIFT) < 0)
        __builtin_trap();
}

_Noreturn void octavo_start(unsigned long *stack, struct msg_page *page)
{
    static char *nothing[] = {NULL};
    char **argv = nothing;
    int argc = 0;

    if (octavo_wired == OCTAVO_WIRED) /* thread-local storage is there, too */
        start_take_memory((uintptr_t)stack);
    memcpy(octavo_tls_main, octavo_tls_image, (size_t)octavo_tls_image_size);
    octavo_msg_page = page ? page : (struct msg_page *)MSG_BASE;
    environ = nothing;
    if (octavo_wired != OCTAVO_FIRST) {
        argc = (int)stack[0];
        argv = (char **)(stack + 1);
        octavo_program = argv[0];
        environ = argv + argc + 1;
        char **end = environ;
        while (*end)
            end++;
        start_auxv((unsigned long *)(end + 1));
    }
    for (void (*const *constructor)(void) = __init_array_start; constructor < __init_array_end;
         constructor++)
        (*constructor)();
    exit(main(argc, argv, environ));
}
