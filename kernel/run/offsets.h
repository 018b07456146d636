/* SPDX-License-Identifier: MIT
 *
 * Where trap.S finds the fields of struct thread and struct hart. thread.c and hart.c assert that
 * the compiler agrees. Constants only: assembly includes it. */
#ifndef OCTAVO_KERNEL_OFFSETS_H
#define OCTAVO_KERNEL_OFFSETS_H

/* struct thread */
#define T_PC 0
#define T_X(n) (8 * (n)) /* n = 1..31 */
#define T_HART 256
#define T_WORK 264
#define T_FULL 272
#define T_SYSCALLS 280

/* struct hart */
#define H_CURRENT 8
#define H_WORK 16
#define H_STACK 24
#define H_ID 32
#define H_SIZE 120

/* A system call handler returns this when the registers of the thread that it leaves behind are as
 * they should be. No errno has this value. */
#define SYS_KEEP (-4096)

/* <abi/syscalls.h> and <abi/errno.h>, for assembly. */
#define OFFSETS_SYS_COUNT 30
#define OFFSETS_ENOSYS 88

#ifndef __ASSEMBLER__
#define OFFSETS_ASSERT(constant, value) \
    _Static_assert((value) == (constant), "kernel/run/offsets.h: change " #constant " to " #value)
#endif

#endif
