/* SPDX-License-Identifier: MIT
 *
 * The fixed points of a user address space (RISC-V privileged spec 4.4, Sv39: 39-bit addresses,
 * of which user space has the lower half). */
#ifndef OCTAVO_ABI_LAYOUT_H
#define OCTAVO_ABI_LAYOUT_H

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096ul
#define PAGE_MASK (PAGE_SIZE - 1)
#define MEGAPAGE_SIZE (2ul << 20)

#define USER_MIN PAGE_SIZE      /* page 0 is never mapped */
#define USER_MAX 0x3fff000000ul /* first address that no pager may map */
#define MSG_BASE USER_MAX       /* message page of a task's thread number n at MSG_BASE + n pages */
#define MSG_THREADS 4096        /* at most so many threads a task */
#define USER_TOP 0x4000000000ul /* 2^38 */

#endif
