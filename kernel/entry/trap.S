/* SPDX-License-Identifier: MIT
 *
 * The way into the kernel and out of it. In user mode sscratch holds the thread; in S-mode it is 0
 * and tp holds the hart. There is one kernel stack a hart, empty at every entry.
 *
 * A system call may clobber the caller-saved registers, so only ra, sp, tp, pc and the arguments are
 * saved (arguments, because a call may have to be repeated). s0-s11 and gp are saved only when another
 * thread is about to run: until then C code preserves them (the kernel uses no gp).
 * A fault or an interrupt saves all. */
#include "kernel/run/offsets.h"

#define CAUSE_ECALL_USER 8

.macro SAVE_S thread
        sd      s0, T_X(8)(\thread)
        sd      s1, T_X(9)(\thread)
        .irp    n, 2,3,4,5,6,7,8,9,10,11
        sd      s\n, T_X(\n + 16)(\thread)
        .endr
.endm

.macro SAVE_A
        .irp    n, 0,1,2,3,4,5,6,7
        sd      a\n, T_X(\n + 10)(tp)
        .endr
.endm

.macro LOAD_S thread
        ld      s0, T_X(8)(\thread)
        ld      s1, T_X(9)(\thread)
        .irp    n, 2,3,4,5,6,7,8,9,10,11
        ld      s\n, T_X(\n + 16)(\thread)
        .endr
.endm

/* From the thread's record to the hart's, on the hart's stack, whose top word says who came in. */
.macro ENTER
        mv      t1, tp
        ld      tp, T_HART(tp)
        csrw    sscratch, zero
        ld      sp, H_STACK(tp)
        sd      t1, 0(sp)
        lla     t0, lock_holder
.endm

        .text
        .align  2
        .global trap_entry
trap_entry:
        csrrw   tp, sscratch, tp
        beqz    tp, trap_kernel
        sd      t0, T_X(5)(tp)
        csrr    t0, scause
        addi    t0, t0, -CAUSE_ECALL_USER
        bnez    t0, trap_full

trap_syscall:
        sd      ra, T_X(1)(tp)
        sd      sp, T_X(2)(tp)
        csrr    t0, sepc
        addi    t0, t0, 4
        sd      t0, T_PC(tp)
        csrr    t0, sscratch
        sd      t0, T_X(4)(tp)
        SAVE_A
        ld      t1, T_SYSCALLS(tp)
        sd      zero, T_FULL(tp)
        addi    t1, t1, 1
        sd      t1, T_SYSCALLS(tp)
        ENTER
trap_syscall_lock:
        amoswap.w.aq t2, tp, (t0)
        bnez    t2, trap_syscall_spin
        li      t2, OFFSETS_SYS_COUNT
        bgeu    a7, t2, trap_no_call
        lla     t0, syscall_table
        slli    t2, a7, 3
        add     t2, t2, t0
        ld      t2, 0(t2)
        jalr    t2                      /* handler(a0..a6), result in a0 */

trap_syscall_done:
        ld      t1, 0(sp)
        ld      t2, H_CURRENT(tp)
        ld      t3, H_WORK(tp)
        li      t0, SYS_KEEP
        beq     a0, t0, trap_leave
        sd      a0, T_X(10)(t1)
trap_leave:
        bne     t1, t2, trap_switched
        ld      t4, T_WORK(t2)
        or      t3, t3, t4
        beqz    t3, trap_resume

/* The same thread, but there is something to do first. */
trap_work:
        sd      gp, T_X(3)(t1)
        SAVE_S  t1
trap_slow:
        call    sched_exit_work
        ld      t2, H_CURRENT(tp)
        j       trap_load

/* Another thread (t2) goes on than came in (t1); or none: then hart.work (t3) is not 0. */
trap_switched:
        sd      gp, T_X(3)(t1)
        SAVE_S  t1
        bnez    t3, trap_slow
        ld      t4, T_WORK(t2)
        bnez    t4, trap_slow
trap_load:
        ld      gp, T_X(3)(t2)
        LOAD_S  t2

