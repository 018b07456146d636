/* SPDX-License-Identifier: MIT
 *
 * The radix tree of a space's pages. See pages.h. */
#include "user/pager/vm/pages.h"
#include <errno.h>
#include <string.h>

static struct pool node_pool = POOL_ZEROED(struct pages_node);

/* Pages that one entry spans, as a shift: level 0 is the root, PAGES_LEVELS a slot. */
#define PAGES_SHIFT(level) (PAGES_BITS * (PAGES_LEVELS - (level)))
#define PAGES_END ((uint64_t)PAGES_ROOT << PAGES_SHIFT(0))

void pages_setup(struct pages *pages, struct charge *charge)
{
    memset(pages, 0, sizeof(*pages));
    pages->leaf_page = ~0ul;
    pages->charge = charge;
}

static inline struct pages_node *node_of(uint64_t entry)
{
    return (struct pages_node *)(uintptr_t)entry;
}

/* A node from those set aside, else a new one; NULL: no memory. */
static struct pages_node *node_take(struct pages *pages)
{
    struct pages_node *node = pages->spare;

    if (!node)
        return pool_alloc(&node_pool, pages->charge);
    pages->spare = node_of(node->entry[0]);
    return node;
}

/* Its entries are all 0. */
static void node_free(struct pages *pages, struct pages_node *node)
{
    if (pages->leaf == node)
        pages->leaf_page = ~0ul;
    node->first = NULL;
    pool_free(&node_pool, node, pages->charge);
}

/* Frees what is empty of the path down to this page, from the leaf up. */
static void prune(struct pages *pages, uint64_t page)
{
    uint64_t *link[PAGES_LEVELS] = {&pages->root[page >> PAGES_SHIFT(0)]};
    int level = 0;

    while (level < PAGES_LEVELS - 1 && *link[level]) {
        struct pages_node *node = node_of(*link[level++]);
        link[level] = &node->entry[(page >> PAGES_SHIFT(level)) % PAGES_FAN];
    }
    for (; level >= 0; level--) {
        struct pages_node *node = node_of(*link[level]);
        if (!node)
            continue;
        if (node->used > 0)
            break;
        node_free(pages, node);
        *link[level] = 0;
        if (level > 0)
            node_of(*link[level - 1])->used--;
    }
}

uint64_t *pages_slot_far(struct pages *pages, uint64_t page)
{
    uint64_t *entry = &pages->root[page >> PAGES_SHIFT(0)];
    struct pages_node *above = NULL, *node = NULL;

    for (unsigned level = 1; level <= PAGES_LEVELS; level++) {
        node = node_of(*entry);
        if (!node) {
            node = node_take(pages);
            if (!node) {
                prune(pages, page);
                return NULL;
            }
            node->entry[0] = 0; /* the link of those that are free */
            node->first = &node->entry[PAGES_FAN];
            if (above)
                pages_node_fill(above, entry, (uint64_t)(uintptr_t)node);
            else
                *entry = (uint64_t)(uintptr_t)node;
        }
        entry = &node->entry[(page >> PAGES_SHIFT(level)) % PAGES_FAN];
        above = node;
    }
    pages->leaf = node;
    pages->leaf_page = page >> PAGES_BITS;
    return entry;
}

/* The leaf with this page's slot, or NULL; *next: the first page that it (or the hole) does not span. */
static struct pages_node *leaf_at(const struct pages *pages, uint64_t page, uint64_t *next)
{
    const uint64_t *entry = &pages->root[page >> PAGES_SHIFT(0)];

    for (unsigned level = 0;;
         entry = &node_of(*entry)->entry[(page >> PAGES_SHIFT(level)) % PAGES_FAN]) {
        *next = ((page >> PAGES_SHIFT(level)) + 1) << PAGES_SHIFT(level);
        if (!*entry)
            return NULL;
        if (++level == PAGES_LEVELS)
            return node_of(*entry);
    }
}

uint64_t pages_get(const struct pages *pages, uint64_t page)
{
    uint64_t next;
    const struct pages_node *leaf = leaf_at(pages, page, &next);

    return leaf ? leaf->entry[page % PAGES_FAN] : 0;
}

uint64_t *pages_at(const struct pages *pages, uint64_t page)
{
    uint64_t next;
    struct pages_node *leaf = leaf_at(pages, page, &next);

    return leaf ? &leaf->entry[page % PAGES_FAN] : NULL;
}

/* The first entry at or after `at` that is not 0; n or more: none below n. Eight at a time: most nodes are
 * nearly empty. */
static unsigned next_entry(const uint64_t *entry, unsigned at, unsigned n)
{
    while (at < n) {
        const uint64_t *e = &entry[at];
        if (at % 8 == 0 && !(e[0] | e[1] | e[2] | e[3] | e[4] | e[5] | e[6] | e[7]))
            at += 8;
        else if (*e)
            break;
        else
            at++;
    }
    return at;
}

struct walk {
    struct pages *pages;
    uint64_t first, end; /* pages */
    pages_visit *visit;
    void *context;
};

static void each_of(const struct walk *walk, struct pages_node *node, unsigned level,
                    uint64_t base);

/* Visits what hangs below the n entries of a node at this level (PAGES_LEVELS: slots), the first of which spans
 * pages from `base` on; none before `at` and at most `left` of them are not 0. Returns how many have become 0. */
static uint64_t each_below(const struct walk *walk, uint64_t *entry, unsigned at, unsigned n,
                           uint64_t left, unsigned level, uint64_t base)
{
    unsigned shift = PAGES_SHIFT(level);
    uint64_t gone = 0, last = (walk->end - 1 - base) >> shift;

    if (walk->first > base && (walk->first - base) >> shift > at)
        at = (unsigned)((walk->first - base) >> shift);
    if (last < n - 1)
        n = (unsigned)last + 1;
    for (; left > 0 && (at = next_entry(entry, at, n)) < n; at++, left--) {
        uint64_t page = base + ((uint64_t)at << shift);
        if (level == PAGES_LEVELS) {
            walk->visit(walk->context, page, &entry[at]);
            gone += entry[at] == 0;
            continue;
        }
        struct pages_node *node = node_of(entry[at]);
        each_of(walk, node, level + 1, page);
        if (node->used > 0)
            continue;
        node_free(walk->pages, node);
        entry[at] = 0;
        gone++;
    }
    return gone;
}

static void each_of(const struct walk *walk, struct pages_node *node, unsigned level, uint64_t base)
{
    node->used -= each_below(walk, node->entry, (unsigned)(node->first - node->entry), PAGES_FAN,
                             node->used, level, base);
}

void pages_each(struct pages *pages, uint64_t first, uint64_t end, pages_visit *visit,
                void *context)
{
    const struct walk walk = {pages, first, end, visit, context};
    uint64_t next;
    struct pages_node *leaf = first < end ? leaf_at(pages, first, &next) : NULL;

    if (first >= end || (!leaf && end <= next))
        return;
    if (end > next) {
        each_below(&walk, pages->root, 0, PAGES_ROOT, PAGES_ROOT, 0, 0);
        return;
    }
    uint64_t *slot = &leaf->entry[first % PAGES_FAN];
    if (end > first + 1) {
        each_of(&walk, leaf, PAGES_LEVELS, next - PAGES_FAN);
    } else if (*slot) {
        visit(context, first, slot);
        leaf->used -= *slot == 0;
    }
    if (leaf->used == 0)
        prune(pages, first);
}

int pages_reserve(struct pages *pages, uint64_t first, uint64_t end)
{
    uint64_t leaves = 0, above = (end - first) / (PAGES_FAN * PAGES_FAN) + 2;

    for (uint64_t page = first, next; page < end; page = next)
        leaves += leaf_at(pages, page, &next) != NULL;
    leaves *= 2; /* what lay in one leaf may lie in two */
    for (leaves += leaves < above ? leaves : above; leaves > 0; leaves--) {
        struct pages_node *node = pool_alloc(&node_pool, pages->charge);
        if (!node) {
            pages_unreserve(pages);
            return -ENOMEM;
        }
        node->entry[0] = (uint64_t)(uintptr_t)pages->spare;
        pages->spare = node;
    }
    return 0;
}

void pages_unreserve(struct pages *pages)
{
    while (pages->spare)
        pool_free(&node_pool, node_take(pages), pages->charge);
}

void pages_clear(struct pages *pages)
{
    if (pages->leaf_page != ~0ul)
        prune(pages, pages->leaf_page << PAGES_BITS);
    for (unsigned at = 0; at < PAGES_ROOT; at++)
        PAGER_ASSERT(pages->root[at] == 0);
}
