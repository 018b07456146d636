/* SPDX-License-Identifier: MIT
 *
 * The first instructions of a forked child: a0 its pid, a1 its message page, sp its struct fork_state
 * (fork.c), whose first words are tp and sp. */

    .text
    .globl fork_entry
    .type fork_entry, @function
fork_entry:
    .cfi_startproc
    .cfi_undefined ra
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    mv a2, a0
    mv a0, sp
    ld tp, 0(a0)
    ld sp, 8(a0)
    li s0, 0
    call fork_child         /* does not return */
    unimp
    .cfi_endproc
    .size fork_entry, . - fork_entry
    .section .note.GNU-stack, "", @progbits
