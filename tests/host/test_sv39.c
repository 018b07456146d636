/* SPDX-License-Identifier: MIT
 *
 * sv39 against a naive model: one entry for every page of three windows (the first pages, around
 * a 1 GiB boundary, the last pages of user space), and which tables exist.
 */
#include "harness.h"

#include <abi/errno.h>
#include <string.h>

#include "mm/sv39.h"

#define RAM 0x80000000ul
#define TABLES 64
#define WINDOWS 3
#define MEGAS 4 /* in a window */
#define PAGES (MEGAS * 512)

struct entry {
    pte_t flags; /* 0: not mapped */
    paddr_t pa;
    bool mega;
};

struct mega {
    bool leaf, table;
};

static const uintptr_t window_base[WINDOWS] = {0, GIGAPAGE_SIZE - 2 * MEGAPAGE_SIZE,
                                               USER_TOP - MEGAS *MEGAPAGE_SIZE};
static struct entry entries[WINDOWS][PAGES];
static struct mega megas[WINDOWS][MEGAS];
static bool giga_table[SV39_ENTRIES];

static pte_t *root;
static pte_t *spare[TABLES]; /* zeroed pages that are in no tree and in no pool */
static size_t spare_count;

static void setup(void)
{
    machine_reset();
    machine_ram(RAM, (TABLES + 1) * PAGE_SIZE);
    memset(entries, 0, sizeof(entries));
    memset(megas, 0, sizeof(megas));
    memset(giga_table, 0, sizeof(giga_table));
    root = phys_to_virt(RAM + TABLES * PAGE_SIZE);
    for (spare_count = 0; spare_count < TABLES; spare_count++)
        spare[spare_count] = phys_to_virt(RAM + spare_count * PAGE_SIZE);
}

static void pool_fill(struct sv39_pool *pool, size_t n)
{
    *pool = (struct sv39_pool){0};
    while (n-- > 0) {
        CHECK(spare_count > 0);
        sv39_pool_put(pool, spare[--spare_count]);
    }
}

/* What is left or came back must be zeroed pages. */
static void pool_empty(struct sv39_pool *pool)
{
    pte_t *table;

    while ((table = sv39_pool_take(pool))) {
        for (unsigned i = 0; i < SV39_ENTRIES; i++)
            CHECK_EQ(table[i], 0);
        spare[spare_count++] = table;
    }
    CHECK_EQ(pool->count, 0);
}

static uintptr_t va_of(unsigned w, size_t page)
{
    return window_base[w] + page * PAGE_SIZE;
}

static unsigned giga_of(unsigned w, size_t page)
{
    return (unsigned)(va_of(w, page) / GIGAPAGE_SIZE);
}

/* Where a walk must end, and what it must find. */
static unsigned model_level(unsigned w, size_t page)
{
    if (!giga_table[giga_of(w, page)])
        return 2;
    return megas[w][page / 512].table ? 0 : 1;
}

static pte_t model_pte(unsigned w, size_t page)
{
    struct entry *e = &entries[w][page];

    if (!e->flags)
        return 0;
    return pte_make(e->mega ? e->pa & ~(MEGAPAGE_SIZE - 1) : e->pa, e->flags);
}

static void check_page(unsigned w, size_t page)
{
    unsigned level;
    pte_t *slot = sv39_walk(root, va_of(w, page), &level);

    CHECK_EQ(level, model_level(w, page));
    CHECK_EQ(*slot, model_pte(w, page));
    CHECK(sv39_slot(root, va_of(w, page)) == (level == 0 ? slot : NULL));
}

static pte_t random_prot(void)
{
    static const pte_t prots[] = {PTE_R, PTE_X, PTE_R | PTE_W, PTE_R | PTE_X, PTE_RWX};

    return prots[rnd_below(5)];
}

static pte_t random_flags(void)
{
    return PTE_V | PTE_U | random_prot() | (rnd() & (PTE_A | PTE_D));
}

