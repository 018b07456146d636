/* SPDX-License-Identifier: MIT */
/*
 * proto/run.h - what goes over the UART while the host tool tests/tools/octavo-run drives the guest.
 *
 * What it is for: exact bytes of one command's stdin, stdout and stderr, and its exit status, over one
 * serial line that the firmware and the kernel write to as well. What it must not do: describe the
 * ordinary console; without the boot argument nothing here applies.
 *
 * Start. The boot argument `run=HEX` carries the shell line, two hexadecimal digits a byte. login then
 * tells con, starts `/bin/sh -c LINE` with fds 0 to 2 on con, waits for it, tells con its status, and
 * powers off once con has answered. con writes the marks itself, in order with all other output,
 * and answers the last request only when the UART's transmitter is empty (LSR.TEMT).
 *
 * Guest to host. All before RUN_MARK_BEGIN is boot text. After it, con translates nothing (no NL to
 * CRNL) and echoes nothing; a byte stands for itself on the current stream, which is stdout at first,
 * and RUN_ESC introduces:
 *
 *     RUN_ESC RUN_OUT_LITERAL      one byte RUN_ESC of the current stream
 *     RUN_ESC RUN_OUT_STDERR       what follows is stderr
 *     RUN_ESC RUN_OUT_STDOUT       what follows is stdout
 *     RUN_ESC RUN_OUT_KERNEL ...\n one line of the kernel (log, SYSTEM_WRITE, panic): the kernel starts
 *                                  each of its lines so when it was booted with `run=`. It may stand
 *                                  between any two bytes, even after a RUN_ESC of con's: con never
 *                                  writes RUN_ESC twice in a row, so the two can be told apart.
 *     RUN_MARK_END                 "RUN_ESC OCTAVO-RUN-END", a space, the status in decimal, newline
 *
 * A program can therefore write any bytes and fake none of these. The kernel cannot include this
 * header; it has its own copy of RUN_ESC and RUN_OUT_KERNEL.
 *
 * Host to guest, from RUN_MARK_BEGIN on. Bytes are stdin as they are (^C and ^D mean nothing), but
 * RUN_IN_DLE introduces:
 *
 *     RUN_IN_DLE RUN_IN_DLE        one byte RUN_IN_DLE
 *     RUN_IN_DLE RUN_IN_EOF        end of file: once what came before is read, each read answers 0
 *
 * With the boot argument `noinput` beside run= stdin is empty and nothing is sent: what the host sends
 * comes at no certain instruction of the guest.
 *
 * There is no flow control: QEMU holds its input back while the UART's receive FIFO is full, so con
 * stops taking bytes when its buffer is full and loses none.
 *
 * The status is that of the line: 0 to 123, 127 and above as the shell gives it. A kernel panic leaves
 * through the machine's test device with 125 and writes no RUN_MARK_END.
 */
#ifndef OCTAVO_PROTO_RUN_H
#define OCTAVO_PROTO_RUN_H

#define RUN_BOOTARG "run="

#define RUN_ESC 0x01
#define RUN_OUT_LITERAL '1'
#define RUN_OUT_STDERR 'e'
#define RUN_OUT_STDOUT 'o'
#define RUN_OUT_KERNEL 'k'

#define RUN_MARK_BEGIN "\x01OCTAVO-RUN-BEGIN\n"
#define RUN_MARK_END "\x01OCTAVO-RUN-END " /* then the status and a newline */

#define RUN_IN_DLE 0x10
#define RUN_IN_EOF 'E'

#endif
