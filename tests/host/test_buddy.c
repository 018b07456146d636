/* SPDX-License-Identifier: MIT
 *
 * buddy against a naive model: for every frame, which allocation it belongs to.
 */
#include "harness.h"

#include <abi/errno.h>
#include <string.h>

#include "mm/buddy.h"
#include "mm/mm.h"

#define FOUR_GIB (4ul << 30)
#define MIB (1ul << 20)

/* RAM on both sides of 4 GiB, with a hole and ragged ends. */
#define RAM_START (FOUR_GIB - 12 * MIB - 5 * PAGE_SIZE)
#define RAM_END (FOUR_GIB + 16 * MIB + 3 * PAGE_SIZE)
#define HOLE_START (FOUR_GIB + 5 * MIB + PAGE_SIZE)
#define HOLE_END (HOLE_START + 77 * PAGE_SIZE)
#define FIRST (RAM_START / PAGE_SIZE)
#define FRAMES ((RAM_END - RAM_START) / PAGE_SIZE)
#define MAX_LIVE 4096

struct allocation {
    struct page *page;
    unsigned order;
    uint64_t stamp;
};

static struct allocation live[MAX_LIVE];
static size_t live_count;
static uint8_t taken[FRAMES]; /* 1: given to us, 2: no RAM */
static size_t taken_count, taken_in[PAGE_NSTATES];

static void boot_two_zones(void)
{
    machine_reset();
    machine_ram(RAM_START, HOLE_START - RAM_START);
    machine_ram(HOLE_END, RAM_END - HOLE_END);
    buddy_init();
    buddy_add(RAM_START, HOLE_START - RAM_START);
    buddy_add(HOLE_END, RAM_END - HOLE_END);
    buddy_ready();
    memset(taken, 0, sizeof(taken));
    memset(taken + HOLE_START / PAGE_SIZE - FIRST, 2, (HOLE_END - HOLE_START) / PAGE_SIZE);
    memset(taken_in, 0, sizeof(taken_in));
    live_count = taken_count = 0;
}

static struct mminfo_zone zone(unsigned id)
{
    struct mminfo_zone info;

    CHECK_EQ(buddy_info(id, &info), 0);
    return info;
}

static void stamp_frames(const struct allocation *a, bool check)
{
    for (size_t i = 0; i < 1ul << a->order; i++) {
        uint64_t *words = page_to_virt(a->page + i);

        if (check)
            CHECK(words[0] == a->stamp + i && words[511] == ~(a->stamp + i));
        words[0] = a->stamp + i;
        words[511] = ~(a->stamp + i);
    }
}

static void check_zeroed(const struct page *page, unsigned order)
{
    for (size_t i = 0; i < 1ul << order; i++) {
        const uint64_t *words = page_to_virt(page + i);

        for (unsigned w = 0; w < 512; w += 73)
            CHECK(words[w] == 0);
        CHECK(words[511] == 0);
    }
}

static void model_take(struct page *page, unsigned order, unsigned flags)
{
    uint64_t pfn = page_to_pfn(page);

    CHECK(pfn >= FIRST && pfn + (1ul << order) <= FIRST + FRAMES);
    CHECK_EQ(pfn & ((1ul << order) - 1), 0);
    CHECK(!(flags & MM_DMA32) || pfn < FOUR_GIB / PAGE_SIZE);
    for (size_t i = 0; i < 1ul << order; i++) {
        CHECK_EQ(taken[pfn - FIRST + i], 0);
        CHECK_EQ(page[i].state, flags & MM_MOVABLE ? PAGE_USER : PAGE_KERNEL);
        CHECK(page[i].order == order && page[i].count == 0 && page[i].owner == NULL);
        taken[pfn - FIRST + i] = 1;
    }
    taken_count += 1ul << order;
    taken_in[page->state] += 1ul << order;
    if (flags & MM_ZERO)
        check_zeroed(page, order);
    live[live_count] = (struct allocation){.page = page, .order = order, .stamp = rnd()};
    stamp_frames(&live[live_count++], false);
}

static void model_free(size_t index)
{
    struct allocation a = live[index];

    stamp_frames(&a, true);
    memset(taken + page_to_pfn(a.page) - FIRST, 0, 1ul << a.order);
    taken_count -= 1ul << a.order;
    taken_in[a.page->state] -= 1ul << a.order;
    live[index] = live[--live_count];
    buddy_free(a.page, a.order);
}

