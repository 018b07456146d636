/* SPDX-License-Identifier: MIT
 *
 * aspace: copying against a byte-wise model, and fencing against a model of every hart's TLB.
 */
#include "harness.h"

#include <abi/errno.h>
#include <string.h>

#include "mm/aspace.h"
#include "mm/buddy.h"
#include "mm/mm.h"

#define RAM 0x80000000ul
#define MIB (1ul << 20)

static pte_t *kernel_root;

static void setup(size_t ram, unsigned asid_bits)
{
    struct page *page;

    machine_boot(RAM, ram);
    page = buddy_alloc(0, MM_ZERO);
    page_set_state(page, PAGE_PGTABLE);
    kernel_root = page_to_virt(page);
    kernel_root[300] = pte_make(0x5000, PTE_V);
    aspace_setup(kernel_root, asid_bits);
}

/* Copying. Two spaces, each a window of pages around the first and the last page of a 2 MiB
 * table; the last pages of the second reach the end of user space. */

#define SPACES 2
#define PAGES 24
#define LENGTH (PAGES * PAGE_SIZE)

static struct aspace spaces[SPACES];
static const uintptr_t bases[SPACES] = {MEGAPAGE_SIZE - 8 * PAGE_SIZE, USER_TOP - LENGTH};
static pte_t model_flags[SPACES][PAGES];
static uint8_t *model_frame[SPACES][PAGES];
static uint8_t model_bytes[SPACES][LENGTH];
static uint8_t buffer[LENGTH], model_buffer[LENGTH];

static void map(unsigned s, unsigned page)
{
    static const pte_t kinds[] = {
        PTE_U | PTE_R, PTE_U | PTE_R | PTE_W, PTE_U | PTE_R | PTE_W,         PTE_U | PTE_X,
        PTE_R | PTE_W, PTE_U | PTE_RWX,       PTE_U | PTE_R | PTE_W | PTE_IO};
    uintptr_t va = bases[s] + page * PAGE_SIZE;
    struct page *frame = buddy_alloc(0, MM_MOVABLE);
    struct sv39_pool pool;
    pte_t flags = PTE_V | kinds[rnd_below(7)];
    size_t needed = sv39_tables_needed(spaces[s].root, va, 1);

    pool = (struct sv39_pool){0};
    CHECK(frame);
    CHECK_EQ(aspace_pool_fill(&pool, needed, &spaces[s]), 0);
    if (needed == 0 && rnd_chance(50))
        CHECK(aspace_map_at(&spaces[s], sv39_slot(spaces[s].root, va),
                            pte_make(page_to_pa(frame), flags)));
    else
        CHECK_EQ(aspace_map(&spaces[s], va, page_to_pa(frame), 0, flags, &pool), 0);
    CHECK_EQ(pool.count, 0);
    CHECK(!aspace_map_at(&spaces[s], sv39_slot(spaces[s].root, va), flags));
    model_flags[s][page] = flags;
    model_frame[s][page] = page_to_virt(frame);
    for (size_t i = 0; i < PAGE_SIZE; i += 8)
        *(uint64_t *)(model_frame[s][page] + i) = rnd();
    memcpy(model_bytes[s] + page * PAGE_SIZE, model_frame[s][page], PAGE_SIZE);
}

static void unmap(unsigned s, unsigned page)
{
    unsigned level;
    pte_t old = aspace_unmap(&spaces[s], bases[s] + page * PAGE_SIZE, &level);

    CHECK_EQ(old & PTE_FLAGS, model_flags[s][page]);
    CHECK_EQ(level, 0);
    CHECK(memcmp(model_frame[s][page], model_bytes[s] + page * PAGE_SIZE, PAGE_SIZE) == 0);
    buddy_free(pa_to_page(pte_pa(old)), 0);
    model_flags[s][page] = 0;
}

/* Of a space that ends. */
static void drop(pte_t leaf, unsigned level)
{
    CHECK_EQ(level, 0);
    buddy_free(pa_to_page(pte_pa(leaf)), 0);
}

