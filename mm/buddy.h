/* SPDX-License-Identifier: MIT
 *
 * buddy: the owner of all free frames, in blocks of 2^order frames.
 *
 * Two zones: DMA32 (below 4 GiB, for devices with 32-bit addresses) and NORMAL (the rest). A
 * request without MM_DMA32 tries NORMAL, then DMA32. In each zone, every order has two free lists:
 * unmovable (kernel objects, which nobody can evict) and movable (user frames, which a pager gives
 * back). A page block of 2 MiB belongs to one of the two, so that long-lived kernel objects gather
 * in few blocks and megapages stay possible; when one list is empty the largest block of the other
 * is taken. In front of it, each hart has a short stack of single frames. It must not know what
 * frames are used for, and must not reclaim: it only tells, once, that memory runs low.
 *
 * Totals always add up: managed = free + in harts' lists + KERNEL + SLAB + PGTABLE + USER.
 */
#ifndef OCTAVO_MM_BUDDY_H
#define OCTAVO_MM_BUDDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <abi/mminfo.h>
#include "mm/page.h"

#define MAX_ORDER 10 /* the largest block: 4 MiB */
#define PAGEBLOCK_ORDER 9

enum zone_id { ZONE_DMA32, ZONE_NORMAL, ZONE_COUNT };

/* Flags of every allocator in mm/. */
#define MM_ZERO 0x1u    /* fill with zero bytes (otherwise the contents are anything) */
#define MM_DMA32 0x2u   /* below 4 GiB */
#define MM_ATOMIC 0x4u  /* may use the reserve below the `min` watermark */
#define MM_MOVABLE 0x8u /* a user frame: comes from the movable list and in state PAGE_USER */

/* Empty zones. Call once, then feed it, then buddy_ready. */
void buddy_init(void);

/* Whole frames of RAM become free: at boot from memblock_handover, later whatever was reserved and
 * is no longer needed (boot archive). The descriptors must be backed (memblock_vmemmap_extent) and
 * their state NONE or RESERVED, else it panics. After buddy_ready, adding recomputes the
 * watermarks. */
void buddy_add(paddr_t pa, size_t size);

/* RAM that buddy does not get: marks it PAGE_RESERVED. State must be NONE. */
void buddy_add_reserved(paddr_t pa, size_t size);

/* Compute the watermarks; from now on they are in force. */
void buddy_ready(void);

/* 2^order frames, naturally aligned and contiguous, order 0..MAX_ORDER. Each frame's descriptor:
 * state PAGE_KERNEL (PAGE_USER with MM_MOVABLE), this order, count 0, owner NULL. NULL when there
 * is none, or when the zone would fall below its `min` (not for MM_ATOMIC; a request that falls
 * back from NORMAL to DMA32 stops at DMA32's `low` instead). */
struct page *buddy_alloc(unsigned order, unsigned flags);

/* Give back a whole allocation; the first frame and the same order (a wrong order, a free or
 * reserved frame, or a count above 0 is a bug: always checked, panics). Any allocated state. */
void buddy_free(struct page *page, unsigned order);

/* Turn one allocation of 2^order frames into 2^order allocations of one frame, to be freed
 * singly. */
void buddy_split(struct page *page, unsigned order);

/* Return the frames of all harts' lists to the zones. (buddy_alloc does it itself before it
 * fails.) */
void buddy_drain(void);

/* Free frames, those in harts' lists included; and all frames buddy was ever given. */
size_t buddy_free_frames(void);
size_t buddy_managed_frames(void);

/* Copy out what `buddyinfo` and `zoneinfo` show of one zone. 0, or -ENOENT. */
int buddy_info(unsigned zone, struct mminfo_zone *info);

/* All frames by what they are. */
void buddy_totals(struct mminfo_totals *totals);

#endif
