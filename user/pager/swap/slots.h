/* SPDX-License-Identifier: MIT
 *
 * Which pages of the swap disk are taken: a bitmap, and runs of free ones for clusters. Slot 0 is never
 * given out, so that 0 can mean none. It makes no system call and is tested on the host as it is. */
#ifndef PAGER_SLOTS_H
#define PAGER_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

struct slots {
    uint64_t *map;        /* 1 = taken */
    uint32_t count, used; /* slot 0 is in both */
    uint32_t next;        /* where the search goes on */
};

/* `map`: a bit for each slot, all 0. */
void slots_setup(struct slots *slots, uint64_t *map, uint32_t count);

/* A run of at most `want` free slots: the first of full length from where the last search ended,
 * round the disk once; else the longest there is. *first and its length; 0: all are taken. Takes none. */
uint32_t slots_find(struct slots *slots, uint32_t want, uint32_t *first);

static inline bool slots_is_taken(const struct slots *slots, uint32_t slot)
{
    return slots->map[slot / 64] >> slot % 64 & 1;
}

void slots_take(struct slots *slots, uint32_t slot);
void slots_free(struct slots *slots, uint32_t slot);

#endif
