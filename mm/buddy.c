/* SPDX-License-Identifier: MIT
 *
 * buddy: free lists, splitting and merging (Knowlton 1965), watermarks, harts' lists. See buddy.h.
 *
 * A free block is found again by its buddy through the descriptor of its first frame alone: state
 * PAGE_FREE and its order. So no other frame may ever look like that: those inside a free block are
 * PAGE_FREE_TAIL. Blocks never span a zone, since 4 GiB is a multiple of the largest block.
 */
#include "mm/buddy.h"

#include <abi/errno.h>
#include <string.h>

#include "mm/mm.h"

_Static_assert(MM_INFO_ORDERS == MAX_ORDER + 1,
               "change MM_INFO_ORDERS in <abi/mminfo.h> to MAX_ORDER + 1");

#define ZONE_BOUNDARY_PFN (1ul << (32 - PAGE_SHIFT))

/* A hart keeps up to HART_LIST frames of each mobility and moves HART_BATCH at a time: enough
 * that the lists below are touched once in 16 allocations, little against the smallest `low` we
 * see (some 128). */
#define HART_LIST 31
#define HART_BATCH 16

/* min is 1/256 of a zone (kernel paths that cannot wait need little), low and high leave the pager,
 * which runs in user mode, two and three times that to react in. */
#define WATERMARK_SHIFT 8
#define WATERMARK_MIN_MAX 1024 /* 4 MiB are enough for any zone */

/* Kept out of the shortest paths, which then need few registers. */
#define SLOW __attribute__((noinline))

enum mobility { UNMOVABLE, MOVABLE, MOBILITIES };

struct zone {
    struct page_list list[MOBILITIES][MAX_ORDER + 1];
    struct mminfo_zone info; /* counted here as it is told; but in_harts */
};

struct hart_list {
    size_t n;
    struct page *frames[HART_LIST];
};

static struct zone zones[ZONE_COUNT];
static struct hart_list hart_lists[MM_MAX_HARTS][MOBILITIES];
static bool pressure_armed, ready;

void buddy_init(void)
{
    static const char names[ZONE_COUNT][MM_INFO_NAME] = {"DMA32", "NORMAL"};

    for (unsigned z = 0; z < ZONE_COUNT; z++) {
        zones[z] = (struct zone){0};
        memcpy(zones[z].info.name, names[z], MM_INFO_NAME);
        for (unsigned m = 0; m < MOBILITIES; m++) {
            for (unsigned order = 0; order <= MAX_ORDER; order++)
                LIST_INIT(&zones[z].list[m][order]);
        }
    }
    for (unsigned h = 0; h < MM_MAX_HARTS; h++) {
        for (unsigned m = 0; m < MOBILITIES; m++)
            hart_lists[h][m].n = 0;
    }
    for (unsigned s = 0; s < PAGE_NSTATES; s++)
        page_counts[s] = 0;
    pressure_armed = true;
    ready = false;
}

static struct zone *zone_of(const struct page *page)
{
    return &zones[page->flags & PAGE_F_ZONE];
}

static enum mobility mobility_of(const struct page *page)
{
    return page->flags & PAGE_F_MOVABLE ? MOVABLE : UNMOVABLE;
}

/* The descriptor that carries the mobility of this frame's page block. */
static struct page *block_head(struct page *page)
{
    return pfn_to_page(page_to_pfn(page) & ~((1ul << PAGEBLOCK_ORDER) - 1));
}

static enum mobility block_mobility(struct page *page)
{
    return block_head(page)->flags & PAGE_F_BLOCK ? MOVABLE : UNMOVABLE;
}

static void block_convert(struct page *page, unsigned order, enum mobility mobility)
{
    struct page *head = block_head(page);

    for (size_t i = 0; i == 0 || i < 1ul << order; i += 1ul << PAGEBLOCK_ORDER) {
        head[i].flags &= (uint8_t)~PAGE_F_BLOCK;
        head[i].flags |= mobility == MOVABLE ? PAGE_F_BLOCK : 0;
    }
}

/* The free lists. */

static void list_put(struct zone *zone, struct page *page, unsigned order)
{
    enum mobility mobility = block_mobility(page);

    page->state = PAGE_FREE;
    page->order = (uint8_t)order;
    page->flags &= (uint8_t)~PAGE_F_MOVABLE;
    page->flags |= mobility == MOVABLE ? PAGE_F_MOVABLE : 0;
    LIST_INSERT_HEAD(&zone->list[mobility][order], page, link);
    zone->info.blocks[mobility][order]++;
}

