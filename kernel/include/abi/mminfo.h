/* SPDX-License-Identifier: MIT
 *
 * Memory statistics as the `info` system call copies them out: plain fixed-width structs, the same in
 * kernel and programs. This header must not include anything but <stdint.h>.
 */
#ifndef OCTAVO_ABI_MMINFO_H
#define OCTAVO_ABI_MMINFO_H

#include <stdint.h>

#define MM_INFO_ORDERS 11 /* orders 0..10 */
#define MM_INFO_NAME 24   /* bytes of a name, the final 0 included */

/* One zone: zoneinfo and buddyinfo. All numbers count frames unless they say otherwise. */
struct mminfo_zone {
    char name[MM_INFO_NAME];
    uint64_t first_pfn;                 /* lowest frame it manages; 0 when managed is 0 */
    uint64_t end_pfn;                   /* one behind the highest; holes may lie between */
    uint64_t managed;                   /* all frames that buddy was given */
    uint64_t free;                      /* on its free lists */
    uint64_t in_harts;                  /* free, in harts' order-0 lists */
    uint64_t min, low, high;            /* watermarks */
    uint64_t allocs, frees;             /* blocks taken from and returned to the free lists */
    uint64_t fallbacks;                 /* blocks taken from the other mobility's list */
    uint64_t blocks[2][MM_INFO_ORDERS]; /* free blocks by order: [0] unmovable, [1] movable */
};

/* One cache: slabinfo. */
struct mminfo_slab {
    char name[MM_INFO_NAME];
    uint64_t size;     /* bytes of an object as asked for */
    uint64_t stride;   /* bytes it takes */
    uint64_t active;   /* objects in use */
    uint64_t in_harts; /* free objects in harts' magazines */
    uint64_t total;    /* objects in all slabs: active + in_harts + free in slabs */
    uint64_t slabs;    /* slabs, full, partial and empty */
    uint64_t empty;    /* empty ones among them */
    uint64_t frames;   /* frames of one slab */
};

/* All RAM by what it is: ram = reserved + free + in_harts + kernel + slab + pgtable + user. */
struct mminfo_totals {
    uint64_t ram;
    uint64_t reserved;
    uint64_t free;
    uint64_t in_harts;
    uint64_t kernel;
    uint64_t slab;
    uint64_t pgtable;
    uint64_t user;
};

#endif
