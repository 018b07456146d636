/* SPDX-License-Identifier: MIT
 *
 * The first instructions: from the firmware (SBI chapter 3: MMU off, a0 = hart id, a1 = device tree, or
 * what hart_start was told) to C code at its linked address. The boot table maps the image where it is
 * linked, all of physical memory at the direct map, and the gigapage we stand on at its own address;
 * boot.c replaces it. */
#include "kernel/run/offsets.h"

#define PTE_V 1
#define PTE_LEAF 0xef /* V R W X G A D */
#define BOOT_MEGAPAGES 16 /* of the image: kernel.ld asserts that it fits */

        .section .text.entry, "ax"
        .global _start
_start:
        /* Position-independent until the MMU is on: s0 = where the image is. */
        lla     s0, _start
        lla     t0, boot_taken
        li      t1, 1
        amoswap.w.aqrl t1, t1, (t0)
        bnez    t1, hart_late
        mv      s1, a0
        mv      s2, a1
        lla     t0, bss_start
        lla     t1, bss_end
1:      sd      zero, 0(t0)
        addi    t0, t0, 8
        bltu    t0, t1, 1b

        /* boot_root[510] -> boot_image: 2 MiB leaves from KERNEL_BASE + 2 MiB on. */
        lla     t0, boot_root
        lla     t1, boot_image
        srli    t2, t1, 2
        ori     t2, t2, PTE_V
        li      t3, 510 * 8
        add     t3, t3, t0
        sd      t2, 0(t3)
        srli    t2, s0, 2
        ori     t2, t2, PTE_LEAF
        li      t4, (1 << 21) >> 2
        addi    t1, t1, 8
        li      t5, BOOT_MEGAPAGES
1:      sd      t2, 0(t1)
        add     t2, t2, t4
        addi    t1, t1, 8
        addi    t5, t5, -1
        bnez    t5, 1b

        /* boot_root[256..383]: physical 0..128 GiB. */
        li      t1, 256 * 8
        add     t1, t1, t0
        li      t2, PTE_LEAF
        li      t4, (1 << 30) >> 2
        li      t5, 128
1:      sd      t2, 0(t1)
        add     t2, t2, t4
        addi    t1, t1, 8
        addi    t5, t5, -1
        bnez    t5, 1b

        call    mmu_on
        la      sp, boot_stack_top
        la      t0, entry_image_pa
        sd      s0, 0(t0)
        mv      a0, s1
        mv      a1, s2
        la      tp, harts
        call    boot_main
        j       .

/* Another hart, by sbi_hart_start: a1 = its struct hart (a linked address). */
        .global entry_hart
entry_hart:
        lla     s0, _start
        mv      s2, a1
        call    mmu_on
        la      t0, hart_kernel_satp         /* its stack is in vmalloc, which the boot table lacks */
        ld      t0, 0(t0)
        csrw    satp, t0
        sfence.vma
        mv      tp, s2
        ld      sp, H_STACK(tp)
        mv      a0, s2
        call    start_hart
        j       .

/* A hart that sbi_hart_start has started, but at the wrong place, with its id in a0 and nothing of what
 * it was told: OpenSBI 1.1 marks a hart as started before it writes down where it shall go, and
 * a hart that looks just then goes where the first one went. Booting again would clear what runs. Its
 * struct hart is ready: that was done before the call. */
hart_late:
        lla     t0, harts
        li      t2, H_SIZE
1:      ld      t1, H_ID(t0)
        beq     t1, a0, 2f
        add     t0, t0, t2
        j       1b
2:      lla     t1, linked_start
        ld      t1, 0(t1)
        sub     t1, t1, s0
        add     a1, t0, t1
        j       entry_hart

/* Turns the boot table on and returns to the caller's linked address. The identity entry is of the
 * gigapage that holds the image. Clobbers t0-t4. */
mmu_on:
        lla     t0, boot_root
        srli    t1, s0, 30
        slli    t2, t1, 3
        add     t2, t2, t0
        slli    t3, t1, 28              /* (gigapage << 30) >> 2 */
        ori     t3, t3, PTE_LEAF
        sd      t3, 0(t2)
        lla     t1, linked_start
        ld      t1, 0(t1)
        sub     t1, t1, s0
        add     ra, ra, t1
        srli    t0, t0, 12
        li      t1, 8
        slli    t1, t1, 60
        or      t0, t0, t1
        sfence.vma
        csrw    satp, t0
        sfence.vma
        ret

        .align  3
linked_start:
        .dword  _start

        .section .bss.boot, "aw", @nobits
        .align  12
boot_root:
        .skip   4096
boot_image:
        .skip   4096
        .skip   16384
boot_stack_top:

        .section .data
        .align  3
boot_taken:                             /* not in bss: the first hart clears that */
        .dword  0
        .global entry_image_pa
entry_image_pa:
        .dword  0
