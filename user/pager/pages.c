/* SPDX-License-Identifier: MIT
 *
 * The radix tree of a space's pages. See pages.h. */
#include "user/pager/pages.h"
#include <string.h>

static struct pool node_pool = POOL(struct pages_node);

/* Pages that one entry at this level spans: level 0 is the root. */
#define PAGES_SHIFT(level) (PAGES_BITS * (PAGES_LEVELS - (level)))

void pages_setup(struct pages *pages, struct charge *charge)
{
    memset(pages, 0, sizeof(*pages));
    pages->leaf_page = ~0ul;
    pages->charge = charge;
}

static struct pages_node *node_create(struct pages *pages)
{
    struct pages_node *node = pool_alloc(&node_pool, pages->charge);

    if (node)
        memset(node, 0, sizeof(*node));
    return node;
}

uint64_t *pages_slot_far(struct pages *pages, uint64_t page)
{
    struct pages_node *node = pages->root[page >> PAGES_SHIFT(0)];

    if (!node) {
        node = node_create(pages);
        if (!node)
            return NULL;
        pages->root[page >> PAGES_SHIFT(0)] = node;
    }
    for (unsigned level = 1; level < PAGES_LEVELS; level++) {
        uint64_t *entry = &node->entry[(page >> PAGES_SHIFT(level)) % PAGES_FAN];
        if (!*entry) {
            *entry = (uint64_t)(uintptr_t)node_create(pages);
            if (!*entry)
                return NULL; /* nodes made on the way stay: pages_clear finds them */
            node->used++;
        }
        node = (struct pages_node *)(uintptr_t)*entry;
    }
    pages->leaf = node;
    pages->leaf_page = page >> PAGES_BITS;
    return &node->entry[page % PAGES_FAN];
}

uint64_t pages_get(const struct pages *pages, uint64_t page)
{
    const struct pages_node *node = pages->root[page >> PAGES_SHIFT(0)];

    for (unsigned level = 1; node && level < PAGES_LEVELS; level++)
        node = (struct pages_node *)(uintptr_t)node
                   ->entry[(page >> PAGES_SHIFT(level)) % PAGES_FAN];
    return node ? node->entry[page % PAGES_FAN] : 0;
}

/* Frees a node that has become empty; the leaf in front goes with it. */
static void node_free(struct pages *pages, struct pages_node *node)
{
    if (pages->leaf == node)
        pages->leaf_page = ~0ul;
    pool_free(&node_pool, node, pages->charge);
}

/* What pages_each hands down its recursion. */
struct walk {
    struct pages *pages;
    uint64_t first, end;
    pages_visit *visit;
    void *context;
};

/* Visits what lies below a node, whose first page is `base` and whose entries span 2^shift pages. */
static void walk_node(struct walk *walk, struct pages_node *node, uint64_t base, unsigned shift)
{
    uint64_t at = walk->first > base ? (walk->first - base) >> shift : 0;

    for (; at < PAGES_FAN && node->used; at++) {
        uint64_t page = base + (at << shift), *entry = &node->entry[at];
        if (page >= walk->end)
            break;
        if (!*entry)
            continue;
        if (shift == 0) {
            walk->visit(walk->context, page, entry);
        } else {
            struct pages_node *below = (struct pages_node *)(uintptr_t)*entry;
            walk_node(walk, below, page, shift - PAGES_BITS);
            if (below->used == 0) {
                node_free(walk->pages, below);
                *entry = 0;
            }
        }
        node->used -= *entry == 0;
    }
}

void pages_each(struct pages *pages, uint64_t first, uint64_t end, pages_visit *visit, void *context)
{
    struct walk walk = {pages, first, end, visit, context};

    for (uint64_t at = first >> PAGES_SHIFT(0); at < PAGES_ROOT; at++) {
        uint64_t page = at << PAGES_SHIFT(0);
        if (page >= end)
            break;
        if (!pages->root[at])
            continue;
        walk_node(&walk, pages->root[at], page, PAGES_SHIFT(1));
        if (pages->root[at]->used == 0) {
            node_free(pages, pages->root[at]);
            pages->root[at] = NULL;
        }
    }
}

static void visit_none(void *context, uint64_t page, uint64_t *slot)
{
    (void)context, (void)page, (void)slot;
    PAGER_ASSERT(!"a slot is left");
}

void pages_clear(struct pages *pages)
{
    pages_each(pages, 0, (uint64_t)PAGES_ROOT << PAGES_SHIFT(0), visit_none, NULL);
}