static void list_remove(struct zone *zone, struct page *page)
{
    LIST_REMOVE(page, link);
    zone->info.blocks[mobility_of(page)][page->order]--;
    page->state = PAGE_FREE_TAIL;
}

/* Put a block, all of whose frames are PAGE_FREE_TAIL, back and merge it upward. */
static void block_put(struct page *page, unsigned order)
{
    struct zone *zone = zone_of(page);
    uint64_t pfn = page_to_pfn(page);

    zone->info.free += 1ul << order;
    zone->info.frees++;
    while (order < MAX_ORDER) {
        struct page *buddy = pfn_to_page(pfn ^ (1ul << order));

        if (buddy->state != PAGE_FREE || buddy->order != order)
            break;
        list_remove(zone, buddy);
        pfn &= ~(1ul << order);
        order++;
    }
    list_put(zone, pfn_to_page(pfn), order);
    if (!pressure_armed && zones[ZONE_DMA32].info.free + zones[ZONE_NORMAL].info.free >
                               zones[ZONE_DMA32].info.high + zones[ZONE_NORMAL].info.high)
        pressure_armed = true;
}

/* The smallest block of this mobility that is large enough, else the largest of the other. */
static struct page *block_find(struct zone *zone, unsigned order, enum mobility mobility)
{
    for (unsigned o = order; o <= MAX_ORDER; o++) {
        if (!LIST_EMPTY(&zone->list[mobility][o]))
            return LIST_FIRST(&zone->list[mobility][o]);
    }
    for (unsigned o = MAX_ORDER + 1; o-- > order;) {
        struct page *page = LIST_FIRST(&zone->list[!mobility][o]);

        if (!page)
            continue;
        zone->info.fallbacks++;
        /* Half a page block or more: it changes sides, so that the next request finds it. */
        if (o + 1 >= PAGEBLOCK_ORDER)
            block_convert(page, order, mobility);
        return page;
    }
    return NULL;
}

/* Take 2^order frames that leave at least `reserve` free; NULL if there are none. */
static struct page *block_take(struct zone *zone, unsigned order, enum mobility mobility,
                               size_t reserve)
{
    struct page *page;
    unsigned have;

    if (zone->info.free < (1ul << order) + reserve)
        return NULL;
    page = block_find(zone, order, mobility);
    if (!page)
        return NULL;
    have = page->order;
    list_remove(zone, page);
    while (have > order) {
        have--;
        list_put(zone, page + (1ul << have), have);
    }
    zone->info.free -= 1ul << order;
    zone->info.allocs++;
    return page;
}

/* From the zones that the flags allow, in their order. */
static struct page *zones_take(unsigned order, unsigned flags)
{
    enum mobility mobility = flags & MM_MOVABLE ? MOVABLE : UNMOVABLE;
    struct zone *normal = &zones[ZONE_NORMAL], *dma32 = &zones[ZONE_DMA32];
    size_t reserve = dma32->info.min;
    struct page *page;

    if (!(flags & MM_DMA32) && normal->info.managed) {
        page = block_take(normal, order, mobility, flags & MM_ATOMIC ? 0 : normal->info.min);
        if (page)
            return page;
        reserve = dma32->info.low; /* leave some to those who can use nothing else */
    }
    return block_take(dma32, order, mobility, flags & MM_ATOMIC ? 0 : reserve);
}

/* Tell once that memory runs low. */
static void pressure_check(void)
{
    if (!pressure_armed || zones[ZONE_DMA32].info.free + zones[ZONE_NORMAL].info.free >=
                               zones[ZONE_DMA32].info.low + zones[ZONE_NORMAL].info.low)
        return;
    pressure_armed = false;
    if (mm_hooks.pressure)
        mm_hooks.pressure();
}

/* Harts' lists. */

static SLOW void hart_list_flush(struct hart_list *list, size_t keep)
{
    while (list->n > keep) {
        struct page *page = list->frames[--list->n];

        page->state = PAGE_FREE_TAIL;
        block_put(page, 0);
    }
}

void buddy_drain(void)
{
    for (unsigned h = 0; h < MM_MAX_HARTS; h++) {
        for (unsigned m = 0; m < MOBILITIES; m++)
            hart_list_flush(&hart_lists[h][m], 0);
    }
}

