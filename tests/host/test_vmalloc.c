/* SPDX-License-Identifier: MIT
 *
 * vmalloc against a naive model: a table of areas. The memory itself cannot be touched by its
 * address here, so pages are looked at through the kernel's page table.
 */
#include "harness.h"

#include <abi/errno.h>
#include <string.h>

#include "mm/buddy.h"
#include "mm/mm.h"
#include "mm/slab.h"
#include "mm/vmalloc.h"

#define RAM 0x80000000ul
#define MIB (1ul << 20)
#define AREAS 60

static pte_t *root;
static struct vm_area areas[AREAS];
static size_t model_size[AREAS], model_max[AREAS]; /* max 0: not reserved yet */
static uint64_t stamps[AREAS];

static void setup(size_t ram)
{
    struct page *page;

    machine_boot(RAM, ram);
    page = buddy_alloc(0, MM_ZERO);
    page_set_state(page, PAGE_PGTABLE);
    root = page_to_virt(page);
    vmalloc_init(root);
    memset(model_max, 0, sizeof(model_max));
    memset(model_size, 0, sizeof(model_size));
}

static uint64_t *frame_of(uintptr_t va)
{
    unsigned level;
    pte_t pte = *sv39_walk(root, va, &level);

    if (!(pte & PTE_V))
        return NULL;
    CHECK_EQ(level, 0);
    CHECK_EQ(pte & PTE_FLAGS, PTE_KERNEL_RW);
    CHECK_EQ(pa_to_page(pte_pa(pte))->state, PAGE_KERNEL);
    return phys_to_virt(pte_pa(pte));
}

/* Mapped exactly [base, base + size), each page with the area's stamp; guard pages on both
 * sides. */
static void check_area(unsigned i)
{
    struct vm_area *area = &areas[i];

    CHECK_EQ(area->size, model_size[i]);
    CHECK_EQ(area->max, model_max[i]);
    CHECK(!frame_of(area->base - PAGE_SIZE));
    CHECK(!frame_of(area->base + area->max));
    for (size_t at = 0; at < area->max; at += PAGE_SIZE) {
        uint64_t *frame = frame_of(area->base + at);

        CHECK((frame != NULL) == (at < area->size));
        if (frame)
            CHECK_EQ(*frame, stamps[i] + at);
    }
}

static void check_apart(unsigned i)
{
    uintptr_t start = areas[i].base, end = start + areas[i].max;

    CHECK(start > VMALLOC_BASE && end < VMALLOC_BASE + VMALLOC_SIZE && start % PAGE_SIZE == 0);
    for (unsigned j = 0; j < AREAS; j++) {
        if (j != i && model_max[j])
            CHECK(areas[j].base + model_max[j] + PAGE_SIZE <= start ||
                  end + PAGE_SIZE <= areas[j].base);
    }
}

static void grow(unsigned i, size_t size)
{
    size_t pages = (size + PAGE_MASK) & ~PAGE_MASK, old = model_size[i];
    size_t free_before = buddy_free_frames();
    int err = vmalloc_grow(&areas[i], size);

    if (size > model_max[i]) {
        CHECK_EQ(err, -EINVAL);
        return;
    }
    if (err) {
        CHECK_EQ(err, -ENOMEM);
        CHECK(free_before < (pages - old) / PAGE_SIZE + 64 + 20); /* min, and tables */
        CHECK(areas[i].size < pages);
        pages = areas[i].size;
    }
    if (pages <= old)
        return;
    model_size[i] = pages;
    for (size_t at = old; at < pages; at += PAGE_SIZE) {
        uint64_t *frame = frame_of(areas[i].base + at);

        CHECK(frame && frame[0] == 0 && frame[511] == 0);
        *frame = stamps[i] + at;
    }
}

/* Until memory and addresses are used up; then again from the beginning. */
TEST(vmalloc_random)
{
    for (unsigned long i = 0, n = test_operations(); i < n; i++) {
        unsigned a = (unsigned)rnd_below(AREAS);
        size_t max = 1 + rnd_below(rnd_chance(98) ? 20 * PAGE_SIZE : 30 * MIB), used = 0;

        if (i % 2048 == 0)
            setup(8 * MIB);
        if (!model_max[a]) {
            CHECK_EQ(vmalloc_reserve(&areas[a], max), 0);
            model_max[a] = (max + PAGE_MASK) & ~PAGE_MASK;
            stamps[a] = rnd();
            check_apart(a);
        } else {
            grow(a, rnd_below(rnd_chance(98) ? 12 * PAGE_SIZE : 5 * MIB));
            if (rnd_chance(10))
                check_area(a);
        }
        if (i % 64)
            continue;
        for (unsigned j = 0; j < AREAS; j++)
            used += model_size[j];
        CHECK_EQ(page_counts[PAGE_KERNEL], used / PAGE_SIZE);
        CHECK_EQ(buddy_free_frames() + page_counts[PAGE_KERNEL] + page_counts[PAGE_PGTABLE],
                 buddy_managed_frames());
    }
}

TEST(vmalloc_refuses)
{
    struct vm_area area, other;
    size_t free_before;

    setup(4 * MIB);
    CHECK_EQ(vmalloc_reserve(&area, 0), -EINVAL);
    CHECK_EQ(vmalloc_reserve(&area, VMALLOC_SIZE), -ENOMEM);
    CHECK_EQ(vmalloc_reserve(&area, SIZE_MAX), -ENOMEM);
    CHECK_EQ(vmalloc_reserve(&area, VMALLOC_SIZE - 2 * PAGE_SIZE), 0);
    CHECK_EQ(vmalloc_reserve(&other, 1), -ENOMEM);
    CHECK_EQ(vmalloc_grow(&area, PAGE_SIZE), 0);
    /* Too little memory: what there was is in the area. */
    free_before = buddy_free_frames();
    CHECK_EQ(vmalloc_grow(&area, 64 * MIB), -ENOMEM);
    CHECK(area.size > PAGE_SIZE && area.size < 64 * MIB);
    CHECK(free_before - buddy_free_frames() >= area.size / PAGE_SIZE - 1);
    CHECK_EQ(vmalloc_grow(&area, area.size), 0);
}

static uintptr_t expect_start, expect_end;
static unsigned fences;

static void watch_fence(unsigned long harts, uint32_t asid, uintptr_t va, size_t size)
{
    CHECK_EQ(harts, MM_ALL_HARTS);
    CHECK_EQ(asid, MM_ASID_ANY);
    CHECK(va <= expect_start && va + size >= expect_end);
    fences++;
}

/* All harts forget that nothing was there. */
TEST(vmalloc_fences)
{
    struct vm_area area;

    setup(4 * MIB);
    fences = 0;
    CHECK_EQ(vmalloc_reserve(&area, MIB), 0);
    expect_start = area.base;
    expect_end = area.base + 10 * PAGE_SIZE;
    machine_fence = watch_fence;
    CHECK_EQ(vmalloc_grow(&area, 10 * PAGE_SIZE), 0);
    CHECK_EQ(fences, 1);
}
