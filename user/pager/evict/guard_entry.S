/* SPDX-License-Identifier: MIT
 *
 * guard_call: calls a policy so that the call can be left from anywhere; and where the kernel enters any
 * thread of the pager that has crashed or was interrupted (guard.h). */
#include "user/pager/evict/guard.h"

#define SYS_THREAD_CONTROL 14
#define SYS_YIELD 23
#define THREAD_RETURN 3

    .macro each_saved do
    \do ra, 0(sp)
    \do s0, 8(sp)
    \do s1, 16(sp)
    \do s2, 24(sp)
    \do s3, 32(sp)
    \do s4, 40(sp)
    \do s5, 48(sp)
    \do s6, 56(sp)
    \do s7, 64(sp)
    \do s8, 72(sp)
    \do s9, 80(sp)
    \do s10, 88(sp)
    \do s11, 96(sp)
    .endm

    .text
    .globl guard_call
    .type guard_call, @function
guard_call:                     /* a0 function, a1..a3 for it, a4 what */
    .cfi_startproc
    addi sp, sp, -GUARD_SAVED
    .cfi_def_cfa_offset GUARD_SAVED
    each_saved sd
    .cfi_offset ra, -GUARD_SAVED
    la t0, guard
    ld t1, GUARD_CALLS(t0)
    lw t2, GUARD_ASLEEP(t0)
    addi t1, t1, 1
    sd t1, GUARD_CALLS(t0)
    sd a4, GUARD_WHAT(t0)
    bnez t2, 2f
1:  sd sp, GUARD_SP(t0)
    mv t1, a0
    mv a0, a1
    mv a1, a2
    mv a2, a3
    jalr t1
    .globl guard_returned
guard_returned:
    la t0, guard
    sd zero, GUARD_SP(t0)
    li a1, 0
    ld ra, 0(sp)
    addi sp, sp, GUARD_SAVED
    ret
2:  mv s0, a0
    mv s1, a1
    mv s2, a2
    mv s3, a3
    call guard_wake
    mv a0, s0
    mv a1, s1
    mv a2, s2
    mv a3, s3
    ld s0, 8(sp)
    ld s1, 16(sp)
    ld s2, 24(sp)
    ld s3, 32(sp)
    la t0, guard
    j 1b
    .cfi_endproc
    .size guard_call, . - guard_call

    /* Continues here, with sp as guard_call had it, when the policy is not to go on. */
    .globl guard_escaped
    .type guard_escaped, @function
guard_escaped:
    la t0, guard
    sd zero, GUARD_SP(t0)
    each_saved ld
    addi sp, sp, GUARD_SAVED
    li a0, 0
    li a1, 1
    ret
    .size guard_escaped, . - guard_escaped

    .globl guard_upcall
    .type guard_upcall, @function
guard_upcall:                   /* a0 the message page, which has all registers; upcalls are masked */
    .cfi_startproc
    .cfi_undefined ra
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    mv s1, a0
1:  la t0, guard + GUARD_BUSY
    li t1, 1
    amoswap.w.aq t1, t1, (t0)
    beqz t1, 2f
    li a7, SYS_YIELD
    ecall
    j 1b
2:  la sp, guard_stack_end
    mv a0, s1
    call guard_upcalled
    la t0, guard + GUARD_BUSY
    amoswap.w.rl zero, zero, (t0)
    li t0, GUARD_PAGE_UPCALL
    add a2, s1, t0
    li a0, 0
    li a1, THREAD_RETURN
    li a7, SYS_THREAD_CONTROL
    ecall
    unimp
    .cfi_endproc
    .size guard_upcall, . - guard_upcall

    .bss
    .balign 16
guard_stack:
    .space 16384
guard_stack_end:
    .section .note.GNU-stack, "", @progbits
