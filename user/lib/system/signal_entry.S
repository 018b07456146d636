/* SPDX-License-Identifier: MIT
 *
 * Where the kernel enters a program with an upcall: a0 the message page, which holds all integer
 * registers; tp and gp are the program's; upcalls are masked. The floating-point registers are still
 * live, so what runs before they are saved must not use them: signal_choose has no such code. A thread that
 * has never used them has nothing to save; what its handler leaves in them is nobody's. */
#include "user/lib/system/signal.h"

    .text
    .globl signal_entry
    .type signal_entry, @function
signal_entry:
    .cfi_startproc
    .cfi_undefined ra
    mv s1, a0
    li t0, 4096
    add sp, a0, t0              /* the thread's part of the message page: never absent */
    call signal_choose
    beqz a0, 1f
    mv sp, a0
    li t0, SIGNAL_PAGE_FP_USED
    add t0, t0, s1
    ld s2, (t0)
    addi s1, a0, SIGNAL_FRAME_REGISTERS
    beqz s2, 3f
    frcsr t0
    sd t0, SIGNAL_FRAME_FCSR(s1)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd f\n, SIGNAL_FRAME_FCSR + 8 + 8 * \n(s1)
    .endr
3:  call signal_run             /* s1 and s2 are kept */
    beqz s2, 4f
    ld t0, SIGNAL_FRAME_FCSR(s1)
    fscsr t0
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld f\n, SIGNAL_FRAME_FCSR + 8 + 8 * \n(s1)
    .endr
4:  mv a2, s1
    j 2f
1:  li t0, SIGNAL_PAGE_UPCALL
    add a2, s1, t0
2:  li a0, 0
    li a1, SIGNAL_THREAD_RETURN
    li a7, SIGNAL_SYS_THREAD_CONTROL
    ecall
    unimp
    .cfi_endproc
    .size signal_entry, . - signal_entry
    .section .note.GNU-stack, "", @progbits