/* Put up to HART_BATCH frames into an empty list, so that the first one taken is the lowest. */
static SLOW bool hart_list_refill(struct hart_list *list, unsigned flags)
{
    size_t n = 0;

    while (n < HART_BATCH) {
        struct page *page = zones_take(0, flags & ~MM_ATOMIC);

        if (!page)
            break;
        page->state = PAGE_HART;
        list->frames[n++] = page;
    }
    list->n = n;
    for (size_t i = 0; i < n / 2; i++) {
        struct page *page = list->frames[i];

        list->frames[i] = list->frames[n - 1 - i];
        list->frames[n - 1 - i] = page;
    }
    pressure_check();
    return n > 0;
}

/* Write the descriptor of a freshly allocated frame. */
static inline void frame_finish(struct page *page, unsigned order, unsigned flags)
{
    bool movable = flags & MM_MOVABLE;

    page->owner = NULL;
    page->count = 0;
    page->state = movable ? PAGE_USER : PAGE_KERNEL;
    page->order = (uint8_t)order;
    page->flags = (page->flags & (uint8_t)~PAGE_F_MOVABLE) | (movable ? PAGE_F_MOVABLE : 0);
    if (flags & MM_ZERO)
        page_zero(page_to_virt(page));
}

/* Everything but a frame from a hart's list. */
static SLOW struct page *alloc_slow(unsigned order, unsigned flags)
{
    struct page *page;

    if (order > MAX_ORDER)
        return NULL;
    page = zones_take(order, flags);
    if (!page) {
        buddy_drain();
        page = zones_take(order, flags);
    }
    pressure_check();
    if (!page)
        return NULL;
    page_counts[flags & MM_MOVABLE ? PAGE_USER : PAGE_KERNEL] += 1ul << order;
    for (size_t i = 0; i < 1ul << order; i++)
        frame_finish(&page[i], order, flags);
    return page;
}

/* The hart's list is empty: fill it, or take what the reserve or other harts have. */
static SLOW struct page *alloc_refill(struct hart_list *list, unsigned flags)
{
    return hart_list_refill(list, flags) ? buddy_alloc(0, flags) : alloc_slow(0, flags);
}

struct page *buddy_alloc(unsigned order, unsigned flags)
{
    enum mobility mobility = flags & MM_MOVABLE ? MOVABLE : UNMOVABLE;
    struct hart_list *list = &hart_lists[mm_hart()][mobility];
    struct page *page;

    if (order > 0 || (flags & MM_DMA32))
        return alloc_slow(order, flags);
    if (list->n == 0)
        return alloc_refill(list, flags);
    page = list->frames[--list->n];
    page_counts[mobility == MOVABLE ? PAGE_USER : PAGE_KERNEL]++;
    frame_finish(page, 0, flags);
    return page;
}

static SLOW _Noreturn void bad_free(const struct page *page, unsigned order)
{
    mm_panic("buddy_free: frame %lx is %s, order %u, in use %u times; freed with order %u",
             (unsigned long)page_to_pfn(page), page_state_name(page->state), page->order,
             page->count, order);
}

static SLOW void free_slow(struct page *page, unsigned order)
{
    if (page_to_pfn(page) & ((1ul << order) - 1))
        bad_free(page, order);
    for (size_t i = 0; i < 1ul << order; i++) {
        if (page[i].count)
            bad_free(page + i, order);
        page[i].owner = NULL;
        page[i].state = PAGE_FREE_TAIL;
    }
    block_put(page, order);
}

void buddy_free(struct page *page, unsigned order)
{
    struct hart_list *list;

    if (page->state < PAGE_KERNEL || page->order != order || page->count)
        bad_free(page, order);
    page_counts[page->state] -= 1ul << order;
    if (order > 0) {
        free_slow(page, order);
        return;
    }
    list = &hart_lists[mm_hart()][mobility_of(page)];
    if (list->n == HART_LIST)
        hart_list_flush(list, HART_LIST - HART_BATCH);
    page->owner = NULL;
    page->state = PAGE_HART;
    list->frames[list->n++] = page;
}

void buddy_split(struct page *page, unsigned order)
{
    MM_ASSERT(page->state >= PAGE_KERNEL && page->order == order);
    for (size_t i = 0; i < 1ul << order; i++)
        page[i].order = 0;
}

/* Growing. */