/* One byte further: may it be accessed? Then A (and D) are set. */
static bool model_touch(unsigned s, uintptr_t va, pte_t right)
{
    size_t page = (va - bases[s]) / PAGE_SIZE;
    pte_t flags;

    if (va < bases[s] || va >= bases[s] + LENGTH)
        return false;
    flags = model_flags[s][page];
    if ((flags & (PTE_V | PTE_U | right)) != (PTE_V | PTE_U | right) || (flags & PTE_IO))
        return false;
    model_flags[s][page] |= right == PTE_W ? PTE_A | PTE_D : PTE_A;
    return true;
}

static void check_flags(void)
{
    for (unsigned s = 0; s < SPACES; s++) {
        for (unsigned page = 0; page < PAGES; page++) {
            unsigned level;
            pte_t pte = *sv39_walk(spaces[s].root, bases[s] + page * PAGE_SIZE, &level);

            CHECK_EQ(pte & PTE_FLAGS, model_flags[s][page]);
        }
    }
}

static void copy_with_kernel(unsigned s, uintptr_t va, size_t at, size_t len)
{
    size_t done = 0;

    if (rnd_chance(50)) {
        while (done < len && model_touch(s, va + done, PTE_R)) {
            model_buffer[at + done] = model_bytes[s][va + done - bases[s]];
            done++;
        }
        CHECK_EQ(aspace_copy_in(&spaces[s], buffer + at, va, len), done);
        CHECK(memcmp(buffer, model_buffer, LENGTH) == 0);
        return;
    }
    while (done < len && model_touch(s, va + done, PTE_W)) {
        model_bytes[s][va + done - bases[s]] = model_buffer[at + done];
        done++;
    }
    CHECK_EQ(aspace_copy_out(&spaces[s], va, buffer + at, len), done);
}

static void copy_between(unsigned s, uintptr_t to, unsigned t, uintptr_t from, size_t len)
{
    bool fault_at_to = rnd_chance(50), want = fault_at_to;
    size_t done = 0;

    if (s == t) /* overlapping moves are page-wise: keep the model out of it */
        return;
    while (done < len) {
        if (!model_touch(t, from + done, PTE_R)) {
            want = false;
            break;
        }
        if (!model_touch(s, to + done, PTE_W)) {
            want = true;
            break;
        }
        model_bytes[s][to + done - bases[s]] = model_bytes[t][from + done - bases[t]];
        done++;
    }
    CHECK_EQ(aspace_copy(&spaces[s], to, &spaces[t], from, len, &fault_at_to), done);
    CHECK_EQ(fault_at_to, want);
}

static uintptr_t random_va(unsigned s)
{
    uintptr_t va = bases[s] + rnd_below(PAGES) * PAGE_SIZE;

    return rnd_chance(30) ? va - rnd_below(20) : va + rnd_below(PAGE_SIZE);
}

TEST(aspace_copy_random)
{
    unsigned long operations = test_operations();
    size_t free_before;

    setup(8 * MIB, 16);
    free_before = buddy_free_frames();
    memset(model_flags, 0, sizeof(model_flags));
    for (unsigned s = 0; s < SPACES; s++)
        CHECK_EQ(aspace_init(&spaces[s], NULL), 0);
    for (unsigned long i = 0; i < operations; i++) {
        unsigned s = (unsigned)rnd_below(SPACES), page = (unsigned)rnd_below(PAGES);
        size_t len = rnd_below(rnd_chance(95) ? 64 : 3 * PAGE_SIZE);

        switch (rnd_below(rnd_chance(2) ? 3 : 2)) {
        case 0:
            copy_with_kernel(s, random_va(s), rnd_below(LENGTH - len), len);
            break;
        case 1:
            copy_between(s, random_va(s), !s, random_va(!s), len);
            break;
        default:
            if (model_flags[s][page])
                unmap(s, page);
            if (rnd_chance(85))
                map(s, page);
            check_flags();
        }
    }
    for (unsigned s = 0; s < SPACES; s++) {
        size_t resident = 0;

        for (unsigned page = 0; page < PAGES; page++)
            resident += model_flags[s][page] != 0;
        CHECK_EQ(spaces[s].resident, resident);
        for (unsigned page = 0; page < PAGES; page++) {
            if (model_flags[s][page] && rnd_chance(50))
                unmap(s, page);
        }
        while (aspace_destroy(&spaces[s], drop, 1))
            ;
        CHECK_EQ(spaces[s].resident, 0);
    }
    CHECK(free_before - buddy_free_frames() <= ASPACE_SPARES);
}

