/* SPDX-License-Identifier: MIT
 *
 * The bitmap of the swap disk against an array of booleans: what is taken, and runs of free slots. */
// SOURCES: user/pager/swap/slots.c
// CPPFLAGS: -idirafter user/include
#include "harness.h"

#include <string.h>

#include "user/pager/base/panic.h"
#include "user/pager/swap/slots.h"

#define MOST 400u

_Noreturn void panic_at(const char *what, const char *file, int line)
{
    test_fail(file, line, what);
}

static uint64_t map[MOST / 64 + 2];
static bool taken[MOST];
static struct slots slots;
static uint32_t count;

static void start(uint32_t n)
{
    memset(map, 0, sizeof(map));
    memset(taken, 0, sizeof(taken));
    count = n;
    taken[0] = true;
    slots_setup(&slots, map, n);
}

/* The longest run of free slots, no longer than `most`. */
static uint32_t longest(uint32_t most)
{
    uint32_t best = 0, n = 0;

    for (uint32_t i = 0; i < count; i++) {
        n = taken[i] ? 0 : n + 1;
        if (n > best)
            best = n;
    }
    return best < most ? best : most;
}

static void check_all(void)
{
    uint32_t used = 0;

    for (uint32_t i = 0; i < count; i++) {
        CHECK_EQ(slots_is_taken(&slots, i), taken[i]);
        used += taken[i];
    }
    CHECK_EQ(slots.used, used);
}

/* A run must be free, inside, and as long as it can be. */
static uint32_t find(uint32_t want, uint32_t *first)
{
    uint32_t n = slots_find(&slots, want, first);

    CHECK_EQ(n, longest(want));
    for (uint32_t i = 0; i < n; i++)
        CHECK(*first + i > 0 && *first + i < count && !taken[*first + i]);
    return n;
}

TEST(slot_0_is_never_found)
{
    uint32_t first;

    for (uint32_t n = 2; n < 70; n++) {
        start(n);
        CHECK_EQ(find(n, &first), n - 1);
        CHECK_EQ(first, 1);
    }
}

TEST(a_full_disk_has_none)
{
    uint32_t first;

    start(65);
    for (uint32_t i = 1; i < 65; i++) {
        slots_take(&slots, i);
        taken[i] = true;
    }
    CHECK_EQ(slots_find(&slots, 8, &first), 0);
    slots_free(&slots, 64);
    taken[64] = false;
    CHECK_EQ(find(8, &first), 1);
    CHECK_EQ(first, 64);
}

TEST(clusters_follow_each_other)
{
    uint32_t first;

    start(100);
    for (uint32_t i = 0; i < 12; i++) {
        CHECK_EQ(find(8, &first), 8);
        CHECK_EQ(first, 1 + 8 * i);
        for (uint32_t k = 0; k < 8; k++) {
            slots_take(&slots, first + k);
            taken[first + k] = true;
        }
    }
    CHECK_EQ(find(8, &first), 3);
}

TEST(random_operations_against_a_model)
{
    unsigned long operations = test_operations() / 100;
    uint32_t first;

    for (unsigned round = 0; round < 20; round++) {
        start(2 + (uint32_t)rnd_below(MOST - 2));
        unsigned fill = 10 + (unsigned)rnd_below(85);
        for (unsigned long i = 0; i < operations; i++) {
            if (rnd_below(100) < fill) {
                uint32_t n = find(1 + (uint32_t)rnd_below(16), &first);
                uint32_t take = n ? 1 + (uint32_t)rnd_below(n) : 0;
                for (uint32_t k = 0; k < take; k++) {
                    slots_take(&slots, first + k);
                    taken[first + k] = true;
                }
            }
            for (unsigned k = 0; k < 4; k++) {
                uint32_t at = (uint32_t)rnd_below(count);
                if (at == 0 || !taken[at] || rnd_chance(30))
                    continue;
                slots_free(&slots, at);
                taken[at] = false;
            }
            if (i % 64 == 0)
                check_all();
        }
        check_all();
    }
}
