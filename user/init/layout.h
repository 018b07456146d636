/* SPDX-License-Identifier: MIT
 *
 * How init and the wired servers lie in their address spaces. Init's own space besides its image:
 *
 *     INIT_RTC_BASE       registers of the clock
 *     INIT_VIRTIO_BASE    registers of virtio devices, while their ids are read
 *     INIT_WINDOW(n)      the frames of a wired process: image, then stack; INIT_WINDOW_BYTES each.
 *                         First the servers', then those of other pagers, used again and again, since
 *                         page tables stay
 *     BOOT_INFO_BASE, BOOT_ARCHIVE_BASE   from the kernel (<abi/device.h>)
 *     CON_LOG_BASE        the ring shared with con, at the same address there (proto/con.h) */
#ifndef OCTAVO_INIT_LAYOUT_H
#define OCTAVO_INIT_LAYOUT_H

#include <abi/layout.h>
#include <octavo/wired.h>

#define INIT_RTC_BASE WIRED_HEAP_END
#define INIT_VIRTIO_BASE (INIT_RTC_BASE + (1ul << 20))
#define INIT_WINDOW_BASE 0x2000000000ul
#define INIT_WINDOW_BYTES (64ul << 20)
#define INIT_WINDOW(n) (INIT_WINDOW_BASE + (unsigned long)(n)*INIT_WINDOW_BYTES)
#define INIT_WINDOWS_SERVERS 16u

/* A wired process's stack, below an unmapped megabyte at the end of its space. */
#define WIRED_STACK_TOP (USER_MAX - (1ul << 20))

#endif
