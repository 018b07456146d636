/* SPDX-License-Identifier: MIT
 *
 * fork in its two halves, by hand: PAGER_CLONE, and a thread in the new space that goes on from the
 * saved registers. For tests of the pager alone: the child has no descriptors and no handles. */
#ifndef OCTAVO_TESTS_RAWFORK_H
#define OCTAVO_TESTS_RAWFORK_H

#include <errno.h>
#include <octavo/ipc.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <setjmp.h>
#include <sys/types.h>

extern jmp_buf rawfork_registers __attribute__((weak));
jmp_buf rawfork_registers;
extern unsigned long rawfork_tp __attribute__((weak));
unsigned long rawfork_tp;

extern unsigned long rawfork_badge __attribute__((weak));
unsigned long rawfork_badge; /* of the space cloned last */

__attribute__((naked, used)) static void rawfork_child(void)
{
    __asm__ volatile(".option push\n"
                     ".option norelax\n"
                     "la gp, __global_pointer$\n"
                     ".option pop\n"
                     "la t0, rawfork_tp\n"
                     "ld tp, 0(t0)\n"
                     "la a0, rawfork_registers\n"
                     "li a1, 1\n"
                     "call longjmp\n");
}

/* A copy of this program's space: a handle on its right, or a negative errno. */
static inline long rawfork_clone(void)
{
    struct message m = {.tag = PAGER_CLONE};

    ipc_accept(1);
    long error = ipc_request(HANDLE_PAGER, &m);
    if (error < 0)
        return error;
    rawfork_badge = m.w[0];
    return MSG_HANDLES(m.tag) == 1 ? (long)msg_page()->handle[0] : -EPROTO;
}

/* As fork: 0 in the child; its pid; or a negative errno. */
__attribute__((noinline)) static pid_t rawfork(void)
{
    char stack[64] __attribute__((aligned(16)));

    __asm__ volatile("mv %0, tp" : "=r"(rawfork_tp));
    if (setjmp(rawfork_registers))
        return 0;
    long space = rawfork_clone();
    if (space < 0)
        return (pid_t)space;
    struct message m = {
        .tag = INIT_SPAWN,
        .w = {(unsigned long)(uintptr_t)rawfork_child, (unsigned long)(uintptr_t)stack, 0, 5}};
    ipc_attach_in(&m, "child", 5);
    ipc_attach_handle(&m, (handle_t)space);
    long error = ipc_request(HANDLE_INIT, &m);
    sys_close((unsigned long)space);
    return error < 0 ? (pid_t)error : (pid_t)m.w[0];
}

#endif
