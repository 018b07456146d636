/* SPDX-License-Identifier: MIT
 *
 * The pager's region tree against an array with one entry a page: random inserts, removals,
 * protections and searches; after each of them the tree's own audit, the number of regions (equal
 * neighbours are merged), references on objects, and what every page means. */
// SOURCES: user/pager/vm/region.c user/pager/base/pool.c
// CPPFLAGS: -idirafter user/include
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "user/pager/base/memory.h"
#include "user/pager/vm/object.h"
#include "user/pager/vm/region.h"

#define PAGE 4096ul
#define BASE 16u   /* pages below are never used: the tree's floor */
#define PAGES 512u /* model: pages BASE .. BASE + PAGES */
#define OBJECTS 3u

/* --- what the pager's own files expect --- */

void *memory_metadata(size_t bytes)
{
    return aligned_alloc(4096, bytes); /* pools keep it: no leak is reported, it stays reachable */
}

_Noreturn void panic_at(const char *what, const char *file, int line)
{
    test_fail(file, line, what);
}

static void object_destroy(struct object *object)
{
    (void)object;
    test_fail(__FILE__, __LINE__, "an object was destroyed");
}

static const struct object_ops object_ops = {.destroy = object_destroy};
static struct object object[OBJECTS];

/* --- the model --- */

struct cell {
    bool used;
    uint8_t prot;
    uint16_t flags;
    struct object *object;
    uint64_t offset;
};

static struct cell model[PAGES];
static struct region_tree tree;
static struct charge charge;

static uint64_t address(uint64_t page)
{
    return (BASE + page) * PAGE;
}

/* Would this page and the next be in one region? */
static bool joins(const struct cell *a)
{
    const struct cell *b = a + 1;

    return a->used && b->used && a->prot == b->prot && a->flags == b->flags &&
           a->object == b->object && (!a->object || a->offset + PAGE == b->offset);
}

static void check_all(void)
{
    uint64_t regions = 0, bytes = 0, locked = 0, refs[OBJECTS] = {0};
    const char *wrong = region_audit(&tree);

    if (wrong)
        test_fail(__FILE__, __LINE__, wrong);
    for (uint64_t page = 0; page < PAGES; page++) {
        struct cell *cell = &model[page];
        struct region *r = region_find(&tree, address(page) + rnd_below(PAGE));
        CHECK_EQ(r != NULL, cell->used);
        if (!r)
            continue;
        bytes += PAGE;
        locked += cell->flags & REGION_LOCKED ? PAGE : 0;
        CHECK_EQ(r->kind.prot, cell->prot);
        CHECK_EQ(r->kind.flags, cell->flags);
        CHECK(r->kind.object == cell->object);
        if (r->kind.object)
            CHECK_EQ(r->kind.offset + (address(page) - r->start), cell->offset);
        if (page == 0 || !joins(cell - 1)) {
            CHECK_EQ(r->start, address(page));
            regions++;
            if (cell->object)
                refs[cell->object - object]++;
        }
    }
    CHECK_EQ(tree.count, regions);
    CHECK_EQ(tree.bytes, bytes);
    CHECK_EQ(tree.locked, locked);
    CHECK_EQ(region_locked_all(), locked);
    for (unsigned i = 0; i < OBJECTS; i++)
        CHECK_EQ(object[i].refs, refs[i] + 1);
}

static bool model_is_free(uint64_t first, uint64_t end)
{
    for (uint64_t page = first; page < end; page++)
        if (model[page].used)
            return false;
    return true;
}

static bool model_covers(uint64_t first, uint64_t end)
{
    for (uint64_t page = first; page < end; page++)
        if (!model[page].used)
            return false;
    return true;
}

/* Highest place for n pages in [low, high), or -1. */
static long model_gap(uint64_t n, uint64_t low, uint64_t high)
{
    for (long at = (long)(high - n); n <= high && at >= (long)low; at--)
        if (model_is_free((uint64_t)at, (uint64_t)at + n))
            return at;
    return -1;
}

static void range(uint64_t *first, uint64_t *end)
{
    uint64_t length = rnd_chance(80) ? 12 : PAGES;

    *first = rnd_below(PAGES);
    *end = *first + 1 + rnd_below(length);
    if (*end > PAGES)
        *end = PAGES;
}

