/* SPDX-License-Identifier: MIT
 *
 * init's program file, as part of the kernel image: the only program that the kernel loads itself. */
        .section .rodata.init, "a", @progbits
        .align  12
        .global init_elf_start, init_elf_end
init_elf_start:
        .incbin INIT_ELF
init_elf_end:
