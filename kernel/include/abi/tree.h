/* SPDX-License-Identifier: MIT
 *
 * An ordered tree: timers, rights by badge, the pager's regions. It is no part of the ABI, but lies here
 * because of S-mode's headers user code may include only these; it calls nothing and allocates nothing.
 *
 * It is an AVL tree (Adelson-Velsky and Landis, 1962): the heights of a node's two subtrees differ by at most
 * one, so n nodes are never deeper than 1.45 * log2(n + 2), and a byte holds any height. Each node knows its
 * parent; a walk from the lowest change upwards restores heights, balance and what a node knows of its
 * subtree, and ends at the first node that stays as it was. Red-black trees rotate less often; this is a third
 * of their code, since inserting and removing share that walk, and is searched a little faster.
 *
 * Invariants: child[0] is before its parent in order, child[1] behind it; the parent of a child is the node
 * itself; height is 1 + the larger height of the children, 0 for none.
 * Who uses a tree has a node in each of its structures, and keeps it locked as those. Nothing here recurses. */
#ifndef ABI_TREE_H
#define ABI_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tree_node {
    struct tree_node *parent, *child[2];
    uint8_t height;
};

/* All zero is empty. */
struct tree {
    struct tree_node *root;
};

#define TREE_BEFORE 0 /* sides: of a child, and where to step to */
#define TREE_BEHIND 1

/* The structure that a node is in, as type *: NULL for NULL. */
#define tree_entry(node, type, field)                                        \
    __extension__({                                                          \
        const struct tree_node *tree_n = (node);                             \
        tree_n ? (type *)((uintptr_t)tree_n - offsetof(type, field)) : NULL; \
    })

/* Recomputes what a node knows of its subtree from itself and its children: has that changed? Constant at
 * each call, so that it is compiled in; NULL where nodes know nothing. */
typedef bool tree_update(struct tree_node *node);

#define TREE_INLINE static inline __attribute__((always_inline, unused))

TREE_INLINE unsigned tree_height(const struct tree_node *node)
{
    return node ? node->height : 0;
}

/* The first node of all (TREE_BEFORE) or the last (TREE_BEHIND), or NULL. */
TREE_INLINE struct tree_node *tree_end(const struct tree *tree, int side)
{
    struct tree_node *node = tree->root;

    while (node && node->child[side])
        node = node->child[side];
    return node;
}

/* The node next to this one on that side, or NULL. */
TREE_INLINE struct tree_node *tree_step(const struct tree_node *node, int side)
{
    struct tree_node *next = node->child[side];

    if (next) {
        while (next->child[!side])
            next = next->child[!side];
        return next;
    }
    while ((next = node->parent) && next->child[side] == node)
        node = next;
    return next;
}

/* Puts a node, or NULL, where another one is linked from. */
TREE_INLINE void tree_replace(struct tree *tree, const struct tree_node *old,
                              struct tree_node *node)
{
    struct tree_node *parent = old->parent;

    if (parent)
        parent->child[parent->child[1] == old] = node;
    else
        tree->root = node;
    if (node)
        node->parent = parent;
}

/* Height and knowledge of one node: have they changed? */
TREE_INLINE bool tree_refresh(struct tree_node *node, tree_update *update)
{
    unsigned low = tree_height(node->child[0]), high = tree_height(node->child[1]);
    unsigned height = 1 + (low > high ? low : high);
    bool changed = height != node->height;

    node->height = (uint8_t)height;
    return (update && update(node)) || changed;
}

/* The child on that side takes the node's place, and the node becomes its child on the other: what is before
 * and behind stays so. Returns the one above. Heights are the caller's. */
TREE_INLINE struct tree_node *tree_rotate(struct tree *tree, struct tree_node *node, int side)
{
    struct tree_node *up = node->child[side], *middle = up->child[!side];

    tree_replace(tree, node, up);
    up->child[!side] = node;
    node->parent = up;
    node->child[side] = middle;
    if (middle)
        middle->parent = node;
    return up;
}

/* The subtree on that side is higher by two. One rotation brings it up, unless its inner subtree is the higher
 * one: that is turned outwards first, and comes up. Returns what is in the node's place then. */
TREE_INLINE struct tree_node *tree_lift(struct tree *tree, struct tree_node *node, int side,
                                        tree_update *update)
{
    struct tree_node *heavy = node->child[side], *top = heavy;
    unsigned inner = tree_height(heavy->child[!side]), outer = tree_height(heavy->child[side]);

    if (inner > outer) {
        top = tree_rotate(tree, heavy, !side);
        heavy->height = (uint8_t)inner--;
    }
    tree_rotate(tree, node, side);
    node->height = (uint8_t)(inner + 1);
    top->height = (uint8_t)(inner + 2);
    if (update) {
        update(node);
        if (top != heavy)
            update(heavy);
        update(top);
    }
    return top;
}

/* A node's children, or what update() takes from the node itself, have changed; NULL: nothing to do. */
TREE_INLINE void tree_mend(struct tree *tree, struct tree_node *node, tree_update *update)
{
    while (node) {
        unsigned low = tree_height(node->child[0]), high = tree_height(node->child[1]);
        if (high > low + 1)
            node = tree_lift(tree, node, 1, update);
        else if (low > high + 1)
            node = tree_lift(tree, node, 0, update);
        else if (!tree_refresh(node, update))
            break;
        node = node->parent;
    }
}

/* Links a node as the child of `parent` on a side where it has none; parent NULL: into an empty tree. */
TREE_INLINE void tree_link(struct tree *tree, struct tree_node *node, struct tree_node *parent,
                           int side, tree_update *update)
{
    *node = (struct tree_node){.parent = parent, .height = 1};
    if (parent)
        parent->child[side] = node;
    else
        tree->root = node;
    if (update)
        update(node);
    tree_mend(tree, parent, update);
}

/* Behind all that are not behind it: before(a, b) says whether a's place is before b's. */
TREE_INLINE void tree_insert(struct tree *tree, struct tree_node *node,
                             bool (*before)(const struct tree_node *, const struct tree_node *))
{
    struct tree_node *parent = NULL;
    int side = 0;

    for (struct tree_node *at = tree->root; at; at = at->child[side]) {
        parent = at;
        side = before(node, at) ? TREE_BEFORE : TREE_BEHIND;
    }
    tree_link(tree, node, parent, side, NULL);
}

/* Takes a node out. What its fields say is of no meaning afterwards. */
TREE_INLINE void tree_remove(struct tree *tree, struct tree_node *node, tree_update *update)
{
    struct tree_node *changed = node->parent, *next = NULL;

    if (!node->child[0] || !node->child[1]) {
        tree_replace(tree, node, node->child[node->child[0] == NULL]);
    } else { /* the next one, which has no child before it, takes its place */
        next = tree_step(node, TREE_BEHIND);
        changed = next->parent == node ? NULL : next->parent;
        if (changed) {
            tree_replace(tree, next, next->child[1]);
            next->child[1] = node->child[1];
            next->child[1]->parent = next;
        }
        next->child[0] = node->child[0];
        next->child[0]->parent = next;
        next->height = node->height;
        tree_replace(tree, node, next);
    }
    tree_mend(tree, changed, update);
    tree_mend(tree, next, update);
    if (next &&
        update) /* what `next` knows is news to who is above it now, even if it knew that before */
        tree_mend(tree, node->parent, update);
}

#endif
