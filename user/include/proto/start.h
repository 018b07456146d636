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
#define AT_OCTAVO_FD 0x1000 /* + descriptor (0..255): a_val = handle | kind << 32 | flags << 40 */
#define AT_OCTAVO_ARCHIVE 0x1100 /* the pager: bytes of the boot archive at BOOT_ARCHIVE_BASE */
#define AT_OCTAVO_PLACE 0x1101   /* a_val = handle of the working directory (proto/fs.h: a place) */
#define AT_OCTAVO_FS 0x1103      /* the pager: a_val = handle of fs's root place, if there is fs */
#define AT_OCTAVO_BLK 0x1104     /* the pager: a_val = handle of the swap disk, if there is one */
/* A second pager (docs/pager.md); what is not there is asked of init, or not given. */
#define AT_OCTAVO_UPPER 0x1106  /* a_val = handle of a space of the main pager: it has the files */
#define AT_OCTAVO_FRAMES 0x1107 /* a_val = how many frames its programs may hold */
#define AT_OCTAVO_POLICY 0x1108 /* a_val = address of its policy's name and parameters */
#define AT_OCTAVO_SEED 0x1109   /* a_val = for the policy */
#define AT_OCTAVO_SIGNALS \
    0x1105                     /* a_val = ignored signals (bit n: signal n) | blocked ones << 32 */
#define AT_OCTAVO_UMASK 0x1110 /* a_val = umask; not there: 022 */
#define AT_OCTAVO_CLOSE 0x1102 /* a_val = a handle to be closed before main; any number of them */

/* Kinds of descriptor, and what the handle is. */
#define START_FD_CON 1u       /* a right to con (proto/con.h) */
#define START_FD_NULL 2u      /* none */
#define START_FD_FILE 3u      /* an open file (proto/file.h) */
#define START_FD_DIRECTORY 4u /* a place (proto/fs.h) */
#define START_FD_PIPE_READ 5u /* an end of a pipe */
#define START_FD_PIPE_WRITE 6u
#define START_FD_ZERO 7u   /* none */
#define START_FD_RANDOM 8u /* none */

/* Flags of a descriptor: how it was opened, as O_* of <fcntl.h> (access, O_APPEND, O_NONBLOCK, O_SYNC). */
#define START_FD_FLAGS_SHIFT 40

#endif
