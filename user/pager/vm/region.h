/* SPDX-License-Identifier: MIT
 *
 * Regions: which addresses of a space mean what. A region is a range of pages with one protection
 * and one backing object (none = anonymous); the tree keeps them ordered and disjoint, and merges
 * neighbours that mean the same. It knows no pages: what is resident is in pages.h, and whoever
 * takes a range away here releases its pages there.
 *
 * Every change is check-then-commit: region_reserve first sets aside what splits may need and is
 * the only thing that fails; after it region_insert, region_remove and region_protect cannot.
 *
 * Each region also knows the free gap below it and the largest gap in its subtree, so that finding
 * room is O(log n), too. */
#ifndef PAGER_REGION_H
#define PAGER_REGION_H

#include <abi/tree.h>
#include <stdbool.h>
#include <stdint.h>
#include "user/pager/base/pool.h"

struct object;

#define REGION_SHARED 1u /* the first three are PAGER_REGION_* of <proto/pager.h> */
#define REGION_GROWS 2u  /* the stack */
#define REGION_GUARD 4u
#define REGION_HEAP 8u         /* moved by brk */
#define REGION_LOCKED 16u      /* its pages stay in memory (mlock) */
#define REGION_SEQUENTIAL 32u  /* madvise: will be read in order */
#define REGION_RANDOM 64u      /* madvise: what is near is not wanted */
#define REGION_READ_ONLY 128u  /* never for writing: what it shows was opened for reading */
#define REGION_OVERCOMMIT 256u /* MAP_NORESERVE, MAP_STACK */

/* What a range means; two neighbours that agree in it are one region. */
struct region_kind {
    struct object *object; /* NULL: anonymous. A reference is held by the region */
    uint64_t offset;       /* of `start` in the object, bytes; 0 when anonymous */
    uint8_t prot;          /* VM_R | VM_W | VM_X */
    uint16_t flags;        /* REGION_* */
};

struct region {
    struct tree_node link;
    uint64_t start, end; /* page-aligned */
    struct region_kind kind;
    uint64_t below;  /* bytes free between the region before and this one */
    uint64_t widest; /* the largest `below` in this subtree */
};

struct region_tree {
    struct tree map;
    struct region *last;   /* the one found last, or NULL */
    struct region *spare;  /* reserved, linked through link.parent */
    struct charge *charge; /* who pays */
    uint64_t floor;        /* gaps begin no lower */
    uint64_t count, bytes; /* regions, and bytes they cover */
    uint64_t locked;       /* of these bytes REGION_LOCKED, but for stacks */
    unsigned spares;
};

/* A change needs so many new regions: at most these, and exactly what the functions say. Where nothing
 * is split, nothing is needed: giving memory back works when there is none. */
#define REGION_INSERT_NEEDS 1
#define REGION_REMOVE_NEEDS 1
#define REGION_PROTECT_NEEDS 2

void region_setup(struct region_tree *tree, struct charge *charge, uint64_t floor);

/* Releases every region and what was reserved. */
void region_clear(struct region_tree *tree);

/* Makes an empty tree mean the same as another: 0; or -ENOMEM, and it is still empty. */
int region_copy(struct region_tree *tree, const struct region_tree *from);

struct region *region_search(struct region_tree *tree, uint64_t address);

/* The region that holds this address, or NULL. */
static inline struct region *region_find(struct region_tree *tree, uint64_t address)
{
    struct region *last = tree->last;

    if (last && address - last->start < last->end - last->start)
        return last;
    return region_search(tree, address);
}

/* The first region that ends above this address, or NULL. */
struct region *region_from(struct region_tree *tree, uint64_t address);
struct region *region_next(struct region *region);

/* Regions of all trees, and spare ones; bytes of those that are locked, but for stacks. */
uint64_t region_count_all(void);
uint64_t region_locked_all(void);

bool region_is_free(struct region_tree *tree, uint64_t start, uint64_t end);

/* Is every byte of the range in some region? */
bool region_covers(struct region_tree *tree, uint64_t start, uint64_t end);

/* The highest place for `length` bytes within [low, high), or 0. */
uint64_t region_gap(const struct region_tree *tree, uint64_t length, uint64_t low, uint64_t high);

/* Sets aside n regions for the changes to come: 0 or -ENOMEM. What is not used stays for later. */
int region_reserve(struct region_tree *tree, unsigned n);

/* The range must be free. Takes a reference of its own on kind.object. */
void region_insert(struct region_tree *tree, uint64_t start, uint64_t end, struct region_kind kind);

unsigned region_remove_needs(struct region_tree *tree, uint64_t start, uint64_t end);
unsigned region_protect_needs(struct region_tree *tree, uint64_t start, uint64_t end);

/* Whatever lies in the range is cut away; parts outside stay. */
void region_remove(struct region_tree *tree, uint64_t start, uint64_t end);

/* The range must be covered. */
void region_protect(struct region_tree *tree, uint64_t start, uint64_t end, uint8_t prot);

/* The same for flags: those of `mask` become as in `flags`. Needs what region_protect needs. */
void region_flag(struct region_tree *tree, uint64_t start, uint64_t end, uint16_t mask,
                 uint16_t flags);

/* The same for all there is; needs nothing. */
void region_flag_all(struct region_tree *tree, uint16_t mask, uint16_t flags);

/* The page of its object that a page of the region shows. */
static inline uint64_t region_index(const struct region *region, uint64_t page)
{
    return page - (region->start >> 12) + (region->kind.offset >> 12);
}

/* Order, gaps, counts and merging are right: NULL, or what is wrong. */
const char *region_audit(struct region_tree *tree);

#endif
