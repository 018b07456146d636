/* SPDX-License-Identifier: MIT
 *
 * The AVL tree against a sorted array: random inserts, removals, changes of what a node knows and steps to
 * neighbours, at sizes from none to all; and the worst order for a tree without balance. After each operation
 * parents, order, heights, balance and the knowledge of every subtree are checked, and the bound on the depth. */
#include "harness.h"

#include <string.h>

#include <abi/tree.h>

#define MOST 600u

struct item {
    uint32_t key;
    struct tree_node node;
    uint32_t weight, heaviest; /* its own, and of its subtree */
};

static struct tree tree;
static struct item items[MOST];
static struct item *sorted[MOST]; /* the model */
static unsigned count, weights_seen;

static struct item *item_of(struct tree_node *node)
{
    return tree_entry(node, struct item, node);
}

static uint32_t heaviest_of(const struct tree_node *node)
{
    const struct item *item = tree_entry(node, const struct item, node);
    uint32_t heaviest = item->weight;

    for (int side = 0; side < 2; side++) {
        struct item *child = item_of(node->child[side]);
        if (child && child->heaviest > heaviest)
            heaviest = child->heaviest;
    }
    return heaviest;
}

static bool update(struct tree_node *node)
{
    struct item *item = item_of(node);
    uint32_t old = item->heaviest;

    item->heaviest = heaviest_of(node);
    weights_seen++;
    return item->heaviest != old;
}

static unsigned check_subtree(struct tree_node *node, struct tree_node *parent, unsigned *at)
{
    if (!node)
        return 0;
    CHECK(node->parent == parent);
    unsigned low = check_subtree(node->child[TREE_BEFORE], node, at);
    CHECK(*at < count && sorted[*at] == item_of(node));
    (*at)++;
    unsigned high = check_subtree(node->child[TREE_BEHIND], node, at);
    CHECK_EQ(node->height, 1 + (low > high ? low : high));
    CHECK(low <= high + 1 && high <= low + 1);
    CHECK_EQ(item_of(node)->heaviest, heaviest_of(node));
    return node->height;
}

/* Of nodes, in a tree that deep: what bounds the depth by 1.45 * log2(n + 2). */
static unsigned fewest(unsigned depth)
{
    return depth < 2 ? depth : 1 + fewest(depth - 1) + fewest(depth - 2);
}

static void check_all(void)
{
    unsigned at = 0;
    unsigned depth = check_subtree(tree.root, NULL, &at);

    CHECK_EQ(at, count);
    CHECK(count >= fewest(depth));
    CHECK(item_of(tree_end(&tree, TREE_BEFORE)) == (count ? sorted[0] : NULL));
    CHECK(item_of(tree_end(&tree, TREE_BEHIND)) == (count ? sorted[count - 1] : NULL));
    for (unsigned i = 0; i < count; i++) {
        CHECK(item_of(tree_step(&sorted[i]->node, TREE_BEFORE)) == (i ? sorted[i - 1] : NULL));
        CHECK(item_of(tree_step(&sorted[i]->node, TREE_BEHIND)) ==
              (i + 1 < count ? sorted[i + 1] : NULL));
    }
}

/* The place behind all that have the key or a smaller one. */
static unsigned place_of(uint32_t key)
{
    unsigned i = 0;

    while (i < count && sorted[i]->key <= key)
        i++;
    return i;
}

/* By hand, as a caller does that knows the neighbours: of their links that face each other one is free. */
static void insert(struct item *item, uint32_t key, uint32_t weight)
{
    unsigned place = place_of(key);
    struct item *before = place ? sorted[place - 1] : NULL;
    struct item *behind = place < count ? sorted[place] : NULL;
    bool below = before && !before->node.child[TREE_BEHIND];
    struct item *parent = below ? before : behind;

    item->key = key;
    item->weight = weight;
    tree_link(&tree, &item->node, parent ? &parent->node : NULL, below, update);
    memmove(&sorted[place + 1], &sorted[place], (count++ - place) * sizeof(sorted[0]));
    sorted[place] = item;
}

static void take(unsigned place)
{
    tree_remove(&tree, &sorted[place]->node, update);
    memset(&sorted[place]->node, 0xa5, sizeof(sorted[place]->node));
    memmove(&sorted[place], &sorted[place + 1], (--count - place) * sizeof(sorted[0]));
}

static void reset(void)
{
    memset(&tree, 0, sizeof(tree));
    memset(items, 0, sizeof(items));
    count = 0;
}

static struct item *unused(void)
{
    for (unsigned i = 0; i < MOST; i++) {
        unsigned at = 0;
        while (at < count && sorted[at] != &items[i])
            at++;
        if (at == count)
            return &items[i];
    }
    return NULL;
}

TEST(random_operations_as_the_model_says)
{
    static const unsigned sizes[] = {1, 2, 3, 4, 7, 20, 100};

    for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        reset();
        for (unsigned i = 0; i < test_operations() / 100; i++) {
            unsigned what = rnd_below(8);
            if (what < 4 && count < sizes[s])
                insert(unused(), rnd_below(2 * sizes[s]), rnd_below(1000));
            else if (what < 7 && count > 0)
                take(rnd_below(count));
            else if (count > 0) {
                struct item *item = sorted[rnd_below(count)];
                item->weight = rnd_below(1000);
                tree_mend(&tree, &item->node, update);
            }
            check_all();
        }
    }
}

TEST(ascending_and_descending)
{
    for (int down = 0; down < 2; down++) {
        reset();
        for (unsigned i = 0; i < MOST; i++)
            insert(&items[i], down ? MOST - i : i, i);
        check_all();
        while (count > 0) {
            take(down ? count - 1 : 0);
            if (count % 16 == 0)
                check_all();
        }
    }
}

/* What a node knows is asked for along one path only, not everywhere. */
TEST(a_change_costs_one_path)
{
    reset();
    for (unsigned i = 0; i < MOST; i++)
        insert(&items[i], i, 1);
    weights_seen = 0;
    sorted[MOST / 3]->weight = 2;
    tree_mend(&tree, &sorted[MOST / 3]->node, update);
    CHECK(weights_seen <= tree.root->height);
    weights_seen = 0;
    tree_mend(&tree, &sorted[MOST / 3]->node, update); /* nothing is new */
    CHECK_EQ(weights_seen, 1);
    check_all();
}

static bool by_key(const struct tree_node *a, const struct tree_node *b)
{
    return tree_entry(a, const struct item, node)->key <
           tree_entry(b, const struct item, node)->key;
}

/* Without knowledge, and equal keys in the order in which they came. */
TEST(insert_finds_the_place_itself)
{
    reset();
    for (unsigned i = 0; i < MOST; i++) {
        unsigned place = place_of(items[i].key = rnd_below(50));
        tree_insert(&tree, &items[i].node, by_key);
        memmove(&sorted[place + 1], &sorted[place], (count++ - place) * sizeof(sorted[0]));
        sorted[place] = &items[i];
    }
    check_all();
    while (count > 0) {
        unsigned place = rnd_below(count);
        tree_remove(&tree, &sorted[place]->node, NULL);
        memmove(&sorted[place], &sorted[place + 1], (--count - place) * sizeof(sorted[0]));
        if (count % 16 == 0)
            check_all();
    }
    CHECK(tree.root == NULL && tree_end(&tree, TREE_BEFORE) == NULL);
}