static void compute_watermarks(void)
{
    for (unsigned z = 0; z < ZONE_COUNT; z++) {
        size_t min = zones[z].info.managed >> WATERMARK_SHIFT;

        zones[z].info.min = min < WATERMARK_MIN_MAX ? min : WATERMARK_MIN_MAX;
        zones[z].info.low = 2 * zones[z].info.min;
        zones[z].info.high = 3 * zones[z].info.min;
    }
}

/* One frame is about to become free. */
static void frame_adopt(struct page *page, uint64_t pfn)
{
    enum zone_id id = pfn < ZONE_BOUNDARY_PFN ? ZONE_DMA32 : ZONE_NORMAL;

    if (page->state == PAGE_RESERVED)
        page_counts[PAGE_RESERVED]--;
    else if (page->state != PAGE_NONE)
        mm_panic("buddy_add: frame %lx is %s already", (unsigned long)pfn,
                 page_state_name(page->state));
    page->state = PAGE_FREE_TAIL;
    page->flags = (page->flags & PAGE_F_BLOCK) | (uint8_t)id;
    if (!zones[id].info.managed || pfn < zones[id].info.first_pfn)
        zones[id].info.first_pfn = pfn;
    if (pfn >= zones[id].info.end_pfn)
        zones[id].info.end_pfn = pfn + 1;
    zones[id].info.managed++;
}

void buddy_add(paddr_t pa, size_t size)
{
    uint64_t pfn = (pa + PAGE_MASK) >> PAGE_SHIFT, end = (pa + size) >> PAGE_SHIFT;

    for (uint64_t i = pfn; i < end; i++)
        frame_adopt(pfn_to_page(i), i);
    while (pfn < end) {
        unsigned order = 0;

        while (order < MAX_ORDER && !(pfn & (1ul << order)) && pfn + (2ul << order) <= end)
            order++;
        if (!ready) /* at first all blocks are movable; the kernel converts what it needs */
            block_convert(pfn_to_page(pfn), order, MOVABLE);
        block_put(pfn_to_page(pfn), order);
        pfn += 1ul << order;
    }
    if (ready)
        compute_watermarks();
}

void buddy_add_reserved(paddr_t pa, size_t size)
{
    uint64_t end = (pa + size + PAGE_MASK) >> PAGE_SHIFT;

    for (uint64_t pfn = pa >> PAGE_SHIFT; pfn < end; pfn++) {
        struct page *page = pfn_to_page(pfn);

        if (page->state != PAGE_NONE)
            mm_panic("buddy_add_reserved: frame %lx is %s already", (unsigned long)pfn,
                     page_state_name(page->state));
        page->state = PAGE_RESERVED;
        page_counts[PAGE_RESERVED]++;
    }
}

void buddy_ready(void)
{
    compute_watermarks();
    ready = true;
}

/* Telling. */

static size_t frames_in_harts(unsigned zone)
{
    size_t n = 0;

    for (unsigned h = 0; h < MM_MAX_HARTS; h++) {
        for (unsigned m = 0; m < MOBILITIES; m++) {
            const struct hart_list *list = &hart_lists[h][m];

            for (size_t i = 0; i < list->n; i++)
                n += (list->frames[i]->flags & PAGE_F_ZONE) == zone;
        }
    }
    return n;
}

size_t buddy_managed_frames(void)
{
    return zones[ZONE_DMA32].info.managed + zones[ZONE_NORMAL].info.managed;
}

size_t buddy_free_frames(void)
{
    return zones[ZONE_DMA32].info.free + zones[ZONE_NORMAL].info.free +
           frames_in_harts(ZONE_DMA32) + frames_in_harts(ZONE_NORMAL);
}

int buddy_info(unsigned id, struct mminfo_zone *info)
{
    if (id >= ZONE_COUNT)
        return -ENOENT;
    *info = zones[id].info;
    info->in_harts = frames_in_harts(id);
    return 0;
}

void buddy_totals(struct mminfo_totals *totals)
{
    size_t in_zones = zones[ZONE_DMA32].info.free + zones[ZONE_NORMAL].info.free;

    *totals = (struct mminfo_totals){
        .ram = buddy_managed_frames() + page_counts[PAGE_RESERVED],
        .reserved = page_counts[PAGE_RESERVED],
        .free = in_zones,
        .in_harts = buddy_free_frames() - in_zones,
        .kernel = page_counts[PAGE_KERNEL],
        .slab = page_counts[PAGE_SLAB],
        .pgtable = page_counts[PAGE_PGTABLE],
        .user = page_counts[PAGE_USER],
    };
}
