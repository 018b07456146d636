/* SPDX-License-Identifier: MIT
 *
 * The first instructions of a forked child: a0 its pid, a1 its message page, sp its struct fork_state
 * (fork.c), whose first words are tp, sp and pid. And a setjmp and longjmp that leave the floating-point
 * registers alone unless there is something in them: touching them costs a trap.
 *
 *     int fork_save(uint64_t registers[26], bool floating);  0, and 1 when it comes from
 *     _Noreturn void fork_restore(const uint64_t registers[26], bool floating); */

.macro REGISTERS integer, floating
    \integer ra, 0(a0)
    \integer sp, 8(a0)
    \integer s0, 16(a0)
    \integer s1, 24(a0)
    .irp n, 2,3,4,5,6,7,8,9,10,11
    \integer s\n, 16 + 8 * \n(a0)
    .endr
    beqz a1, 1f
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    \floating fs\n, 112 + 8 * \n(a0)
    .endr
1:
.endm

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
    sd a0, 16(sp)           /* written before anything is read there: the page is copied once, and */
    mv a0, sp               /* not first mapped as it is */
    ld tp, 0(a0)
    ld sp, 8(a0)
    li s0, 0
    call fork_child         /* does not return */
    unimp
    .cfi_endproc
    .size fork_entry, . - fork_entry
    .globl fork_save
    .type fork_save, @function
fork_save:
    REGISTERS sd, fsd
    li a0, 0
    ret
    .size fork_save, . - fork_save
    .globl fork_restore
    .type fork_restore, @function
fork_restore:
    REGISTERS ld, fld
    li a0, 1
    ret
    .size fork_restore, . - fork_restore
    .section .note.GNU-stack, "", @progbits