/* An allocation was refused (so buddy drained): rightly, if no zone has both the frames above its
 * reserve and a free, aligned run. */
static void check_refusal(unsigned order, unsigned flags)
{
    for (unsigned z = 0; z < ZONE_COUNT; z++) {
        struct mminfo_zone info = zone(z);
        uint64_t reserve = flags & MM_ATOMIC                        ? 0
                           : z == ZONE_DMA32 && !(flags & MM_DMA32) ? info.low
                                                                    : info.min;
        uint64_t n = 1ul << order, pfn = (info.first_pfn + n - 1) & ~(n - 1);

        if ((z == ZONE_NORMAL && (flags & MM_DMA32)) || info.free < n + reserve)
            continue;
        for (; pfn + n <= info.end_pfn; pfn += n) {
            size_t i = 0;

            while (i < n && taken[pfn - FIRST + i] == 0)
                i++;
            CHECK(i < n);
        }
    }
}

static void model_set_state(size_t index)
{
    struct allocation a = live[index];
    enum page_state state = PAGE_KERNEL + rnd_below(4);

    taken_in[a.page->state] -= 1ul << a.order;
    taken_in[state] += 1ul << a.order;
    page_set_state(a.page, state);
    for (size_t i = 0; i < 1ul << a.order; i++)
        CHECK_EQ(a.page[i].state, state);
}

/* Split an allocation and keep its frames as single ones. */
static void model_split(size_t index)
{
    struct allocation a = live[index];

    if (a.order > 3 || live_count + 8 > MAX_LIVE)
        return;
    buddy_split(a.page, a.order);
    live[index].order = 0;
    for (size_t i = 1; i < 1ul << a.order; i++)
        live[live_count++] =
            (struct allocation){.page = a.page + i, .order = 0, .stamp = a.stamp + i};
}

static void check_totals(void)
{
    struct mminfo_totals t;

    buddy_totals(&t);
    CHECK_EQ(t.ram, FRAMES - (HOLE_END - HOLE_START) / PAGE_SIZE);
    CHECK_EQ(t.ram, t.reserved + t.free + t.in_harts + t.kernel + t.slab + t.pgtable + t.user);
    CHECK_EQ(t.kernel + t.slab + t.pgtable + t.user, taken_count);
    CHECK_EQ(t.kernel, taken_in[PAGE_KERNEL]);
    CHECK_EQ(t.slab, taken_in[PAGE_SLAB]);
    CHECK_EQ(t.pgtable, taken_in[PAGE_PGTABLE]);
    CHECK_EQ(t.user, taken_in[PAGE_USER]);
    CHECK_EQ(t.free + t.in_harts, buddy_free_frames());
}

static unsigned random_order(void)
{
    unsigned order = 0;

    if (rnd_chance(1))
        return (unsigned)rnd_below(MAX_ORDER + 1);
    while (order < 5 && rnd_chance(25))
        order++;
    return order;
}

TEST(buddy_random)
{
    unsigned bias = 50;

    boot_two_zones();
    for (unsigned long i = 0, n = test_operations(); i < n; i++) {
        mm_host_hart = (unsigned)rnd_below(MM_MAX_HARTS);
        if (rnd_below(5000) == 0)
            bias = (unsigned)(20 + rnd_below(61)); /* fill or empty for a while */
        if (rnd_chance(bias) && live_count < MAX_LIVE) {
            unsigned order = random_order(),
                     flags = rnd() & 0xf & (rnd_chance(70) ? ~MM_DMA32 : ~0u);
            struct page *page;

            if (!rnd_chance(10))
                flags &= ~MM_ZERO;
            page = buddy_alloc(order, flags);
            if (page)
                model_take(page, order, flags);
            else if (i % 16 == 0)
                check_refusal(order, flags);
        } else if (live_count > 0) {
            size_t index = rnd_below(live_count);

            if (rnd_chance(3))
                model_split(index);
            else if (rnd_chance(10))
                model_set_state(index);
            else
                model_free(index);
        }
        if (i % 64 == 0)
            check_totals();
        if (i % 8192 == 0)
            buddy_audit();
        if (rnd_below(3000) == 0)
            buddy_drain();
    }
    while (live_count)
        model_free(live_count - 1);
    buddy_drain();
    buddy_audit();
    check_totals();
    CHECK_EQ(buddy_free_frames(), buddy_managed_frames());
}

