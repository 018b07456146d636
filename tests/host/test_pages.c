/* SPDX-License-Identifier: MIT
 *
 * The pager's radix tree of slots against a sorted set of pages: fill, read, visit and empty ranges
 * near and far apart; nodes cost what they should and all come back. */
// SOURCES: user/pager/vm/pages.c user/pager/base/pool.c
// CPPFLAGS: -idirafter user/include
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "user/pager/base/memory.h"
#include "user/pager/vm/pages.h"

#define ISLANDS 8u
#define SPAN 320u /* pages an island has */

void *memory_metadata(size_t bytes)
{
    return memset(aligned_alloc(4096, bytes), 0, bytes);
}

_Noreturn void panic_at(const char *what, const char *file, int line)
{
    test_fail(file, line, what);
}

/* Ascending, and at the edges of every level of the tree. */
static const uint64_t island[ISLANDS] = {0,           1000,    16384 - 100,    40000,
                                         2097152 - 7, 5000000, 33554432 - 200, 67108864 - SPAN};
static uint64_t model[ISLANDS][SPAN];
static struct pages pages;
static struct charge charge;

static struct {
    uint64_t end;
    unsigned at, offset;
    bool clear, all; /* empty the slots; all of them, or some */
    unsigned seen;
} expect;

/* Called for each slot in order: it must be the next one of the model. */
static void visit(void *context, uint64_t page, uint64_t *slot)
{
    CHECK(context == &expect);
    for (; expect.at < ISLANDS; expect.at++, expect.offset = 0) {
        while (expect.offset < SPAN && model[expect.at][expect.offset] == 0)
            expect.offset++;
        if (expect.offset < SPAN)
            break;
    }
    CHECK(expect.at < ISLANDS);
    CHECK_EQ(page, island[expect.at] + expect.offset);
    CHECK(page < expect.end);
    CHECK_EQ(*slot, model[expect.at][expect.offset]);
    if (expect.clear && (expect.all || page % 3 != 0)) {
        *slot = 0;
        model[expect.at][expect.offset] = 0;
    }
    expect.offset++;
    expect.seen++;
}

/* Visits [island a + from, island b + to). */
static void do_each(bool clear)
{
    unsigned a = (unsigned)rnd_below(ISLANDS), b = a + (unsigned)rnd_below(ISLANDS - a);
    unsigned from = (unsigned)rnd_below(SPAN), to = (unsigned)rnd_below(SPAN), count = 0;

    if (a == b && to < from)
        return;
    for (unsigned i = a; i <= b; i++)
        for (unsigned p = i == a ? from : 0; p < (i == b ? to : SPAN); p++)
            count += model[i][p] != 0;
    expect.end = island[b] + to;
    expect.at = a;
    expect.offset = from;
    expect.clear = clear;
    expect.all = rnd_chance(50);
    expect.seen = 0;
    pages_each(&pages, island[a] + from, expect.end, visit, &expect);
    CHECK_EQ(expect.seen, count);
}

static void visit_empty(void *context, uint64_t page, uint64_t *slot)
{
    (void)context, (void)page;
    *slot = 0;
}

TEST(random_operations_against_an_array)
{
    unsigned long operations = test_operations();

    memset(model, 0, sizeof(model));
    charge = (struct charge){.limit = ~0ul};
    pages_setup(&pages, &charge);
    for (unsigned long i = 0; i < operations; i++) {
        unsigned at = (unsigned)rnd_below(ISLANDS), p = (unsigned)rnd_below(SPAN);
        if (rnd_chance(1)) {
            do_each(rnd_chance(20));
        } else if (rnd_chance(50)) {
            CHECK_EQ(pages_get(&pages, island[at] + p), model[at][p]);
        } else {
            uint64_t *slot = pages_slot(&pages, island[at] + p);
            CHECK(slot != NULL);
            CHECK_EQ(*slot, model[at][p]);
            model[at][p] = 1 + rnd_below(1000);
            pages_fill(&pages, slot, model[at][p]);
        }
    }
    pages_each(&pages, 0, 1ul << 26, visit_empty, NULL);
    pages_clear(&pages);
    CHECK_EQ(charge.used, 0);
}

static int64_t distance;

static void visit_move(void *context, uint64_t page, uint64_t *slot)
{
    uint64_t *to = pages_slot(&pages, page + (uint64_t)distance);

    (void)context;
    CHECK(to != NULL);
    pages_fill(&pages, to, *slot);
    *slot = 0;
}

/* Slots are moved when there is room for what was reserved and for nothing else, also within a leaf. */
TEST(what_is_reserved_is_enough_to_move)
{
    for (unsigned long round = 0; round < test_operations() / 100; round++) {
        uint64_t n = 1 + rnd_below(rnd_chance(50) ? 20 : 700), from = 20000 + rnd_below(300);
        uint64_t to = rnd_chance(50) ? from + n + rnd_below(10) : 40000000 + rnd_below(300);
        uint64_t percent = rnd_chance(50) ? 90 : 2, sum = 0;
        charge = (struct charge){.limit = ~0ul};
        pages_setup(&pages, &charge);
        for (uint64_t i = 0; i < n; i++)
            if (rnd_chance((unsigned)percent))
                pages_fill(&pages, pages_slot(&pages, from + i), 1000 + i);
        charge.limit = charge.used;
        uint64_t *any = NULL;
        for (uint64_t i = 0; i < n && !any; i++)
            any = pages_get(&pages, from + i) ? (uint64_t *)1 : NULL;
        CHECK_EQ(pages_reserve(&pages, from, from + n), any ? -ENOMEM : 0);
        CHECK_EQ(charge.used, charge.limit);
        charge.limit = ~0ul;
        CHECK_EQ(pages_reserve(&pages, from, from + n), 0);
        charge.limit = charge.used;
        distance = (int64_t)(to - from);
        pages_each(&pages, from, from + n, visit_move, NULL);
        pages_unreserve(&pages);
        for (uint64_t i = 0; i < n; i++) {
            uint64_t value = pages_get(&pages, to + i);
            CHECK(value == 0 || value == 1000 + i);
            sum += value != 0;
        }
        CHECK_EQ(sum > 0, any != NULL);
        pages_each(&pages, 0, 1ul << 26, visit_empty, NULL);
        pages_clear(&pages);
        CHECK_EQ(charge.used, 0);
    }
}

TEST(no_memory_leaves_a_tree_that_can_be_used_and_cleared)
{
    const uint64_t node = (sizeof(struct pages_node) + 15) & ~15ul;

    charge = (struct charge){.limit = 2 * node};
    pages_setup(&pages, &charge);
    CHECK(pages_slot(&pages, 12345) == NULL);
    CHECK_EQ(pages_get(&pages, 12345), 0);
    charge.limit = 3 * node;
    uint64_t *slot = pages_slot(&pages, 12345);
    CHECK(slot != NULL);
    pages_fill(&pages, slot, 7);
    CHECK(pages_slot(&pages, 99999999 & 0x3ffffff) == NULL);
    CHECK_EQ(pages_get(&pages, 12345), 7);
    pages_each(&pages, 0, 1ul << 26, visit_empty, NULL);
    CHECK_EQ(charge.used, 0);
    pages_slot(&pages, 12345); /* a leaf with nothing in it */
    pages_clear(&pages);
    CHECK_EQ(charge.used, 0);
}
