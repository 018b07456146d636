/* SPDX-License-Identifier: MIT
 *
 * Open files. PAGER_OPEN (proto/pager.h) answers with a right to the pager that stands for one open
 * file description: offset, flags and the file (POSIX, XBD 3.258). Whoever has a copy of the right uses
 * the same offset; with the last copy the description is closed. The pager keeps what was read in
 * frames that reads, writes and mappings of all programs share, and asks fs (proto/fs.h) for the rest.
 *     Label = operation; an answer's label is 0, or a positive errno. Words are written a2 a3 a4 a5.
 * Absent pages of a buffer are faulted in for the caller (MSG_RESTART). */
#ifndef OCTAVO_PROTO_FILE_H
#define OCTAVO_PROTO_FILE_H

#include <proto/fs.h>
#include <stdint.h>

#define FILE_AT_POSITION (~0ul) /* instead of an offset: at the description's, which moves */
#define FILE_IO_MAX 65536u      /* bytes that one FILE_READ or FILE_WRITE moves at most */

enum file_operation {
    /* a2 bytes, a3 offset or FILE_AT_POSITION; `out`. Answer: a2 bytes, 0 = the end. Fewer than asked
     * for: the end, FILE_IO_MAX, an absent page of the buffer, or an error behind what was read.
     * EBADF: not open for reading. EIO. */
    FILE_READ = 1,
    /* The same; `in`. With FILE_O_APPEND and FILE_AT_POSITION at the end of the file. EBADF, EFBIG, EIO,
     * ENOSPC. */
    FILE_WRITE = 2,
    /* a2 offset (int64_t), a3 SEEK_SET 0, SEEK_CUR 1, SEEK_END 2. Answer: a2 the offset. EINVAL. */
    FILE_SEEK = 3,
    /* a5 bytes of `out`: struct fs_stat. Answer: a2 bytes. */
    FILE_STAT = 4,
    /* `in`: struct fs_setattr. FS_SET_SIZE needs a description open for writing: EINVAL, as
     * ftruncate says. */
    FILE_SETATTR = 5,
    /* a2 1 = data only. Answered when everything that was written is on the host's disk; EIO, ENOSPC:
     * some of what was written since the last time is lost. */
    FILE_SYNC = 6,
    /* a2 which of FILE_O_APPEND and FILE_O_NONBLOCK to change, a3 to what. Answer: a2 the FS_O_* access
     * and FILE_O_* flags now. */
    FILE_FLAGS = 7
};

/* Besides FS_O_* in PAGER_OPEN; the values of picolibc's O_APPEND and O_NONBLOCK. */
#define FILE_O_APPEND 0x400u
#define FILE_O_NONBLOCK 0x4000u /* kept, without effect on files */

#endif