/* Apply f to the page, or to all pages of its megapage. */
#define FOR_LEAF(w, page, e)                                                                       \
    for (struct entry *e = &entries[w][megas[w][(page) / 512].leaf ? (page) / 512 * 512 : (page)], \
                      *e##_end = e + (megas[w][(page) / 512].leaf ? 512 : 1);                      \
         e < e##_end; e++)

static long model_needed(unsigned w, size_t page, size_t n)
{
    long needed = 0;

    for (size_t i = page; i < page + n; i++) {
        bool first = i == page;

        if (megas[w][i / 512].leaf)
            return -EEXIST; /* no question for sv39_tables_needed */
        needed += !megas[w][i / 512].table && (first || i % 512 == 0);
        needed += !giga_table[giga_of(w, i)] && (first || giga_of(w, i) != giga_of(w, i - 1));
    }
    return needed;
}

static void op_map(unsigned w, size_t page)
{
    size_t n = 1 + rnd_below(rnd_chance(90) ? 4 : 600);
    struct sv39_pool pool;
    long needed;

    if (n > PAGES - page)
        n = PAGES - page;
    needed = model_needed(w, page, n);
    if (needed >= 0)
        CHECK_EQ(sv39_tables_needed(root, va_of(w, page), n), needed);
    for (size_t i = page; i < page + n; i++) {
        if (!entries[w][i].flags)
            continue;
        pool_fill(&pool, 0); /* a busy page is refused */
        CHECK_EQ(sv39_map(root, va_of(w, i), RAM, 0, PTE_V | PTE_R, &pool), -EEXIST);
        return;
    }
    pool_fill(&pool, (size_t)needed);
    for (size_t i = page; i < page + n; i++) {
        struct entry *e = &entries[w][i];

        *e = (struct entry){.flags = random_flags(), .pa = rnd_below(1 << 20) << PAGE_SHIFT};
        CHECK_EQ(sv39_map(root, va_of(w, i), e->pa, 0, e->flags, &pool), 0);
        megas[w][i / 512].table = true;
        giga_table[giga_of(w, i)] = true;
    }
    CHECK_EQ(pool.count, 0);
    CHECK_EQ(pool.taken, needed);
}

static void op_map_mega(unsigned w, size_t page)
{
    size_t first = page / 512 * 512;
    struct mega *mega = &megas[w][page / 512];
    struct sv39_pool pool;
    bool busy = mega->table || mega->leaf, have = rnd_chance(80);
    pte_t flags = random_flags();
    paddr_t pa = rnd_below(512) * MEGAPAGE_SIZE;
    int want = busy ? -EEXIST : giga_table[giga_of(w, page)] || have ? 0 : -ENOMEM;

    pool_fill(&pool, have);
    CHECK_EQ(sv39_map(root, va_of(w, first), pa, 1, flags, &pool), want);
    pool_empty(&pool);
    if (want)
        return;
    giga_table[giga_of(w, page)] = true;
    mega->leaf = true;
    for (size_t i = 0; i < 512; i++)
        entries[w][first + i] =
            (struct entry){.flags = flags, .pa = pa + i * PAGE_SIZE, .mega = true};
}

static void op_unmap(unsigned w, size_t page)
{
    pte_t want = model_pte(w, page);
    unsigned level, want_level = model_level(w, page);

    CHECK_EQ(sv39_unmap(root, va_of(w, page), &level), want);
    CHECK_EQ(level, want_level);
    FOR_LEAF(w, page, e)
    e->flags = 0;
    megas[w][page / 512].leaf = false;
}

/* What kernel/run/vm.c does to one leaf. */
static pte_t leaf_protect(uintptr_t va, pte_t prot, pte_t clear, unsigned *level)
{
    pte_t *slot = sv39_walk(root, va, level);

    return pte_read(slot) & PTE_V ? pte_protect(slot, prot, clear) : 0;
}

static pte_t leaf_harvest(uintptr_t va, pte_t clear, unsigned *level)
{
    pte_t *slot = sv39_walk(root, va, level);
    pte_t old = pte_read(slot);

    return old & PTE_V && old & clear ? pte_clear_bits(slot, clear) : old;
}

/* An empty table makes room for a megapage. */
static bool drop_table(uintptr_t va, struct sv39_pool *pool)
{
    pte_t *slot = sv39_slot(root, va);

    if (!slot)
        return false;
    pte_t *table = slot - sv39_index(va, 0);
    for (unsigned i = 0; i < SV39_ENTRIES; i++)
        if (table[i])
            return false;
    pte_swap(&pte_table(pte_read(&root[sv39_index(va, 2)]))[sv39_index(va, 1)], 0);
    sv39_pool_put(pool, table);
    return true;
}

static void op_protect(unsigned w, size_t page)
{
    pte_t want = model_pte(w, page), prot = random_prot(), clear = rnd() & (PTE_A | PTE_D);
    unsigned level;

    CHECK_EQ(leaf_protect(va_of(w, page), prot, clear, &level), want);
    CHECK_EQ(level, model_level(w, page));
    FOR_LEAF(w, page, e)
    {
        if (e->flags)
            e->flags = (e->flags & ~(PTE_RWX | clear)) | prot;
    }
}

static void op_harvest(unsigned w, size_t page)
{
    pte_t want = model_pte(w, page), clear = rnd() & (PTE_A | PTE_D);
    unsigned level;

    CHECK_EQ(leaf_harvest(va_of(w, page), clear, &level), want);
    CHECK_EQ(level, model_level(w, page));
    FOR_LEAF(w, page, e)
    e->flags &= ~clear;
}

/* A hart uses the page. */
static void op_touch(unsigned w, size_t page)
{
    pte_t bits = rnd_chance(50) ? PTE_A : PTE_A | PTE_D;
    unsigned level;
    pte_t *slot = sv39_walk(root, va_of(w, page), &level);

    if (!entries[w][page].flags)
        return;
    pte_set_bits(slot, bits);
    FOR_LEAF(w, page, e)
    e->flags |= bits;
}

static void op_split(unsigned w, size_t page)
{
    struct sv39_pool pool;
    bool have = rnd_chance(80);
    int want = !megas[w][page / 512].leaf ? -ENOENT : have ? 0 : -ENOMEM;

    pool_fill(&pool, have);
    CHECK_EQ(sv39_split(root, va_of(w, page), &pool), want);
    pool_empty(&pool);
    if (want)
        return;
    FOR_LEAF(w, page, e)
    e->mega = false;
    megas[w][page / 512] = (struct mega){.table = true};
}

static void op_drop_table(unsigned w, size_t page)
{
    struct sv39_pool pool;
    bool want = megas[w][page / 512].table;

    for (size_t i = page / 512 * 512; i < page / 512 * 512 + 512; i++)
        want &= entries[w][i].flags == 0;
    pool_fill(&pool, 0);
    CHECK_EQ(drop_table(va_of(w, page), &pool), want);
    CHECK_EQ(pool.count, want);
    pool_empty(&pool);
    if (want)
        megas[w][page / 512].table = false;
}

/* Where a leaf that is taken out belongs: drop is not told its address, but they come in order. */
static struct {
    unsigned w;
    size_t page, pages;
} at;

static bool at_hole(void)
{
    return !entries[at.w][at.page].flags;
}

/* Called for each leaf that is left, once, in order. */
static void drop(pte_t leaf, unsigned level)
{
    while (at.w < WINDOWS && at_hole()) {
        at.page = (at.page + 1) % PAGES;
        at.w += at.page == 0;
    }
    CHECK(at.w < WINDOWS);
    CHECK_EQ(leaf, model_pte(at.w, at.page));
    CHECK_EQ(level, entries[at.w][at.page].mega);
    for (size_t n = sv39_size(level) / PAGE_SIZE; n > 0; n--, at.pages++) {
        entries[at.w][at.page].flags = 0;
        at.page = (at.page + 1) % PAGES;
        at.w += at.page == 0;
    }
}

static size_t model_tables(void)
{
    size_t n = 0;

    for (unsigned w = 0; w < WINDOWS; w++) {
        for (unsigned m = 0; m < MEGAS; m++)
            n += megas[w][m].table;
    }
    for (unsigned g = 0; g < SV39_ENTRIES; g++)
        n += giga_table[g];
    return n;
}

static void tear_down(void)
{
    struct sv39_teardown t = {.drop = drop, .tables = model_tables()};
    size_t tables = t.tables, pages;
    bool more;

    for (size_t p = 0; p < PAGES; p++) /* tables without pages behind the last page */
        op_unmap(WINDOWS - 1, p);
    CHECK_EQ(spare_count, TABLES - tables);
    for (unsigned w = 0; w < WINDOWS; w++)
        for (size_t i = 0; i < PAGES; i++)
            t.pages += entries[w][i].flags != 0;
    pages = t.pages;
    memset(&at, 0, sizeof(at));
    do {
        size_t before = at.pages;
        t.budget = (long)(1 + rnd_below(600));
        long had = t.budget;
        more = sv39_destroy(root, 0, USER_TOP, &t);
        CHECK(!more || t.budget <= 0);
        CHECK(at.pages - before <= (size_t)had * (SV39_ENTRIES / SV39_TABLE_COST) + SV39_ENTRIES);
        CHECK_EQ(t.pages, pages - at.pages);
        CHECK_EQ(t.tables, tables - t.pool.count);
    } while (more);
    CHECK_EQ(t.pages, 0);
    CHECK_EQ(t.pool.count, tables);
    pool_empty(&t.pool);
    CHECK_EQ(spare_count, TABLES);
    for (unsigned i = 0; i < SV39_KERNEL_ENTRY; i++)
        CHECK_EQ(root[i], 0);
    memset(entries, 0, sizeof(entries));
    memset(megas, 0, sizeof(megas));
    memset(giga_table, 0, sizeof(giga_table));
}

TEST(sv39_random)
{
    static void (*const ops[])(unsigned w, size_t page) = {
        op_map,     op_map,   op_map,   op_map_mega, op_unmap, op_unmap,      op_unmap,
        op_protect, op_touch, op_touch, op_harvest,  op_split, op_drop_table, op_drop_table};
    const unsigned nops = sizeof(ops) / sizeof(ops[0]);

    setup();
    for (unsigned long i = 0, n = test_operations(); i < n; i++) {
        unsigned w = (unsigned)rnd_below(WINDOWS);
        size_t page = rnd_below(PAGES);

        ops[rnd_below(nops)](w, page);
        check_page(w, page);
        check_page(w, rnd_below(PAGES));
        if (rnd_below(3000) == 0) /* empty a window */
            for (size_t p = 0; p < PAGES; p++)
                op_unmap(w, p);
        if (rnd_below(20000) == 0)
            tear_down();
        if (i % 4096 == 0) {
            for (unsigned v = 0; v < WINDOWS; v++) {
                for (size_t p = 0; p < PAGES; p++)
                    check_page(v, p);
            }
        }
    }
    tear_down();
}

TEST(sv39_refuses)
{
    struct sv39_pool pool;
    unsigned level;

    setup();
    pool_fill(&pool, 8);
    CHECK_EQ(sv39_map(root, 0x1001, 0, 0, PTE_V | PTE_R, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, 0x1000, 0x800, 0, PTE_V | PTE_R, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, 0x1000, 0, 1, PTE_V | PTE_R, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, 0, 0x1000, 1, PTE_V | PTE_R, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, 0, 0, 3, PTE_V | PTE_R, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, 0, 0, 0, PTE_V, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, 0, 0, 0, PTE_R, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, 0, 0, 0, PTE_V | PTE_W, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, 0, 0, 0, PTE_V | PTE_R | 1ul << 10, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, USER_TOP, 0, 0, PTE_V | PTE_R, &pool), -EINVAL);
    CHECK_EQ(sv39_map(root, 0 - USER_TOP - PAGE_SIZE, 0, 0, PTE_V | PTE_R, &pool), -EINVAL);
    CHECK_EQ(sv39_tables_needed(root, 0, 1ul << 20), 4 + 4 * 512);
    CHECK_EQ(pool.count, 8);
    /* The very last page. */
    CHECK_EQ(sv39_map(root, 0 - PAGE_SIZE, 0x5000, 0, PTE_KERNEL_RO, &pool), 0);
    CHECK_EQ(*sv39_walk(root, 0 - PAGE_SIZE, &level), pte_make(0x5000, PTE_KERNEL_RO));
    CHECK_EQ(pool.count, 6);
}

/* The boot code's use: the largest leaves that fit. */
TEST(sv39_levels_and_roots)
{
    static const struct {
        size_t size;
        unsigned level;
    } leaves[] = {{PAGE_SIZE, 0}, {MEGAPAGE_SIZE, 1}, {GIGAPAGE_SIZE, 2}, {PAGE_SIZE, 0}};
    uintptr_t va = MM_DIRECT_BASE + GIGAPAGE_SIZE - MEGAPAGE_SIZE - PAGE_SIZE;
    size_t size = PAGE_SIZE + MEGAPAGE_SIZE + GIGAPAGE_SIZE + PAGE_SIZE;
    struct sv39_pool pool;
    pte_t *other;

    setup();
    pool_fill(&pool, 8);
    for (unsigned i = 0; i < 4; i++) {
        paddr_t pa = va - MM_DIRECT_BASE;
        unsigned level;

        CHECK_EQ(sv39_level(va, pa, size), leaves[i].level);
        CHECK_EQ(sv39_map(root, va, pa, leaves[i].level, PTE_KERNEL_RW, &pool), 0);
        CHECK_EQ(*sv39_walk(root, va, &level), pte_make(pa, PTE_KERNEL_RW));
        CHECK_EQ(level, leaves[i].level);
        va += leaves[i].size;
        size -= leaves[i].size;
    }
    CHECK_EQ(sv39_level(0x200000, 0x201000, GIGAPAGE_SIZE), 0);
    CHECK_EQ(pool.taken, 4);
    other = sv39_pool_take(&pool);
    memset(other, 0xff, PAGE_SIZE);
    sv39_root_init(other, root);
    for (unsigned i = 0; i < SV39_ENTRIES; i++)
        CHECK_EQ(other[i], i < SV39_KERNEL_ENTRY ? 0 : root[i]);
    CHECK_EQ(sv39_satp(other, 5), 8ul << 60 | 5ul << 44 | virt_to_phys(other) >> 12);
}

/* Right after each read of a leaf, a hart's walker sets A or D in it, and counts. We clear them
 * in every way there is, and count what we were told: not one may be lost. */
static unsigned long walker_set;

static void walker(pte_t *slot)
{
    pte_t bits = rnd() & (PTE_A | PTE_D) & ~*slot;

    if (!pte_is_leaf(*slot))
        return;
    *slot |= bits;
    walker_set += ((bits & PTE_A) != 0) + ((bits & PTE_D) != 0);
}

/* How many of `bits` the old PTE had. */
static unsigned told(pte_t old, pte_t bits)
{
    return ((old & bits & PTE_A) != 0) + ((old & bits & PTE_D) != 0);
}

TEST(sv39_no_lost_bits)
{
    const pte_t flags = PTE_V | PTE_U | PTE_R | PTE_W;
    struct sv39_pool pool;
    unsigned long seen = 0, operations = test_operations();
    unsigned level;
    pte_t *slot;

    setup();
    pool_fill(&pool, 2);
    CHECK_EQ(sv39_map(root, 0x5000, RAM, 0, flags, &pool), 0);
    slot = sv39_slot(root, 0x5000);
    walker_set = 0;
    mm_host_walker = walker;
    for (unsigned long i = 0; i < operations; i++) {
        pte_t clear = rnd() & (PTE_A | PTE_D);

        switch (rnd_below(3)) {
        case 0:
            seen += told(leaf_harvest(0x5000, clear, &level), clear);
            break;
        case 1:
            seen += told(leaf_protect(0x5000, random_prot(), clear, &level), clear);
            break;
        default:
            seen += told(sv39_unmap(root, 0x5000, &level), PTE_A | PTE_D);
            pte_install(slot, pte_make(RAM, flags));
        }
    }
    mm_host_walker = NULL;
    seen += told(sv39_unmap(root, 0x5000, &level), PTE_A | PTE_D);
    CHECK(walker_set > operations / 4);
    CHECK_EQ(seen, walker_set);
}

TEST(sv39_split_loses_no_bits)
{
    struct sv39_pool pool;
    unsigned level;

    for (unsigned i = 0; i < 100; i++) {
        setup();
        pool_fill(&pool, 2);
        CHECK_EQ(sv39_map(root, 0, RAM & ~(MEGAPAGE_SIZE - 1), 1, PTE_V | PTE_R | PTE_W, &pool), 0);
        walker_set = 0;
        mm_host_walker = walker;
        CHECK_EQ(sv39_split(root, 0x5000, &pool), 0);
        mm_host_walker = NULL;
        for (uintptr_t va = 0; va < MEGAPAGE_SIZE; va += PAGE_SIZE)
            CHECK_EQ(told(*sv39_walk(root, va, &level), PTE_A | PTE_D), walker_set);
    }
}
