/* SPDX-License-Identifier: MIT
 *
 * The pager's frame table against a model: states along legal and illegal edges, owners, free lists
 * and limbo, the reverse map with many mappings a frame, and the counts. */
// SOURCES: user/pager/base/frame.c user/pager/base/pool.c
// CPPFLAGS: -idirafter user/include
#include "harness.h"

#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "user/pager/base/frame.h"
#include "user/pager/base/memory.h"

#define FRAMES 64u
#define SPACES 4u
#define PAGES 8u

/* --- what the pager's own files expect --- */

void *memory_metadata(size_t bytes)
{
    return aligned_alloc(4096, bytes);
}

static jmp_buf *panic_expected;

_Noreturn void panic_at(const char *what, const char *file, int line)
{
    if (panic_expected)
        longjmp(*panic_expected, 1);
    test_fail(file, line, what);
}

static unsigned told; /* frames that had been entered and left */

static void leave(struct frame *frame)
{
    CHECK(frame->policy & POLICY_ENTERED);
    told++;
}

static struct frame table[FRAMES];
static uint32_t fresh[2 * FRAMES];

static void start(uint32_t count)
{
    static const struct frame_watcher watcher = {.leave = leave};

    frame_setup(table, 0x100000, FRAMES);
    frames.watcher = &watcher;
    frames.fresh = fresh;
    frames.fresh_size = 2 * FRAMES;
    frame_add(count);
}

#ifdef OCTAVO_DEBUG /* release builds trust what debug builds have shown */

/* Whether this transition of an otherwise fresh frame is refused. */
static bool refused(enum frame_state from, enum frame_state to)
{
    struct frame frame = {.state = (uint8_t)from};
    jmp_buf here;

    panic_expected = &here;
    bool panicked = setjmp(here) != 0;
    if (!panicked)
        frame_set_state(&frame, to);
    panic_expected = NULL;
    return panicked;
}

TEST(states_follow_the_table_and_nothing_else)
{
    /* from the design, written out once more: A, R, C, D, W (cleaning) */
    static const char *const legal = "AR AD RC RA CD CA DW DA WC WD";
    static const char letter[] = "ARCDW";
    unsigned allowed = 0;

    start(1);
    for (unsigned from = 0; from < FRAME_STATES; from++)
        for (unsigned to = 0; to < FRAME_STATES; to++) {
            char edge[3] = {letter[from], letter[to], 0};
            bool ok = strstr(legal, edge) != NULL;
            allowed += ok;
            CHECK_EQ(refused((enum frame_state)from, (enum frame_state)to), !ok);
            CHECK_EQ(frames.edges[from][to], ok);
        }
    CHECK_EQ(allowed, 10);
}

#endif

TEST(frames_come_in_ascending_order_and_number_0_is_the_zero_frame)
{
    start(5);
    CHECK(frames.zero == &table[0] && table[0].kind == FRAME_ZERO);
    for (unsigned i = 1; i < 5; i++)
        CHECK(frame_pop(&frames.zeroed) == &table[i]);
    CHECK(frame_pop(&frames.zeroed) == NULL);
    frame_add(3);
    CHECK(frame_pop(&frames.zeroed) == &table[5]);
    CHECK_EQ((uintptr_t)frame_memory(&table[5]), 0x100000 + 5 * 4096);
}

/* --- random operations --- */

static char space_name[SPACES]; /* addresses that stand for spaces; nobody looks inside */
static char owner_name[FRAMES];
static struct charge charge[SPACES];
static bool shown[FRAMES][SPACES][PAGES];
static uint8_t kind[FRAMES]; /* enum frame_kind; limbo counts as FREE */
static bool in_limbo[FRAMES];

static struct space *space(unsigned s)
{
    return (struct space *)&space_name[s];
}

static unsigned shown_count(unsigned f)
{
    unsigned n = 0;

    for (unsigned s = 0; s < SPACES; s++)
        for (unsigned p = 0; p < PAGES; p++)
            n += shown[f][s][p];
    return n;
}

static unsigned list_length(const struct frame *frame)
{
    unsigned n = 0;

    for (; frame; frame = frame->next)
        n++;
    return n;
}

/* Each frame with an owner is in the list of fresh ones, its first time counts, or was entered. */
static void check_fresh(void)
{
    bool seen[FRAMES] = {false};

    CHECK(frames.fresh_count <= frames.fresh_size);
    for (uint32_t i = 0; i < frames.fresh_count; i++)
        seen[frames.fresh[i]] = true;
    for (unsigned f = 1; f < FRAMES; f++) {
        bool is_fresh = table[f].policy & POLICY_FRESH, entered = table[f].policy & POLICY_ENTERED;
        CHECK_EQ(is_fresh || entered, kind[f] != FRAME_FREE);
        CHECK(!is_fresh || seen[f]);
    }
}

/* As reclaim.c does before it asks for a victim. */
static void do_tell(void)
{
    for (uint32_t i = 0; i < frames.fresh_count; i++)
        if (table[frames.fresh[i]].policy & POLICY_FRESH)
            table[frames.fresh[i]].policy = POLICY_ENTERED;
    frames.fresh_count = 0;
}