TEST(aspace_limits)
{
    struct aspace as;
    struct sv39_pool pool;
    struct page *mega;
    size_t left, frames;
    unsigned level;

    setup(8 * MIB, 16);
    frames = buddy_free_frames();
    CHECK_EQ(aspace_init(&as, NULL), 0);
    CHECK_EQ(as.root[300], kernel_root[300]);
    CHECK(!aspace_touch(&as, 0 - PAGE_SIZE, ACCESS_READ, &left));
    CHECK(!aspace_touch(&as, USER_TOP, ACCESS_READ, &left));
    CHECK(!aspace_touch(&as, 0x1234567890123456, ACCESS_READ, &left));
    pool = (struct sv39_pool){0};
    CHECK_EQ(aspace_map(&as, MM_DIRECT_BASE, RAM, 0, PTE_KERNEL_RW, &pool), -EINVAL);
    /* A megapage counts 512; touching one byte in it, then split, then dropped. */
    mega = buddy_alloc(9, MM_MOVABLE);
    CHECK_EQ(aspace_map(&as, MEGAPAGE_SIZE, page_to_pa(mega), 1, PTE_V | PTE_U | PTE_R, &pool),
             -ENOMEM);
    CHECK_EQ(aspace_pool_fill(&pool, 2, &as), 0);
    CHECK_EQ(aspace_map(&as, MEGAPAGE_SIZE, page_to_pa(mega), 1, PTE_V | PTE_U | PTE_R, &pool), 0);
    CHECK_EQ(as.resident, 512);
    CHECK_EQ(as.tables, 2);
    CHECK(aspace_touch(&as, MEGAPAGE_SIZE + 5000, ACCESS_READ, &left) ==
          (char *)page_to_virt(mega) + 5000);
    CHECK_EQ(left, MEGAPAGE_SIZE - 5000);
    CHECK(!aspace_touch(&as, MEGAPAGE_SIZE, ACCESS_WRITE, &left));
    CHECK(!aspace_touch(&as, MEGAPAGE_SIZE + 2 * USER_TOP, ACCESS_READ, &left)); /* an alias */
    CHECK_EQ(aspace_split(&as, MEGAPAGE_SIZE, &pool), 0);
    CHECK_EQ(as.tables, 3);
    CHECK_EQ(as.resident, 512);
    for (size_t i = 0; i < 512; i++)
        CHECK_EQ(aspace_unmap(&as, MEGAPAGE_SIZE + i * PAGE_SIZE, &level),
                 pte_make(page_to_pa(mega + i), PTE_V | PTE_U | PTE_R | PTE_A));
    CHECK_EQ(as.resident, 0);
    buddy_free(mega, 9);
    CHECK(aspace_destroy(&as, drop, 1));
    CHECK(!aspace_destroy(&as, drop, 1));
    CHECK(!as.root);
    CHECK_EQ(buddy_free_frames(), frames - 3); /* a root and two tables, kept */
    /* A pool that cannot be filled is left as it was. */
    CHECK_EQ(aspace_pool_fill(&pool, 1, NULL), 0);
    CHECK_EQ(aspace_pool_fill(&pool, 5000, NULL), -ENOMEM);
    CHECK_EQ(pool.count, 1);
    aspace_pool_drain(&pool);
    CHECK_EQ(buddy_free_frames(), frames - 2); /* one of the tables went when memory was short */
}

/* Fencing. Harts fill their TLBs with whatever the space they are in maps, at any time. */

#define TLB_SPACES 12
#define TLB_ENTRIES 64

struct translation {
    unsigned identity; /* which space's it really is; 0: none */
    uint32_t asid;
    uintptr_t va;
};

static struct aspace tlb_spaces[TLB_SPACES];
static unsigned identity[TLB_SPACES], next_identity; /* 0: does not exist */
static int running[MM_MAX_HARTS];
static struct translation tlb[MM_MAX_HARTS][TLB_ENTRIES];
static unsigned long fence_count;

static void tlb_fence(unsigned long harts, uint32_t asid, uintptr_t va, size_t size)
{
    fence_count++;
    for (unsigned h = 0; h < MM_MAX_HARTS; h++) {
        for (unsigned e = 0; e < TLB_ENTRIES; e++) {
            struct translation *t = &tlb[h][e];

            if ((harts & 1ul << h) && t->asid == asid &&
                (size == MM_FENCE_ALL || (t->va >= va && t->va < va + size)))
                t->identity = 0;
        }
    }
}

