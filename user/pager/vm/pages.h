/* SPDX-License-Identifier: MIT
 *
 * The pages of one space: a radix tree from page number to slot, of the same use as the page table
 * in the kernel, but the pager's own truth. It is the "amap" of UVM, one a space instead of one a
 * region, so that splitting and merging regions moves no page. It must not know what a slot means,
 * but that 0 is an empty one; space.h gives slots their meaning.
 *
 * 26 bits of page number (Sv39, user half) are 5 + 7 + 7 + 7: a node is 1 KiB, and a small program
 * needs half a dozen. */
#ifndef PAGER_PAGES_H
#define PAGER_PAGES_H

#include <stdint.h>
#include "user/pager/base/pool.h"

#define PAGES_BITS 7
#define PAGES_FAN (1u << PAGES_BITS)
#define PAGES_ROOT 32u
#define PAGES_LEVELS 3 /* of nodes; the last one holds slots */

struct pages_node {
    uint64_t entry[PAGES_FAN]; /* slots, or nodes one level down */
    uint64_t used;             /* entries that are not 0 */
    uint64_t *first;           /* none before this one is or was */
};

struct pages {
    uint64_t root[PAGES_ROOT]; /* nodes */
    struct pages_node *leaf;   /* the one used last */
    uint64_t leaf_page;        /* its first page, over PAGES_FAN; ~0 = none */
    struct charge *charge;     /* who pays for nodes */
    struct pages_node *spare;  /* reserved, linked through entry[0] */
};

void pages_setup(struct pages *pages, struct charge *charge);

/* The slot of a page whose leaf is not the one used last; NULL: no memory. */
uint64_t *pages_slot_far(struct pages *pages, uint64_t page);

/* The slot of a page, made if need be; NULL: no memory. Fill it by pages_fill before anything else
 * happens to this tree. */
static inline uint64_t *pages_slot(struct pages *pages, uint64_t page)
{
    if (page >> PAGES_BITS == pages->leaf_page)
        return (uint64_t *)&pages->leaf->entry[page % PAGES_FAN];
    return pages_slot_far(pages, page);
}

/* Writes an entry of a node; value is not 0. */
static inline void pages_node_fill(struct pages_node *node, uint64_t *entry, uint64_t value)
{
    PAGER_ASSERT(value != 0);
    node->used += *entry == 0;
    if (unlikely(entry < node->first))
        node->first = entry;
    *entry = value;
}

/* Writes the slot that pages_slot has just returned; value is not 0. */
static inline void pages_fill(struct pages *pages, uint64_t *slot, uint64_t value)
{
    pages_node_fill(pages->leaf, slot, value);
}

/* The value of a page's slot, 0 if there is none. Makes nothing. */
uint64_t pages_get(const struct pages *pages, uint64_t page);

/* The slot of a page if its leaf is there, else NULL. Good until the tree is changed. */
uint64_t *pages_at(const struct pages *pages, uint64_t page);

/* Calls visit for every slot in [first, end) that is not empty, in order of pages. It may change the
 * slot, also to 0; nodes that become empty are freed. */
typedef void pages_visit(void *context, uint64_t page, uint64_t *slot);
void pages_each(struct pages *pages, uint64_t first, uint64_t end, pages_visit *visit,
                void *context);

/* Sets aside what is needed to move the slots of [first, end) to anywhere else, so that pages_slot cannot
 * fail meanwhile: 0 or -ENOMEM, nothing then. Ended by pages_unreserve. */
int pages_reserve(struct pages *pages, uint64_t first, uint64_t end);
void pages_unreserve(struct pages *pages);

/* Frees a leaf that pages_slot made and nobody filled, if there is one: for whoever gives a tree up. */
void pages_clear(struct pages *pages);

#endif