static unsigned pressure_calls;

static void count_pressure(void)
{
    pressure_calls++;
}

/* Takes order-0 frames until none is left; they go onto `list`. */
static size_t take_all(struct page_list *list, unsigned flags)
{
    struct page *page;
    size_t n = 0;

    for (; (page = buddy_alloc(0, flags)); n++)
        LIST_INSERT_HEAD(list, page, link);
    return n;
}

static void give_all(struct page_list *list)
{
    struct page *page;

    while ((page = LIST_FIRST(list))) {
        LIST_REMOVE(page, link);
        buddy_free(page, 0);
    }
}

TEST(buddy_watermarks)
{
    struct page_list list = LIST_HEAD_INITIALIZER(list);
    struct mminfo_zone info;
    size_t frames = 16 * MIB / PAGE_SIZE;

    machine_boot(0x80000000, frames * PAGE_SIZE);
    mm_hooks.pressure = count_pressure;
    info = zone(ZONE_DMA32);
    CHECK_EQ(info.managed, frames);
    CHECK(info.min > 0 && info.min < info.low && info.low < info.high && info.high < frames / 8);
    for (unsigned round = 1; round <= 3; round++) {
        pressure_calls = 0;
        /* Down to `low`: silence; one batch further: one call; to the end: still one. */
        while (zone(ZONE_DMA32).free >= info.low) {
            struct page *page;

            CHECK_EQ(pressure_calls, 0);
            page = buddy_alloc(0, 0);
            CHECK(page);
            LIST_INSERT_HEAD(&list, page, link);
        }
        CHECK_EQ(pressure_calls, 1);
        take_all(&list, 0);
        CHECK_EQ(buddy_free_frames(), info.min);
        CHECK(!buddy_alloc(3, 0));
        /* Up to `high`, and down again: not armed. Above it: armed. */
        while (zone(ZONE_DMA32).free < info.high) {
            struct page *page = LIST_FIRST(&list);

            LIST_REMOVE(page, link);
            buddy_free(page, 0);
            buddy_drain();
        }
        take_all(&list, 0);
        CHECK_EQ(pressure_calls, 1);
        CHECK(take_all(&list, MM_ATOMIC) == info.min);
        CHECK_EQ(buddy_free_frames(), 0);
        give_all(&list);
        buddy_drain();
    }
    info = zone(ZONE_DMA32);
    CHECK_EQ(info.blocks[0][MAX_ORDER] + info.blocks[1][MAX_ORDER], frames >> MAX_ORDER);
    buddy_audit();
}

TEST(buddy_zones)
{
    struct page_list list = LIST_HEAD_INITIALIZER(list);
    struct mminfo_zone dma32, normal;

    boot_two_zones();
    dma32 = zone(ZONE_DMA32);
    normal = zone(ZONE_NORMAL);
    CHECK_EQ(dma32.first_pfn, FIRST);
    CHECK_EQ(dma32.end_pfn, FOUR_GIB / PAGE_SIZE);
    CHECK_EQ(normal.end_pfn, RAM_END / PAGE_SIZE);
    CHECK(strcmp(dma32.name, "DMA32") == 0 && strcmp(normal.name, "NORMAL") == 0);
    CHECK_EQ(buddy_info(ZONE_COUNT, &normal), -ENOENT);
    /* Ordinary requests empty NORMAL first, then DMA32 down to its `low`. */
    CHECK(page_to_pa(buddy_alloc(4, 0)) >= FOUR_GIB);
    CHECK(page_to_pa(buddy_alloc(0, MM_DMA32)) < FOUR_GIB);
    take_all(&list, 0);
    CHECK_EQ(zone(ZONE_NORMAL).free, normal.min);
    CHECK_EQ(zone(ZONE_DMA32).free, dma32.low);
    take_all(&list, MM_DMA32);
    CHECK_EQ(zone(ZONE_DMA32).free, dma32.min);
    take_all(&list, MM_ATOMIC);
    CHECK_EQ(buddy_free_frames(), 0);
}