static void check_all(void)
{
    check_fresh();
    unsigned used = 0, cache = 0, idle = 0, limbo = 0;

    for (unsigned f = 1; f < FRAMES; f++) {
        unsigned n = shown_count(f);
        CHECK_EQ(table[f].kind, kind[f]);
        CHECK_EQ(table[f].mapped, n);
        CHECK_EQ(table[f].state == FRAME_ABSENT, kind[f] == FRAME_FREE);
        used += kind[f] != FRAME_FREE;
        cache += kind[f] == FRAME_CACHE;
        idle += kind[f] == FRAME_CACHE && n == 0;
        limbo += in_limbo[f];
        for (unsigned s = 0; s < SPACES; s++)
            for (unsigned p = 0; p < PAGES; p++)
                CHECK_EQ(frame_is_mapped(&table[f], space(s), p), shown[f][s][p]);
    }
    CHECK_EQ(frames.used, used);
    CHECK_EQ(frames.cache, cache);
    CHECK_EQ(frames.idle, idle);
    CHECK_EQ(list_length(frames.limbo), limbo);
    CHECK_EQ(list_length(frames.dirty), frames.dirty_count);
    CHECK_EQ(used + limbo + frames.dirty_count + frames.zeroed_count, FRAMES - 1);
}

static void do_take(void)
{
    struct frame *frame;

    if (rnd_chance(50) && frames.zeroed) {
        frame = frame_pop(&frames.zeroed);
        frames.zeroed_count--;
    } else {
        frame = frame_pop(&frames.dirty);
        if (!frame)
            return;
        frames.dirty_count--;
    }
    unsigned f = (unsigned)(frame - table);
    CHECK(f > 0 && kind[f] == FRAME_FREE && !in_limbo[f]);
    if (rnd_chance(50)) {
        frame_own_anon(frame, (struct anon *)&owner_name[f]);
        frame_set_state(frame, FRAME_DIRTY);
        kind[f] = FRAME_ANON;
    } else {
        frame_own_cache(frame, (struct object *)&owner_name[f], f);
        frame_set_state(frame, FRAME_READING);
        frame_set_state(frame, FRAME_CLEAN);
        kind[f] = FRAME_CACHE;
    }
}

/* Maps or unmaps one page of one frame, whichever is possible. */
static void do_page(void)
{
    unsigned f = 1 + (unsigned)rnd_below(FRAMES - 1), s = (unsigned)rnd_below(SPACES);
    unsigned p = (unsigned)rnd_below(PAGES);

    if (kind[f] == FRAME_FREE)
        return;
    if (shown[f][s][p]) {
        frame_unmap(&table[f], space(s), p, &charge[s]);
        shown[f][s][p] = false;
        return;
    }
    uint64_t limit = charge[s].limit;
    bool inline_free = table[f].first.space == NULL;
    if (rnd_chance(10))
        charge[s].limit = charge[s].used; /* no memory: works only where none is needed */
    int error = frame_map(&table[f], space(s), p, &charge[s]);
    CHECK_EQ(error, charge[s].limit == limit || inline_free ? 0 : -ENOMEM);
    charge[s].limit = limit;
    shown[f][s][p] = error == 0;
}

static void do_release(void)
{
    unsigned f = 1 + (unsigned)rnd_below(FRAMES - 1);

    if (kind[f] == FRAME_FREE)
        return;
    for (unsigned s = 0; s < SPACES; s++)
        for (unsigned p = 0; p < PAGES; p++)
            if (shown[f][s][p]) {
                frame_unmap(&table[f], space(s), p, &charge[s]);
                shown[f][s][p] = false;
            }
    unsigned before = told;
    bool entered = table[f].policy & POLICY_ENTERED;
    frame_release(&table[f]);
    CHECK_EQ(told - before, entered);
    kind[f] = FRAME_FREE;
    in_limbo[f] = true;
}

TEST(random_operations_against_a_model)
{
    unsigned long operations = test_operations();

    start(FRAMES);
    memset(shown, 0, sizeof(shown));
    memset(kind, 0, sizeof(kind));
    memset(in_limbo, 0, sizeof(in_limbo));
    for (unsigned s = 0; s < SPACES; s++)
        charge[s] = (struct charge){.limit = ~0ul};
    for (unsigned long i = 0; i < operations; i++) {
        switch (rnd_below(16)) {
        case 0:
            do_take();
            break;
        case 1:
            if (rnd_chance(40))
                do_release();
            break;
        case 2:
            if (rnd_chance(10)) {
                frame_settle();
                memset(in_limbo, 0, sizeof(in_limbo));
            }
            break;
        default:
            do_page();
        }
        if (rnd_chance(1) && rnd_chance(5))
            do_tell();
        if (i % 256 == 0)
            check_all();
    }
    for (unsigned i = 0; i < 100 * FRAMES; i++)
        do_release();
    for (unsigned s = 0; s < SPACES; s++)
        CHECK_EQ(charge[s].used, 0);
    memset(in_limbo, 0, sizeof(in_limbo));
    frame_settle();
    check_all();
    CHECK_EQ(frames.used, 0);
}
