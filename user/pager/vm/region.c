/* SPDX-License-Identifier: MIT
 *
 * The region tree: find, clip, split, merge. See region.h. */
#include "user/pager/vm/region.h"
#include <errno.h>
#include <stddef.h>
#include "user/pager/vm/object.h"

static struct pool region_pool = POOL(struct region);
static uint64_t locked_all; /* bytes */

uint64_t region_count_all(void)
{
    return region_pool.used;
}

uint64_t region_locked_all(void)
{
    return locked_all;
}

static inline struct region *region_of(const struct tree_node *node)
{
    return tree_entry(node, struct region, link);
}

static inline struct region *region_child(const struct region *r, int side)
{
    return region_of(r->link.child[side]);
}

/* Of one node and its subtrees. */
static inline uint64_t region_widest(const struct region *r)
{
    struct region *low = region_child(r, TREE_BEFORE), *high = region_child(r, TREE_BEHIND);
    uint64_t widest = r->below;

    if (low && low->widest > widest)
        widest = low->widest;
    if (high && high->widest > widest)
        widest = high->widest;
    return widest;
}

static inline bool region_update(struct tree_node *node)
{
    struct region *r = region_of(node);
    uint64_t old = r->widest;

    r->widest = region_widest(r);
    return r->widest != old;
}

/* The gap below a region has changed. */
static void region_set_below(struct region_tree *tree, struct region *r, uint64_t below)
{
    r->below = below;
    tree_mend(&tree->map, &r->link, region_update);
}

static struct region *region_previous(struct region *r)
{
    return region_of(tree_step(&r->link, TREE_BEFORE));
}

struct region *region_next(struct region *region)
{
    return region_of(tree_step(&region->link, TREE_BEHIND));
}

static struct region *region_highest(const struct region_tree *tree)
{
    return region_of(tree_end(&tree->map, TREE_BEHIND));
}

void region_setup(struct region_tree *tree, struct charge *charge, uint64_t floor)
{
    *tree = (struct region_tree){.charge = charge, .floor = floor};
}

static struct region *region_take_spare(struct region_tree *tree)
{
    struct region *r = tree->spare;

    PAGER_CHECK(r != NULL);
    tree->spare = region_of(r->link.parent);
    tree->spares--;
    return r;
}

static void region_put_spare(struct region_tree *tree, struct region *r)
{
    r->link.parent = tree->spare ? &tree->spare->link : NULL;
    tree->spare = r;
    tree->spares++;
}

/* Keeps few spares, so that what a program does not use it does not pay. */
static void region_trim_spares(struct region_tree *tree, unsigned keep)
{
    while (tree->spares > keep)
        pool_free(&region_pool, region_take_spare(tree), tree->charge);
}

int region_reserve(struct region_tree *tree, unsigned n)
{
    while (tree->spares < n) {
        struct region *r = pool_alloc(&region_pool, tree->charge);
        if (!r)
            return -ENOMEM;
        region_put_spare(tree, r);
    }
    return 0;
}

/* A stack is large and seldom full: what of it is touched stays, but it does not count. */
static bool region_is_locked(const struct region *r)
{
    return (r->kind.flags & (REGION_LOCKED | REGION_GROWS)) == REGION_LOCKED;
}

/* What the tree covers grows by r, or shrinks (`less`). */
static void region_count(struct region_tree *tree, const struct region *r, bool less)
{
    uint64_t bytes = less ? r->start - r->end : r->end - r->start;

    tree->bytes += bytes;
    if (region_is_locked(r)) {
        tree->locked += bytes;
        locked_all += bytes;
    }
}

/* Links a filled-in region into the tree, between those before and after it, either of which may be NULL:
 * of their two links that face each other one is free. `after` is an ancestor then, or there is none. */
static void region_link(struct region_tree *tree, struct region *r, struct region *before,
                        struct region *after)
{
    bool behind = before && !before->link.child[TREE_BEHIND];
    struct region *parent = behind ? before : after;

    r->below = r->start - (before ? before->end : tree->floor);
    if (after)
        after->below = after->start - r->end; /* before the walk, which mostly comes by */
    tree_link(&tree->map, &r->link, parent ? &parent->link : NULL, behind, region_update);
    if (after && behind)
        tree_mend(&tree->map, &after->link, region_update);
    tree->count++;
    region_count(tree, r, false);
}

/* Takes a region out; its object's reference goes with it. Returns the next one. */
static struct region *region_unlink(struct region_tree *tree, struct region *r)
{
    struct region *after = region_next(r);

    if (after)
        after->below += r->end - r->start + r->below; /* before the walk, as above */
    tree_remove(&tree->map, &r->link, region_update);
    if (after && &after->link != r->link.parent)
        tree_mend(&tree->map, &after->link, region_update);
    tree->count--;
    region_count(tree, r, true);
    if (tree->last == r)
        tree->last = NULL;
    if (r->kind.object)
        object_unref(r->kind.object);
    region_put_spare(tree, r);
    region_trim_spares(tree, REGION_PROTECT_NEEDS);
    return after;
}