/* While there is room, no page block holds both kinds. */
TEST(buddy_mobility)
{
    enum { EACH = 1500 };
    static struct page *frames[2 * EACH];
    size_t blocks = 0, mixed = 0;

    machine_boot(0x80000000, 32 * MIB);
    for (size_t i = 0; i < 2 * EACH; i++)
        frames[i] = buddy_alloc(0, i % 2 ? MM_MOVABLE : 0);
    for (uint64_t block = 0x80000; block < 0x80000 + 32 * MIB / PAGE_SIZE; block += 512) {
        bool kernel = false, user = false;

        for (size_t i = 0; i < 512; i++) {
            kernel |= pfn_to_page(block + i)->state == PAGE_KERNEL;
            user |= pfn_to_page(block + i)->state == PAGE_USER;
        }
        mixed += kernel && user;
        blocks++;
    }
    CHECK_EQ(blocks, 16);
    CHECK_EQ(mixed, 0);
    /* Then user frames go, and megapages are there again beside 1,500 kernel frames. */
    for (size_t i = 1; i < 2 * EACH; i += 2)
        buddy_free(frames[i], 0);
    for (size_t i = 0; i < 16 - 3; i++)
        CHECK(buddy_alloc(PAGEBLOCK_ORDER, MM_MOVABLE | MM_ATOMIC));
}

TEST(buddy_megapage_freed_singly)
{
    struct page *page;
    size_t before;

    machine_boot(0x80000000, 8 * MIB);
    before = buddy_free_frames();
    page = buddy_alloc(9, MM_MOVABLE);
    CHECK_EQ(buddy_free_frames(), before - 512);
    buddy_split(page, 9);
    for (size_t i = 0; i < 512; i++)
        buddy_free(page + (i * 37) % 512, 0);
    buddy_drain();
    CHECK_EQ(zone(ZONE_DMA32).blocks[0][MAX_ORDER] + zone(ZONE_DMA32).blocks[1][MAX_ORDER], 2);
}

TEST(buddy_other_harts_frames_are_found)
{
    struct page_list list = LIST_HEAD_INITIALIZER(list);
    size_t all;

    machine_boot(0x80000000, 8 * MIB);
    all = take_all(&list, 0);
    for (mm_host_hart = 0; mm_host_hart < MM_MAX_HARTS; mm_host_hart++) {
        struct page *page = LIST_FIRST(&list);

        LIST_REMOVE(page, link);
        buddy_free(page, 0);
    }
    mm_host_hart = 3;
    CHECK_EQ(take_all(&list, 0), MM_MAX_HARTS);
    give_all(&list);
    CHECK_EQ(take_all(&list, MM_MOVABLE), all);
}

TEST(buddy_crimes)
{
    struct page *page, *block;

    machine_boot(0x80000000, 8 * MIB);
    machine_ram(0x90000000, 4 * MIB);
    buddy_add_reserved(0x90000000, 4 * MIB);
    page = buddy_alloc(0, 0);
    block = buddy_alloc(2, 0);
    CHECK_PANIC(buddy_free(page, 1), "freed with order 1");
    CHECK_PANIC(buddy_free(block + 1, 2), "freed with order 2");
    page->count = 3;
    CHECK_PANIC(buddy_free(page, 0), "in use 3 times");
    page->count = 0;
    block[3].count = 1;
    CHECK_PANIC(buddy_free(block, 2), "in use 1 times");
    buddy_free(page, 0);
    CHECK_PANIC(buddy_free(page, 0), "is hart");
    buddy_drain();
    CHECK_PANIC(buddy_free(page, 0), "is free");
    CHECK_PANIC(buddy_free(pa_to_page(0x90001000), 0), "is reserved");
    CHECK_PANIC(buddy_add(0x80000000, PAGE_SIZE), "already");
    CHECK_PANIC(buddy_add_reserved(0x90000000, PAGE_SIZE), "already");
    CHECK(!buddy_alloc(MAX_ORDER + 1, 0));
}

/* What boot reserved can be given later; then everything is free and merged. */
TEST(buddy_reserved_given_later)
{
    struct mminfo_totals totals;

    machine_boot(0x80000000, 4 * MIB);
    machine_ram(0x80400000, 4 * MIB);
    buddy_add_reserved(0x80400000, 4 * MIB);
    buddy_totals(&totals);
    CHECK_EQ(totals.reserved, 1024);
    CHECK_EQ(totals.ram, 2048);
    buddy_add(0x80400000, 4 * MIB);
    buddy_totals(&totals);
    CHECK_EQ(totals.reserved, 0);
    CHECK_EQ(totals.free, 2048);
    CHECK_EQ(zone(ZONE_DMA32).min, 2048 / 256);
    buddy_audit();
}
