/* SPDX-License-Identifier: MIT
 *
 * The first instructions of the probes, in machine mode: floating point on, a stack, and what picolibc's
 * linker script leaves to do. Debian's builds for speed come without picolibc's own crt0. */

    .section .text.init.enter, "ax", @progbits
    .globl _start
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, __stack
    li t0, 0x2000           /* mstatus.FS: initial */
    csrs mstatus, t0
    csrwi fcsr, 0
    la a0, __data_start     /* data lies behind the text, and is used where the script puts it */
    la a1, __data_source
    la a2, __data_size
    call memcpy
    la a0, __bss_start
    li a1, 0
    la a2, __bss_size
    call memset
    la tp, __tls_base
    call main
1:  j 1b