/* Moves an end of a region without touching its neighbours. */
static void region_resize(struct region_tree *tree, struct region *r, uint64_t start, uint64_t end)
{
    struct region *after = region_next(r);

    region_count(tree, r, true);
    region_set_below(tree, r, r->below + (start - r->start));
    if (r->kind.object)
        r->kind.offset += start - r->start;
    r->start = start;
    r->end = end;
    region_count(tree, r, false);
    if (after)
        region_set_below(tree, after, after->start - end);
}

/* Cuts r at an address inside it; returns the upper part. */
static struct region *region_split(struct region_tree *tree, struct region *r, uint64_t at)
{
    struct region *upper = region_take_spare(tree);
    uint64_t end = r->end;

    upper->start = at;
    upper->end = end;
    upper->kind = r->kind;
    if (r->kind.object) {
        upper->kind.offset += at - r->start;
        object_ref(r->kind.object);
    }
    region_resize(tree, r, r->start, at);
    region_link(tree, upper, r, region_next(r));
    return upper;
}

/* Does what the second kind says from `high` on go on with what the first one says in [low, end)? */
static bool kind_goes_on(const struct region_kind *a, uint64_t low, uint64_t end,
                         const struct region_kind *b, uint64_t high)
{
    return end == high && a->object == b->object && a->prot == b->prot && a->flags == b->flags &&
           (!a->object || a->offset + (end - low) == b->offset);
}

static bool region_joins(const struct region *low, const struct region *high)
{
    return kind_goes_on(&low->kind, low->start, low->end, &high->kind, high->start);
}

/* Joins r with the region before it, if they mean the same. Returns the survivor. */
static struct region *region_merge(struct region_tree *tree, struct region *r)
{
    struct region *before = region_previous(r);

    if (!before || !region_joins(before, r))
        return r;
    uint64_t end = r->end;
    region_unlink(tree, r);
    region_resize(tree, before, before->start, end);
    return before;
}

struct region *region_from(struct region_tree *tree, uint64_t address)
{
    struct region *r = region_of(tree->map.root), *best = tree->last;

    if (best && address - best->start < best->end - best->start)
        return best;
    best = NULL;
    while (r) {
        if (r->end > address) {
            best = r;
            r = region_child(r, TREE_BEFORE);
        } else {
            r = region_child(r, TREE_BEHIND);
        }
    }
    return best;
}

/* region_find for an address outside the region found last. */
struct region *region_search(struct region_tree *tree, uint64_t address)
{
    struct region *r = region_from(tree, address);

    if (!r || r->start > address)
        return NULL;
    tree->last = r;
    return r;
}

bool region_is_free(struct region_tree *tree, uint64_t start, uint64_t end)
{
    struct region *r = region_from(tree, start);

    return !r || r->start >= end;
}

bool region_covers(struct region_tree *tree, uint64_t start, uint64_t end)
{
    struct region *r = region_from(tree, start);

    for (; r && r->start <= start; r = region_next(r)) {
        if (r->end >= end)
            return true;
        start = r->end;
    }
    return false;
}

/* The highest fitting place below `high` in this subtree, or 0. Only the path along `high` and
 * subtrees with a gap wide enough are entered. */
static uint64_t region_gap_in(const struct region *r, uint64_t length, uint64_t low, uint64_t high)
{
    if (!r || r->widest < length)
        return 0;
    if (r->end + length <= high) {
        uint64_t found = region_gap_in(region_child(r, TREE_BEHIND), length, low, high);
        if (found)
            return found;
    }
    uint64_t bottom = r->start - r->below, top = r->start;
    if (bottom < low)
        bottom = low;
    if (top > high)
        top = high;
    if (top >= bottom && top - bottom >= length)
        return top - length;
    if (r->start - r->below <= low)
        return 0;
    return region_gap_in(region_child(r, TREE_BEFORE), length, low, high);
}

uint64_t region_gap(const struct region_tree *tree, uint64_t length, uint64_t low, uint64_t high)
{
    const struct region *highest = region_highest(tree);
    uint64_t bottom = highest && highest->end > low ? highest->end : low;

    if (length == 0 || high < low || high - low < length)
        return 0;
    if (bottom <= high && high - bottom >= length) /* above all regions */
        return high - length;
    return region_gap_in(region_of(tree->map.root), length, low, high);
}

void region_insert(struct region_tree *tree, uint64_t start, uint64_t end, struct region_kind kind)
{
    struct region *after = region_from(tree, start);
    struct region *before = after ? region_previous(after) : region_highest(tree);

    if (!kind.object)
        kind.offset = 0;
    PAGER_ASSERT(start < end && (!after || after->start >= end));
    if (before && kind_goes_on(&before->kind, before->start, before->end, &kind, start)) {
        region_resize(tree, before, before->start, end);
        if (after)
            region_merge(tree, after);
    } else if (after && kind_goes_on(&kind, start, end, &after->kind, after->start)) {
        region_resize(tree, after, start, after->end);
    } else {
        struct region *r = region_take_spare(tree);
        r->start = start;
        r->end = end;
        r->kind = kind;
        if (kind.object)
            object_ref(kind.object);
        region_link(tree, r, before, after);
        tree->last = r; /* it will be looked for next */
    }
}