/* The hart speculates: it may translate any page of the space it is in. */
static void tlb_fill(unsigned h)
{
    int s = running[h];

    if (s >= 0)
        tlb[h][rnd_below(TLB_ENTRIES)] =
            (struct translation){identity[s], tlb_spaces[s].asid, rnd_below(256) * PAGE_SIZE};
}

/* No hart may ever hit another space's translation. */
static void tlb_check(void)
{
    for (unsigned h = 0; h < MM_MAX_HARTS; h++) {
        int s = running[h];

        for (unsigned e = 0; s >= 0 && e < TLB_ENTRIES; e++)
            CHECK(!tlb[h][e].identity || tlb[h][e].asid != tlb_spaces[s].asid ||
                  tlb[h][e].identity == identity[s]);
    }
}

static void op_enter(unsigned h, int s)
{
    running[h] = s;
    if (s >= 0 && aspace_enter(&tlb_spaces[s], h)) {
        for (unsigned e = 0; e < TLB_ENTRIES; e++) {
            if (tlb[h][e].asid == 0)
                tlb[h][e].identity = 0;
        }
    }
}

static void op_shootdown(unsigned s)
{
    uintptr_t va = rnd_below(250) * PAGE_SIZE;
    size_t pages = rnd_below(6);

    fence_count = 0;
    aspace_shootdown(&tlb_spaces[s], va, pages);
    CHECK(fence_count <= (pages > 0));
    for (unsigned h = 0; h < MM_MAX_HARTS; h++) {
        for (unsigned e = 0; e < TLB_ENTRIES; e++)
            CHECK(tlb[h][e].identity != identity[s] || tlb[h][e].va < va ||
                  tlb[h][e].va >= va + pages * PAGE_SIZE);
    }
}

static void op_create_or_destroy(unsigned s)
{
    if (!identity[s]) {
        CHECK_EQ(aspace_init(&tlb_spaces[s], NULL), 0);
        identity[s] = ++next_identity;
        return;
    }
    for (unsigned h = 0; h < MM_MAX_HARTS; h++) {
        if (running[h] == (int)s)
            op_enter(h, -1); /* the kernel's own root */
    }
    CHECK(!aspace_destroy(&tlb_spaces[s], drop, 10));
    identity[s] = 0;
}

static void fencing(unsigned asid_bits, unsigned long operations)
{
    setup(4 * MIB, asid_bits);
    machine_fence = tlb_fence;
    memset(identity, 0, sizeof(identity));
    memset(tlb, 0, sizeof(tlb));
    memset(running, -1, sizeof(running));
    for (unsigned long i = 0; i < operations; i++) {
        unsigned h = (unsigned)rnd_below(MM_MAX_HARTS), s = (unsigned)rnd_below(TLB_SPACES);

        tlb_fill(h);
        switch (rnd_below(16)) {
        case 0:
            if (identity[s])
                op_shootdown(s);
            break;
        case 1:
            if (rnd_chance(20))
                op_create_or_destroy(s);
            break;
        case 2:
        case 3:
            op_enter(h, identity[s] ? (int)s : -1);
            break;
        default:
            tlb_fill(h);
        }
        if (i % 8 == 0)
            tlb_check();
    }
}

TEST(aspace_fencing_without_asids)
{
    fencing(0, test_operations() / 3);
}

TEST(aspace_fencing_with_few_asids)
{
    fencing(3, test_operations() / 3);
}

TEST(aspace_fencing_with_asids)
{
    fencing(16, test_operations() / 3);
}

TEST(aspace_asids)
{
    static struct aspace many[20];

    setup(4 * MIB, 4);
    for (unsigned i = 0; i < 20; i++) {
        CHECK_EQ(aspace_init(&many[i], NULL), 0);
        CHECK_EQ(many[i].asid, i < 15 ? i + 1 : 0);
        CHECK_EQ(many[i].satp, sv39_satp(many[i].root, many[i].asid));
        CHECK_EQ(aspace_enter(&many[i], 2), i >= 15);
    }
    CHECK(!aspace_destroy(&many[7], drop, 1));
    CHECK_EQ(aspace_init(&many[7], NULL), 0);
    CHECK_EQ(many[7].asid, 8);
}