/* Back to user mode as thread t2, whose s0-s11 and gp are in place. Gives up the lock. */
trap_resume:
        ld      t0, T_PC(t2)
        ld      t1, T_FULL(t2)
        csrw    sepc, t0
        csrw    sscratch, t2
        mv      tp, t2
        ld      ra, T_X(1)(tp)
        ld      sp, T_X(2)(tp)
        .irp    n, 0,1,2,3,4,5,6,7
        ld      a\n, T_X(\n + 10)(tp)
        .endr
        bnez    t1, trap_resume_full
        ld      tp, T_X(4)(tp)
        fence   rw, w
        sw      zero, lock_holder, t0
        li      t0, 0
        li      t1, 0
        li      t2, 0
        li      t3, 0
        li      t4, 0
        li      t5, 0
        li      t6, 0
        sret

/* The dummy sc ends the reservation of whoever ran here before (unprivileged spec 8.2): else this thread's
 * sc could succeed with another's lr. It fails, since a program has no reservation of kernel memory. */
trap_resume_full:
        sc.d    zero, t1, (tp)
        ld      t1, T_X(6)(tp)
        ld      t2, T_X(7)(tp)
        ld      t3, T_X(28)(tp)
        ld      t4, T_X(29)(tp)
        ld      t5, T_X(30)(tp)
        ld      t6, T_X(31)(tp)
        fence   rw, w
        sw      zero, lock_holder, t0
        ld      t0, T_X(5)(tp)
        ld      tp, T_X(4)(tp)
        sret

/* A hart's first entry to user mode, from C, with the lock and no current thread. */
        .global trap_start
trap_start:
        ld      sp, H_STACK(tp)
        j       trap_slow

trap_syscall_spin:
        lw      t2, 0(t0)
        bnez    t2, trap_syscall_spin
        j       trap_syscall_lock

trap_no_call:
        li      a0, -OFFSETS_ENOSYS
        j       trap_syscall_done

/* Fault or interrupt in user mode; t0 = scause - CAUSE_ECALL_USER. */
trap_full:
        sd      ra, T_X(1)(tp)
        sd      sp, T_X(2)(tp)
        sd      t1, T_X(6)(tp)
        sd      t2, T_X(7)(tp)
        csrr    t1, sepc
        csrr    t2, sscratch
        sd      t1, T_PC(tp)
        sd      t2, T_X(4)(tp)
        SAVE_A
        sd      t3, T_X(28)(tp)
        sd      t4, T_X(29)(tp)
        sd      t5, T_X(30)(tp)
        sd      t6, T_X(31)(tp)
        li      t1, 1
        sd      t1, T_FULL(tp)
        addi    a0, t0, CAUSE_ECALL_USER
        csrr    a1, stval
        ENTER
trap_full_lock:
        amoswap.w.aq t2, tp, (t0)
        bnez    t2, trap_full_spin
        call    trap_user               /* (scause, stval) */
        ld      t1, 0(sp)
        ld      t2, H_CURRENT(tp)
        ld      t3, H_WORK(tp)
        j       trap_leave
trap_full_spin:
        lw      t2, 0(t0)
        bnez    t2, trap_full_spin
        j       trap_full_lock

/* A trap in S-mode is a bug, a broken stack included: report it from a stack of its own. */
trap_kernel:
        csrrw   tp, sscratch, tp        /* tp = the hart again */
        csrw    sscratch, sp
        lla     sp, panic_frame
        sd      t0, 40(sp)
        csrr    t0, sscratch
        csrw    sscratch, zero
        sd      t0, 16(sp)
        sd      ra, 8(sp)
        sd      gp, 24(sp)
        sd      tp, 32(sp)
        sd      t1, 48(sp)
        sd      t2, 56(sp)
        sd      s0, 64(sp)
        sd      s1, 72(sp)
        .irp    n, 0,1,2,3,4,5,6,7
        sd      a\n, 80 + 8 * \n(sp)
        .endr
        mv      a0, sp
        lla     sp, panic_stack_top
        call    panic_trap
        j       .

        .section .bss
        .align  4
panic_frame:
        .skip   256
        .skip   8192
panic_stack_top:
