/* SPDX-License-Identifier: MIT
 *
 * memblock against a naive model: one byte for every page of a small window of physical memory.
 */
#include "harness.h"

#include <abi/errno.h>
#include <string.h>

#include "kernel/boot/memblock.h"

#define BASE 0x80000000ul
#define PAGES 256u

struct model {
    uint8_t memory[PAGES], reserved[PAGES];
};

static struct model model;

static unsigned runs(const uint8_t *map)
{
    unsigned n = 0;

    for (unsigned i = 0; i < PAGES; i++)
        n += map[i] && (i == 0 || !map[i - 1]);
    return n;
}

/* What the call must return; the model changes accordingly. */
static int model_set(uint8_t *map, uint64_t start, uint64_t end)
{
    uint8_t changed[PAGES];

    if (start >= end)
        return -EINVAL;
    memcpy(changed, map, PAGES);
    memset(changed + (start - BASE) / PAGE_SIZE, 1, (end - start) / PAGE_SIZE);
    if (runs(changed) > MEMBLOCK_RANGES)
        return -ENOMEM;
    memcpy(map, changed, PAGES);
    return 0;
}

static uint64_t model_alloc(size_t pages, size_t align)
{
    for (uint64_t pa = BASE; pa + pages * PAGE_SIZE <= BASE + PAGES * PAGE_SIZE; pa += PAGE_SIZE) {
        size_t first = (pa - BASE) / PAGE_SIZE, i = 0;

        while (i < pages && model.memory[first + i] && !model.reserved[first + i])
            i++;
        if (i == pages && pa % align == 0)
            return model_set(model.reserved, pa, pa + pages * PAGE_SIZE) == 0 ? pa : 0;
    }
    return 0;
}

/* Each iterator gives exactly the maximal runs of the pages for which `want` holds. */
static void check_iterator(int (*next)(paddr_t *, paddr_t *, size_t *), const uint8_t *want)
{
    uint8_t seen[PAGES] = {0};
    paddr_t cursor = 0, pa;
    size_t size, n = 0;

    while (next(&cursor, &pa, &size)) {
        CHECK(size > 0 && (pa | size) % PAGE_SIZE == 0);
        CHECK(pa >= BASE && pa + size <= BASE + PAGES * PAGE_SIZE);
        for (size_t i = (pa - BASE) / PAGE_SIZE; i < (pa + size - BASE) / PAGE_SIZE; i++) {
            CHECK(!seen[i]);
            seen[i] = 1;
        }
        n++;
    }
    CHECK(memcmp(seen, want, PAGES) == 0);
    CHECK(n >= runs(want));
}

static void check_all(void)
{
    uint8_t is_free[PAGES], is_reserved[PAGES];
    size_t total = 0;

    for (unsigned i = 0; i < PAGES; i++) {
        is_free[i] = model.memory[i] && !model.reserved[i];
        is_reserved[i] = model.memory[i] && model.reserved[i];
        total += model.memory[i];
    }
    check_iterator(memblock_next, model.memory);
    check_iterator(memblock_next_free, is_free);
    check_iterator(memblock_next_reserved, is_reserved);
    CHECK_EQ(memblock_total(), total * PAGE_SIZE);
}

static void random_range(uint64_t *pa, size_t *size)
{
    size_t at = rnd_below(PAGES), n = rnd_below(rnd_chance(80) ? 3 : 40);

    if (n > PAGES - at)
        n = PAGES - at;
    *pa = BASE + at * PAGE_SIZE;
    *size = n * PAGE_SIZE;
    if (n > 1 && rnd_chance(30)) { /* not whole pages */
        size_t cut = rnd_below(PAGE_SIZE);

        *pa += cut;
        *size -= cut + rnd_below(PAGE_SIZE);
    }
}

