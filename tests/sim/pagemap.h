/* SPDX-License-Identifier: MIT
 *
 * pagemap.h - numbers the distinct pages of a trace: 0, 1, 2, ... in order of first appearance.
 *
 * An open-addressing hash table of page numbers over a growing array of keys.
 */
#ifndef SIM_PAGEMAP_H
#define SIM_PAGEMAP_H

#include "policy.h"

struct pagemap {
    struct policy_key *keys; /* by page number; yours after the last call */
    uint32_t count;
    uint32_t *slot; /* page number + 1; 0: empty */
    uint32_t mask;  /* slots - 1, at least twice as many as keys */
};

#define PAGEMAP_FULL UINT32_MAX

void pagemap_setup(struct pagemap *map);

/* The number of a page, new or known; PAGEMAP_FULL after 2^30 of them. */
uint32_t pagemap_number(struct pagemap *map, uint64_t object, uint64_t index);

/* Drops the table, but not the keys. */
void pagemap_drop_table(struct pagemap *map);

#endif
