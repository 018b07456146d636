/* SPDX-License-Identifier: MIT
 *
 * The block server: a disk, by sector. Label = operation; an answer's label is 0, or a positive errno
 * (picolibc's numbers). Every request has exactly one answer; several are under way at once, in no
 * order, and what was asked later may be done earlier. The server keeps nothing: a write that was
 * answered is with the device, a flush that was answered is on its medium.
 *
 * Ranges. A right to blk is a *range* of the disk: sectors count from its start, and none outside can
 * be named. init hands out the whole disk (SERVICE_BLK); BLK_RANGE makes a right to a part of what
 * the caller has. Copies of a right are the same range, which ends with the last copy, or by BLK_END
 * through the range that it was made of; and with it end all that were made of it. A right to a range
 * that has ended is good for nothing (EPERM); what was under way then comes to its end.
 *
 * Errors: EIO where the device says so or is gone; EROFS: the disk, or the range, is read-only; EINVAL:
 * the range has no such sectors, more than BLK_IO_MAX bytes at once, or the buffer is smaller than said;
 * ENFILE: there are BLK_RANGES already. */
#ifndef OCTAVO_PROTO_BLK_H
#define OCTAVO_PROTO_BLK_H

#define BLK_SECTOR 512u   /* bytes */
#define BLK_IO_MAX 65536u /* bytes that one READ or WRITE moves at most */
#define BLK_RANGES 64u
#define BLK_WHOLE_BADGE 1ul /* of the right that the server registers */

/* Words are written a2 a3 a4 a5. */
enum blk_operation {
    /* Answer: a2 sectors, a3 BLK_IS_*, a4 requests that can be under way at once. */
    BLK_INFO = 1,
    /* a2 first sector, a3 sectors; `out`. All or nothing but for EIO, after which `out` is anything. */
    BLK_READ = 2,
    /* a2 first sector, a3 sectors; `in`. After EIO each sector is as before, or new, or unreadable. */
    BLK_WRITE = 3,
    /* All that was answered before is on the medium. */
    BLK_FLUSH = 4,
    /* a2 first sector, a3 sectors, a4 BLK_IS_*. Answer: handle 0, the right; a2 its name, for BLK_END. */
    BLK_RANGE = 5,
    /* a2 name of a range that was made of the caller's. ENOENT: there is none such (any more). */
    BLK_END = 6
};

#define BLK_IS_READ_ONLY 1ul

#endif