TEST(memblock_random)
{
    memblock_init();
    memset(&model, 0, sizeof(model));
    for (unsigned long i = 0, n = test_operations(); i < n; i++) {
        uint64_t pa;
        size_t size, align;

        if (rnd_below(400) == 0) {
            memblock_init();
            memset(&model, 0, sizeof(model));
            if (rnd_chance(50)) {
                memset(model.memory, 1, PAGES);
                CHECK_EQ(memblock_add(BASE, PAGES * PAGE_SIZE), 0);
            }
        }
        random_range(&pa, &size);
        switch (rnd_below(3)) {
        case 0:
            CHECK_EQ(memblock_add(pa, size), model_set(model.memory, (pa + PAGE_MASK) & ~PAGE_MASK,
                                                       (pa + size) & ~PAGE_MASK));
            break;
        case 1:
            CHECK_EQ(memblock_reserve(pa, size),
                     size ? model_set(model.reserved, pa & ~PAGE_MASK,
                                      (pa + size + PAGE_MASK) & ~PAGE_MASK)
                          : -EINVAL);
            break;
        default:
            align = 1ul << rnd_below(17);
            size = 1 + rnd_below(6 * PAGE_SIZE);
            CHECK_EQ(
                memblock_alloc(size, align),
                model_alloc((size + PAGE_MASK) / PAGE_SIZE, align < PAGE_SIZE ? PAGE_SIZE : align));
        }
        if (i % 16 == 0)
            check_all();
    }
}

TEST(memblock_limits)
{
    paddr_t cursor = 0, pa;
    size_t size;

    memblock_init();
    CHECK_EQ(memblock_add(DIRECT_SIZE, PAGE_SIZE), -EINVAL);
    CHECK_EQ(memblock_add(0x1001, PAGE_SIZE), -EINVAL);
    CHECK_EQ(memblock_add(DIRECT_SIZE - 2 * PAGE_SIZE, SIZE_MAX), 0);
    CHECK_EQ(memblock_total(), 2 * PAGE_SIZE);
    CHECK_EQ(memblock_reserve(DIRECT_SIZE - PAGE_SIZE, 1), 0);
    CHECK(memblock_next_free(&cursor, &pa, &size));
    CHECK_EQ(pa, DIRECT_SIZE - 2 * PAGE_SIZE);
    CHECK_EQ(size, PAGE_SIZE);
    CHECK_EQ(memblock_alloc(SIZE_MAX, 0), 0);
    CHECK_EQ(memblock_alloc(0, 0), 0);
    CHECK_EQ(memblock_alloc(PAGE_SIZE, 3 * PAGE_SIZE), 0);
    /* Frame 0 is RAM, but never given: 0 means failure. */
    CHECK_EQ(memblock_add(0, 2 * PAGE_SIZE), 0);
    CHECK_EQ(memblock_alloc(PAGE_SIZE, 0), PAGE_SIZE);
}

static size_t given_free, given_reserved;

static void give_free(paddr_t pa, size_t size)
{
    CHECK(pa % PAGE_SIZE == 0);
    given_free += size;
}

static void give_reserved(paddr_t pa, size_t size)
{
    CHECK(pa % PAGE_SIZE == 0);
    given_reserved += size;
}

TEST(memblock_handover)
{
    given_free = given_reserved = 0;
    memblock_init();
    CHECK_EQ(memblock_add(BASE, 100 * PAGE_SIZE), 0);
    CHECK_EQ(memblock_reserve(BASE - PAGE_SIZE, 11 * PAGE_SIZE), 0);
    CHECK_EQ(memblock_reserve(BASE + 50 * PAGE_SIZE, 1), 0);
    memblock_handover(give_free, give_reserved);
    CHECK_EQ(given_free, 89 * PAGE_SIZE);
    CHECK_EQ(given_reserved, 11 * PAGE_SIZE);
    CHECK_PANIC(memblock_alloc(PAGE_SIZE, 0), "hand-over");
    CHECK_PANIC(memblock_add(BASE, PAGE_SIZE), "hand-over");
    memblock_init();
}