unsigned region_remove_needs(struct region_tree *tree, uint64_t start, uint64_t end)
{
    struct region *r = region_from(tree, start);

    return r && r->start < start && r->end > end;
}

unsigned region_protect_needs(struct region_tree *tree, uint64_t start, uint64_t end)
{
    struct region *first = region_from(tree, start), *last = region_from(tree, end - 1);

    return (first && first->start < start) + (last && last->start < end && last->end > end);
}

void region_remove(struct region_tree *tree, uint64_t start, uint64_t end)
{
    struct region *r = region_from(tree, start);

    if (r && r->start < start) { /* a part below stays */
        if (r->end > end)
            region_split(tree, r, end);
        uint64_t r_end = r->end;
        region_resize(tree, r, r->start, start);
        r = r_end >= end ? NULL : region_next(r);
    }
    while (r && r->end <= end)
        r = region_unlink(tree, r);
    if (r && r->start < end) /* a part above stays */
        region_resize(tree, r, end, r->end);
}

/* Sets protection and flags under the masks, in a range that is covered. */
static void region_change(struct region_tree *tree, uint64_t start, uint64_t end,
                          struct region_kind mask, struct region_kind value)
{
    struct region *r = region_from(tree, start);

    PAGER_ASSERT(region_covers(tree, start, end));
    while (r && r->start < end) {
        uint8_t prot = (uint8_t)((r->kind.prot & ~mask.prot) | value.prot);
        uint16_t flags = (uint16_t)((r->kind.flags & ~mask.flags) | value.flags);
        if (r->kind.prot != prot || r->kind.flags != flags) {
            if (r->start < start)
                r = region_split(tree, r, start);
            if (r->end > end)
                region_split(tree, r, end);
            region_count(tree, r, true);
            r->kind.prot = prot;
            r->kind.flags = flags;
            region_count(tree, r, false);
        }
        r = region_next(region_merge(tree, r));
    }
    if (r) /* the first one beyond may now join */
        region_merge(tree, r);
}

void region_protect(struct region_tree *tree, uint64_t start, uint64_t end, uint8_t prot)
{
    region_change(tree, start, end, (struct region_kind){.prot = 0xff},
                  (struct region_kind){.prot = prot});
}

void region_flag(struct region_tree *tree, uint64_t start, uint64_t end, uint16_t mask,
                 uint16_t flags)
{
    region_change(tree, start, end, (struct region_kind){.flags = mask},
                  (struct region_kind){.flags = flags});
}

void region_flag_all(struct region_tree *tree, uint16_t mask, uint16_t flags)
{
    struct region *r = region_of(tree_end(&tree->map, TREE_BEFORE));

    while (r) {
        uint64_t end = r->end;
        region_flag(tree, r->start, end, mask, flags);
        r = region_from(tree, end);
    }
}

void region_clear(struct region_tree *tree)
{
    struct region *r;

    while ((r = region_of(tree->map.root)) != NULL)
        region_unlink(tree, r);
    region_trim_spares(tree, 0);
}

/* A subtree as it is, so that nothing is compared or balanced. Its depth is at most one and a half
 * times the logarithm of the count. */
static struct tree_node *region_copy_node(struct region_tree *tree, const struct tree_node *node,
                                          struct tree_node *parent)
{
    if (!node)
        return NULL;
    const struct region *from = region_of(node);
    struct region *r = region_take_spare(tree);
    *r = *from;
    if (r->kind.object)
        object_ref(r->kind.object);
    r->link.parent = parent;
    for (int side = 0; side < 2; side++)
        r->link.child[side] = region_copy_node(tree, node->child[side], &r->link);
    return &r->link;
}

int region_copy(struct region_tree *tree, const struct region_tree *from)
{
    PAGER_ASSERT(tree->count == 0);
    if (region_reserve(tree, (unsigned)from->count) < 0) {
        region_trim_spares(tree, 0);
        return -ENOMEM;
    }
    tree->map.root = region_copy_node(tree, from->map.root, NULL);
    tree->count = from->count;
    tree->bytes = from->bytes;
    tree->locked = from->locked;
    locked_all += from->locked;
    return 0;
}

const char *region_audit(struct region_tree *tree)
{
    struct region *r, *before = NULL;
    uint64_t count = 0, bytes = 0, locked = 0;

    for (r = region_of(tree_end(&tree->map, TREE_BEFORE)); r; r = region_next(r)) {
        if (r->start >= r->end || (r->start | r->end) & 4095)
            return "empty or unaligned region";
        if (before && before->end > r->start)
            return "regions overlap";
        if (before && region_joins(before, r))
            return "equal neighbours not merged";
        if (r->below != r->start - (before ? before->end : tree->floor))
            return "wrong gap below a region";
        if (r->widest != region_widest(r))
            return "wrong widest gap";
        count++;
        bytes += r->end - r->start;
        locked += region_is_locked(r) ? r->end - r->start : 0;
        before = r;
    }
    if (count != tree->count || bytes != tree->bytes || locked != tree->locked)
        return "wrong count of regions or bytes";
    return NULL;
}
