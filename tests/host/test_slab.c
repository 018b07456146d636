/* SPDX-License-Identifier: MIT
 *
 * slab and kmalloc against a naive model: a table of live objects, each filled with its own bytes;
 * and the crimes that debug builds detect.
 */
#include "harness.h"

#include <abi/errno.h>
#include <string.h>

#include "mm/buddy.h"
#include "mm/kmalloc.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define RAM 0x80000000ul
#define MIB (1ul << 20)
#define CACHES 6
#define MAX_LIVE 3000

struct object {
    uint8_t *p;
    size_t size;
    int cache; /* -1: kmalloc */
    uint8_t byte;
};

static const struct {
    size_t size, align;
} shapes[CACHES] = {{1, 0}, {24, 8}, {100, 64}, {600, 16}, {1500, 32}, {4096, 0}};

static struct slab_cache caches[CACHES];
static struct object live[MAX_LIVE];
static size_t live_count, live_in[CACHES];

static size_t slab_frames(void)
{
    struct mminfo_totals totals;

    buddy_totals(&totals);
    return totals.slab;
}

static void fill(struct object *object)
{
    object->byte = (uint8_t)rnd();
    memset(object->p, object->byte, object->size);
}

static void check_filled(const struct object *object)
{
    CHECK(object->p[0] == object->byte);
    CHECK(object->p[object->size / 2] == object->byte);
    CHECK(object->p[object->size - 1] == object->byte);
    CHECK(memcmp(object->p, object->p + 1, object->size - 1) == 0);
}

static size_t random_size(void)
{
    if (rnd_chance(1))
        return 1 + rnd_below(20000);
    return 1 + rnd_below(rnd_chance(80) ? 200 : 2500);
}

static void random_alloc(void)
{
    struct object *object = &live[live_count];
    unsigned flags = rnd_chance(20) ? MM_ZERO : 0;
    size_t align;

    object->cache = (int)rnd_below(CACHES + 4);
    if (object->cache < CACHES) {
        object->size = shapes[object->cache].size;
        align = shapes[object->cache].align ? shapes[object->cache].align : 8;
        object->p = slab_alloc(&caches[object->cache], flags);
    } else {
        object->cache = -1;
        object->size = random_size();
        align = object->size <= 8 ? 8 : object->size <= 2048 ? 16 : PAGE_SIZE;
        object->p = kmalloc(object->size, flags);
    }
    if (!object->p)
        return;
    CHECK_EQ((uintptr_t)object->p % align, 0);
    if (flags & MM_ZERO) {
        CHECK(object->p[0] == 0);
        CHECK(memcmp(object->p, object->p + 1, object->size - 1) == 0);
    }
    if (object->cache >= 0)
        live_in[object->cache]++;
    fill(object);
    live_count++;
}

static void random_free(size_t index)
{
    struct object object = live[index];

    check_filled(&object);
    live[index] = live[--live_count];
    if (object.cache < 0) {
        kfree(object.p);
        return;
    }
    live_in[object.cache]--;
    if (rnd_chance(10))
        kfree(object.p); /* finds the cache by itself */
    else
        slab_free(&caches[object.cache], object.p);
}

static void check_counts(void)
{
    struct mminfo_slab info;
    size_t frames = 0, found = 0;

    for (unsigned i = 0; slab_info(i, &info) == 0; i++) {
        frames += info.slabs * info.frames;
        CHECK(info.active + info.in_harts <= info.total);
        CHECK(info.empty <= info.slabs);
        for (unsigned c = 0; c < CACHES; c++) {
            if (strcmp(info.name, caches[c].name) != 0)
                continue;
            CHECK_EQ(info.active, live_in[c]);
            CHECK_EQ(info.size, shapes[c].size);
            found++;
        }
    }
    CHECK_EQ(found, CACHES);
    CHECK_EQ(frames, slab_frames());
}

TEST(slab_random)
{
    static const char *const names[CACHES] = {"one", "two", "three", "four", "five", "six"};
    size_t free_before;
    unsigned bias = 55;

    machine_boot(RAM, 8 * MIB);
    live_count = 0;
    free_before = buddy_free_frames();
    for (unsigned c = 0; c < CACHES; c++) {
        slab_create(&caches[c], names[c], shapes[c].size, shapes[c].align);
        live_in[c] = 0;
    }
    for (unsigned long i = 0, n = test_operations(); i < n; i++) {
        mm_host_hart = (unsigned)rnd_below(MM_MAX_HARTS);
        if (rnd_below(5000) == 0)
            bias = (unsigned)(30 + rnd_below(41));
        if (rnd_chance(bias) && live_count < MAX_LIVE)
            random_alloc();
        else if (live_count > 0)
            random_free(rnd_below(live_count));
        if (rnd_below(20000) == 0)
            slab_shrink(&caches[rnd_below(CACHES)]);
        if (i % 1024 == 0)
            check_counts();
        if (i % 16384 == 0) {
            slab_audit();
            buddy_audit();
        }
    }
    if (live_in[0])
        CHECK_EQ(slab_destroy(&caches[0]), -EBUSY);
    while (live_count)
        random_free(live_count - 1);
    check_counts();
    for (unsigned c = 0; c < CACHES; c++)
        CHECK_EQ(slab_destroy(&caches[c]), 0);
    slab_shrink_all();
    CHECK_EQ(slab_frames(), 0);
    CHECK_EQ(buddy_free_frames(), free_before);
}