/* --- operations --- */

static void do_insert(void)
{
    uint64_t first, end;
    struct region_kind kind = {.prot = (uint8_t)rnd_below(3), .flags = rnd_chance(10)};

    range(&first, &end);
    CHECK_EQ(region_is_free(&tree, address(first), address(end)), model_is_free(first, end));
    if (!model_is_free(first, end))
        return;
    if (rnd_chance(60)) { /* few offsets, so that neighbours often go on where the last one ended */
        kind.object = &object[rnd_below(OBJECTS)];
        kind.offset = address(first) + rnd_below(2) * 16 * PAGE;
    }
    CHECK_EQ(region_reserve(&tree, REGION_INSERT_NEEDS), 0);
    region_insert(&tree, address(first), address(end), kind);
    for (uint64_t page = first; page < end; page++)
        model[page] = (struct cell){true, kind.prot, kind.flags, kind.object,
                                    kind.object ? kind.offset + (page - first) * PAGE : 0};
}

static void do_remove(void)
{
    uint64_t first, end;

    range(&first, &end);
    CHECK_EQ(region_reserve(&tree, region_remove_needs(&tree, address(first), address(end))), 0);
    region_find(&tree, address(first)); /* so that the one found last goes */
    region_remove(&tree, address(first), address(end));
    CHECK(region_find(&tree, address(first)) == NULL);
    memset(&model[first], 0, (end - first) * sizeof(model[0]));
}

static void do_protect(void)
{
    uint64_t first, end;
    uint8_t prot = (uint8_t)rnd_below(3);

    range(&first, &end);
    CHECK_EQ(region_covers(&tree, address(first), address(end)), model_covers(first, end));
    if (!model_covers(first, end))
        return;
    CHECK_EQ(region_reserve(&tree, region_protect_needs(&tree, address(first), address(end))), 0);
    if (rnd_chance(50)) {
        region_protect(&tree, address(first), address(end), prot);
        for (uint64_t page = first; page < end; page++)
            model[page].prot = prot;
        return;
    }
    uint16_t flags = rnd_chance(50) ? REGION_LOCKED : 0;
    region_flag(&tree, address(first), address(end), REGION_LOCKED, flags);
    for (uint64_t page = first; page < end; page++)
        model[page].flags = (model[page].flags & (uint16_t)~REGION_LOCKED) | flags;
}

static void do_flag_all(void)
{
    uint16_t flags = rnd_chance(50) ? REGION_LOCKED : 0;

    region_flag_all(&tree, REGION_LOCKED, flags);
    for (uint64_t page = 0; page < PAGES; page++)
        if (model[page].used)
            model[page].flags = (model[page].flags & (uint16_t)~REGION_LOCKED) | flags;
}

static void do_gap(void)
{
    uint64_t low = rnd_below(PAGES), high = rnd_below(PAGES), n = 1 + rnd_below(24);
    uint64_t found = region_gap(&tree, n * PAGE, address(low), address(high));
    long expected = high >= low ? model_gap(n, low, high) : -1;

    CHECK_EQ(found, expected < 0 ? 0 : (long)address((uint64_t)expected));
}

static void do_from(void)
{
    uint64_t page = rnd_below(PAGES);
    struct region *r = region_from(&tree, address(page));

    while (page < PAGES && !model[page].used)
        page++;
    CHECK_EQ(r != NULL, page < PAGES);
    if (r)
        CHECK(r->start <= address(page) && address(page) < r->end);
}

/* The copy takes the original's place: it must be as good, and hold as many references. */
static void do_copy(void)
{
    struct region_tree copy;
    uint64_t limit = charge.limit;

    region_setup(&copy, &charge, address(0));
    charge.limit = charge.used; /* also where there is room for none, or few */
    if (tree.count > 0)
        CHECK_EQ(region_copy(&copy, &tree), -ENOMEM);
    CHECK_EQ(copy.spares, 0);
    charge.limit = limit;
    CHECK_EQ(region_copy(&copy, &tree), 0);
    CHECK_EQ(copy.count, tree.count);
    region_clear(&tree);
    tree = copy;
}

