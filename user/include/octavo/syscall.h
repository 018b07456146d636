/* SPDX-License-Identifier: MIT
 *
 * The system calls as inline functions sys_NAME(), made from the one table <abi/syscalls.h>: as
 * many unsigned long arguments as the table says, result in a long (0 or more, or a negative
 * errno). They do not set errno; that is for the POSIX functions above them.
 *
 * call, recv and reply_recv answer in more registers than one: use <octavo/ipc.h> for those. */
#ifndef OCTAVO_SYSCALL_H
#define OCTAVO_SYSCALL_H

#include <abi/errno.h>
#include <abi/handle.h>
#include <abi/syscalls.h>
#include <abi/task.h>

#define DEADLINE_NOW 0ul
#define DEADLINE_NEVER (~0ul)

/* What a system call does not keep, besides a0-a7 (the operands of every stub). */
#define OCTAVO_CLOBBERS                                                                           \
    "memory", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", \
        "ft6", "ft7", "ft8", "ft9", "ft10", "ft11", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5",     \
        "fa6", "fa7"

/* Any number with any seven arguments: the other stubs, and tests that commit crimes. */
static inline long octavo_syscall(unsigned long number, unsigned long v0, unsigned long v1,
                                  unsigned long v2, unsigned long v3, unsigned long v4,
                                  unsigned long v5, unsigned long v6)
{
    register unsigned long a0 __asm__("a0") = v0;
    register unsigned long a1 __asm__("a1") = v1;
    register unsigned long a2 __asm__("a2") = v2;
    register unsigned long a3 __asm__("a3") = v3;
    register unsigned long a4 __asm__("a4") = v4;
    register unsigned long a5 __asm__("a5") = v5;
    register unsigned long a6 __asm__("a6") = v6;
    register unsigned long a7 __asm__("a7") = number;
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6),
                       "+r"(a7)
                     :
                     : OCTAVO_CLOBBERS);
    return (long)a0;
}

/* The same with fewer: argument registers that the call does not read are left as they are. */
#define OCTAVO_ARGUMENTS_0 void
#define OCTAVO_ARGUMENTS_1 unsigned long v0
#define OCTAVO_ARGUMENTS_2 OCTAVO_ARGUMENTS_1, unsigned long v1
#define OCTAVO_ARGUMENTS_3 OCTAVO_ARGUMENTS_2, unsigned long v2
#define OCTAVO_ARGUMENTS_4 OCTAVO_ARGUMENTS_3, unsigned long v3
#define OCTAVO_ARGUMENTS_5 OCTAVO_ARGUMENTS_4, unsigned long v4
#define OCTAVO_ARGUMENTS_6 OCTAVO_ARGUMENTS_5, unsigned long v5
#define OCTAVO_ARGUMENTS_7 OCTAVO_ARGUMENTS_6, unsigned long v6

#define OCTAVO_SET(n) a##n = v##n;
#define OCTAVO_SETS_0
#define OCTAVO_SETS_1 OCTAVO_SET(0)
#define OCTAVO_SETS_2 OCTAVO_SETS_1 OCTAVO_SET(1)
#define OCTAVO_SETS_3 OCTAVO_SETS_2 OCTAVO_SET(2)
#define OCTAVO_SETS_4 OCTAVO_SETS_3 OCTAVO_SET(3)
#define OCTAVO_SETS_5 OCTAVO_SETS_4 OCTAVO_SET(4)
#define OCTAVO_SETS_6 OCTAVO_SETS_5 OCTAVO_SET(5)
#define OCTAVO_SETS_7 OCTAVO_SETS_6 OCTAVO_SET(6)

/* Operands: the arguments come in, everything goes out (clobbered). "=r" of a register that a call
 * of lower arity does not set costs nothing. */
#define OCTAVO_ASM_0 "=r"(a0), "=r"(a1), "=r"(a2), "=r"(a3), "=r"(a4), "=r"(a5), "=r"(a6)
#define OCTAVO_ASM_1 "+r"(a0), "=r"(a1), "=r"(a2), "=r"(a3), "=r"(a4), "=r"(a5), "=r"(a6)
#define OCTAVO_ASM_2 "+r"(a0), "+r"(a1), "=r"(a2), "=r"(a3), "=r"(a4), "=r"(a5), "=r"(a6)
#define OCTAVO_ASM_3 "+r"(a0), "+r"(a1), "+r"(a2), "=r"(a3), "=r"(a4), "=r"(a5), "=r"(a6)
#define OCTAVO_ASM_4 "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "=r"(a4), "=r"(a5), "=r"(a6)
#define OCTAVO_ASM_5 "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "=r"(a5), "=r"(a6)
#define OCTAVO_ASM_6 "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "=r"(a6)
#define OCTAVO_ASM_7 "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6)

#define OCTAVO_STUB(number, name, arity, document)                          \
    static inline long sys_##name(OCTAVO_ARGUMENTS_##arity)                 \
    {                                                                       \
        register unsigned long a0 __asm__("a0");                            \
        register unsigned long a1 __asm__("a1");                            \
        register unsigned long a2 __asm__("a2");                            \
        register unsigned long a3 __asm__("a3");                            \
        register unsigned long a4 __asm__("a4");                            \
        register unsigned long a5 __asm__("a5");                            \
        register unsigned long a6 __asm__("a6");                            \
        register unsigned long a7 __asm__("a7") = number;                   \
        OCTAVO_SETS_##arity __asm__ volatile("ecall"                        \
                                             : OCTAVO_ASM_##arity, "+r"(a7) \
                                             :                              \
                                             : OCTAVO_CLOBBERS);            \
        return (long)a0;                                                    \
    }

OCTAVO_SYSCALLS(OCTAVO_STUB)
#undef OCTAVO_STUB

#endif
