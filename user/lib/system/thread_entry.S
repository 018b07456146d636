/* SPDX-License-Identifier: MIT
 *
 * The first instructions of a thread that thread_start has made: a0 its struct thread, whose first
 * word is tp; a1 its message page. */

    .text
    .globl thread_entry
    .type thread_entry, @function
thread_entry:
    .cfi_startproc
    .cfi_undefined ra
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    ld tp, 0(a0)
    li s0, 0
    call thread_begin
    unimp
    .cfi_endproc
    .size thread_entry, . - thread_entry
    .section .note.GNU-stack, "", @progbits
