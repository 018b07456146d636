/* SPDX-License-Identifier: MIT
 *
 * Where a program starts. The kernel gives: a1 the address of this thread's message page, sp the
 * start block (argc, argv, envp, auxv; psABI), all other registers 0. errno and the message page
 * pointer are thread-local, so tp comes before any C. */

    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    .cfi_startproc
    .cfi_undefined ra
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la tp, octavo_tls_main
    li s0, 0                /* the outermost frame */
    mv a0, sp
    andi sp, sp, -16
    call octavo_start       /* a0 start block, a1 message page; does not return */
    unimp
    .cfi_endproc
    .size _start, . - _start
    .section .note.GNU-stack, "", @progbits
