/* SPDX-License-Identifier: MIT
 *
 * The start block: what a program is started with, as one relocatable piece of bytes. The spawner
 * packs it, the pager places it at the top of the new stack and turns offsets into pointers, so that
 * the program finds the usual argc, argv[], NULL, envp[], NULL, auxv pairs at sp (System V ABI,
 * RISC-V psABI), followed by the strings.
 *
 * Layout: struct start_block, then argc + envc offsets (uint32_t, from the block's start, each of a
 * NUL-terminated string inside the block), padding to 8, then auxc pairs of uint64_t, then strings.
 * The pager appends its own pairs (AT_ENTRY ...) and AT_NULL. Whole block at most START_MAX bytes. */
#ifndef OCTAVO_PROTO_START_H
#define OCTAVO_PROTO_START_H

#include <stdint.h>

#define START_MAX 65536u

struct start_block {
    uint32_t size; /* of everything, this header included */
    uint32_t path; /* offset of the NUL-terminated program path */
    uint32_t argc, envc, auxc;
    uint32_t reserved;
};

/* auxv types beyond the psABI's. */
#define AT_OCTAVO_FD 0x1000      /* + descriptor number (0..255): a_val = handle | kind << 32 */
#define AT_OCTAVO_ARCHIVE 0x1100 /* the pager: bytes of the boot archive at BOOT_ARCHIVE_BASE */
#define AT_OCTAVO_PLACE 0x1101   /* a_val = handle of the working directory (proto/fs.h: a place) */
#define START_FD_CON 1u          /* kinds of descriptor */
#define START_FD_NULL 2u

#endif