static void start(uint64_t limit)
{
    memset(model, 0, sizeof(model));
    charge = (struct charge){.limit = limit};
    region_setup(&tree, &charge, address(0));
    for (unsigned i = 0; i < OBJECTS; i++)
        object[i] = (struct object){.ops = &object_ops, .refs = 1, .id = i};
}

static void finish(void)
{
    region_clear(&tree);
    memset(model, 0, sizeof(model));
    check_all();
    CHECK_EQ(charge.used, 0);
}

TEST(random_operations_against_a_page_array)
{
    unsigned long operations = test_operations();

    start(~0ul);
    for (unsigned long i = 0; i < operations; i++) {
        switch (rnd_below(8)) {
        case 0:
        case 1:
        case 2:
            do_insert();
            break;
        case 3:
            do_remove();
            break;
        case 4:
            do_protect();
            break;
        case 5:
        case 6:
            do_gap();
            break;
        default:
            do_from();
        }
        if (i % 256 == 0)
            do_copy();
        if (i % 512 == 300)
            do_flag_all();
        if (i % 64 == 0)
            check_all();
        if (i % 50000 == 49999)
            finish();
    }
    finish();
}

TEST(no_memory_fails_before_anything_changes)
{
    start(0);
    CHECK_EQ(region_reserve(&tree, 1), -ENOMEM);
    charge.limit = 3 * ((sizeof(struct region) + 15) & ~15ul);
    CHECK_EQ(region_reserve(&tree, 1), 0);
    region_insert(&tree, address(0), address(9), (struct region_kind){.prot = 1});
    CHECK_EQ(region_reserve(&tree, REGION_PROTECT_NEEDS), 0);
    region_protect(&tree, address(3), address(6), 3);
    CHECK_EQ(tree.count, 3);
    CHECK_EQ(region_reserve(&tree, 1), -ENOMEM);
    CHECK(region_audit(&tree) == NULL);
    region_remove(&tree, address(3), address(6)); /* whole regions need no spare */
    CHECK_EQ(tree.count, 2);
    finish();
}

TEST(what_a_change_needs_is_what_it_splits)
{
    start(~0ul);
    CHECK_EQ(region_reserve(&tree, 1), 0);
    region_insert(&tree, address(0), address(9), (struct region_kind){.prot = 1});
    CHECK_EQ(tree.spares, 0);
    CHECK_EQ(region_remove_needs(&tree, address(3), address(6)), 1);
    CHECK_EQ(region_remove_needs(&tree, address(0), address(6)), 0);
    CHECK_EQ(region_remove_needs(&tree, address(3), address(9)), 0);
    CHECK_EQ(region_remove_needs(&tree, address(5), address(20)), 0);
    CHECK_EQ(region_remove_needs(&tree, address(10), address(20)), 0);
    CHECK_EQ(region_protect_needs(&tree, address(3), address(6)), 2);
    CHECK_EQ(region_protect_needs(&tree, address(0), address(6)), 1);
    CHECK_EQ(region_protect_needs(&tree, address(3), address(9)), 1);
    CHECK_EQ(region_protect_needs(&tree, address(0), address(9)), 0);
    charge.limit = charge.used;
    region_protect(&tree, address(0), address(9), 3);
    region_remove(&tree, address(0), address(3));
    region_remove(&tree, address(6), address(12));
    region_remove(&tree, address(1), address(8));
    CHECK_EQ(tree.count, 0);
    finish();
}

TEST(a_hundred_thousand_regions)
{
    const uint64_t n = 100000;

    start(~0ul);
    for (uint64_t i = 0; i < n; i++) {
        CHECK_EQ(region_reserve(&tree, 1), 0);
        region_insert(&tree, address(2 * i), address(2 * i + 1), (struct region_kind){.prot = 1});
    }
    CHECK_EQ(tree.count, n);
    CHECK_EQ(region_gap(&tree, 2 * PAGE, address(0), address(2 * n - 1)), 0);
    CHECK_EQ(region_gap(&tree, PAGE, address(0), address(2 * n - 1)), address(2 * n - 3));
    CHECK(region_audit(&tree) == NULL);
    region_remove(&tree, address(0), address(2 * n));
    CHECK_EQ(tree.count, 0);
    finish();
}