TEST(slab_exhaustion)
{
    struct slab_cache cache;
    struct mminfo_slab info;
    void *first = NULL, *p;
    size_t n = 0, frames;

    machine_boot(RAM, 2 * MIB);
    frames = buddy_free_frames();
    slab_create(&cache, "greedy", 200, 0);
    for (; (p = slab_alloc(&cache, 0)); n++) {
        *(void **)p = first;
        first = p;
    }
    CHECK(n > 512 * 4096 / 300 / 2);
    CHECK(!kmalloc(3000, 0));
    /* A free object in another hart's magazine is found. */
    p = first;
    first = *(void **)p;
    mm_host_hart = 5;
    slab_free(&cache, p);
    mm_host_hart = 1;
    CHECK(slab_alloc(&cache, 0) == p);
    CHECK(!slab_alloc(&cache, 0));
    CHECK(slab_alloc(&cache, MM_ATOMIC));
    CHECK_EQ(slab_info(0, &info), 0);
    CHECK_EQ(info.active, n + 1);
    while ((p = first)) {
        first = *(void **)p;
        slab_free(&cache, p);
    }
    slab_free(&cache, first = slab_alloc(&cache, 0));
    CHECK(slab_shrink_all() > 0);
    CHECK(buddy_free_frames() >= frames - 8); /* the two that are still out */
}

TEST(kmalloc_sizes)
{
    size_t all;

    machine_boot(RAM, 32 * MIB);
    all = buddy_free_frames();
    CHECK(!kmalloc(0, 0));
    CHECK(!kmalloc(4 * MIB + 1, 0));
    kfree(NULL);
    for (size_t size = 1; size <= 4 * MIB; size += 1 + size / 7) {
        uint8_t *p = kzalloc(size, 0);

        CHECK(p && p[0] == 0 && p[size - 1] == 0);
        memset(p, 0xff, size);
        kfree(p);
    }
    slab_shrink_all();
    CHECK_EQ(buddy_free_frames(), all);
}

TEST(kmalloc_crimes)
{
    struct page *page;
    char *p;

    machine_boot(RAM, 8 * MIB);
    page = buddy_alloc(0, MM_MOVABLE);
    CHECK_PANIC(kfree(page_to_virt(page)), "is user");
    p = kmalloc(10000, 0);
    CHECK_PANIC(kfree(p + 8), "not from kmalloc");
    CHECK_PANIC(kfree(p + PAGE_SIZE), "freed with order");
    kfree(p);
    CHECK_PANIC(kfree(p), "is free");
    CHECK_PANIC(slab_create(&caches[0], "big", 4097, 0), "size 4097");
    CHECK_PANIC(slab_create(&caches[0], "odd", 8, 24), "alignment 24");
}

#ifdef OCTAVO_DEBUG
static struct slab_cache victim;

static uint8_t *fresh_victim(size_t size, size_t align)
{
    machine_boot(RAM, 8 * MIB);
    slab_create(&victim, "victim", size, align);
    return slab_alloc(&victim, 0);
}

TEST(debug_double_free)
{
    uint8_t *p = fresh_victim(40, 0), *q = slab_alloc(&victim, 0);

    slab_free(&victim, p);
    CHECK_PANIC(slab_free(&victim, p), "double free"); /* it lies in the magazine */
    p = fresh_victim(40, 0);
    q = slab_alloc(&victim, 0);
    slab_free(&victim, p);
    mm_host_hart = 1;
    CHECK_PANIC(slab_free(&victim, p), "double free"); /* by another hart */
    mm_host_hart = 0;
    for (unsigned h = 0; h < MM_MAX_HARTS; h++)
        slab_shrink(&victim); /* now it lies in its slab */
    CHECK_PANIC(kfree(p), "double free");
    slab_free(&victim, q);
}

static void check_write_after_free(unsigned at)
{
    uint8_t *p = fresh_victim(40, 0);

    slab_free(&victim, p);
    p[at] ^= 1;
    CHECK_PANIC(slab_audit(), "write after free");
    CHECK_PANIC(slab_alloc(&victim, 0), "write after free");
    p = fresh_victim(40, 0);
    slab_free(&victim, p);
    p[at] ^= 1;
    CHECK_PANIC(slab_shrink(&victim), "write after free");
}

TEST(debug_write_after_free)
{
    for (unsigned at = 0; at < 40; at++)
        check_write_after_free(at);
}

/* Write one byte at an offset from the nth object of a fresh cache, and free it. */
static void check_red_zone(size_t size, size_t align, unsigned nth, long offset, const char *text)
{
    uint8_t *p = fresh_victim(size, align);

    while (nth-- > 0)
        p = slab_alloc(&victim, 0);
    p[offset] = 0;
    CHECK_PANIC(slab_free(&victim, p), text);
}

/* One byte before and behind, for sizes and alignments that pad differently. */
TEST(debug_red_zones)
{
    static const size_t sizes[] = {1, 7, 8, 9, 24, 63, 64, 100, 2048, 4096};

    for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        for (size_t align = 8; align <= 64; align *= 2) {
            for (unsigned nth = 0; nth < 3; nth++) {
                check_red_zone(sizes[s], align, nth, (long)sizes[s], "write behind object");
                check_red_zone(sizes[s], align, nth, -1, "write before object");
            }
        }
    }
}

TEST(debug_overrun_into_tag)
{
    uint8_t *p = fresh_victim(40, 0);

    memset(p, 0, 40 + 16);
    CHECK_PANIC(slab_free(&victim, p), "write behind object");
}

TEST(debug_no_object)
{
    uint8_t *p = fresh_victim(40, 0), *other = kmalloc(40, 0);

    CHECK_PANIC(slab_free(&victim, p + 8), "no object");
    CHECK_PANIC(slab_free(&victim, other), "no object");
    CHECK_PANIC(kfree(p - 8), "no object");
    /* Fresh memory is recognisable. */
    CHECK(p[0] == 0x5a && p[39] == 0x5a);
    slab_free(&victim, p);
    CHECK(p[0] == 0x6b && p[39] == 0x6b);
}
#endif
