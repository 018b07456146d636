/* SPDX-License-Identifier: MIT
 *
 * Shared anonymous memory. See object_shared.h. */
#include "user/pager/object_shared.h"
#include <errno.h>
#include <string.h>
#include <sys/queue.h>
#include "user/pager/space.h"
#include "user/pager/stat.h"
#include "user/pager/zero.h"

#define SHARED_PER_SPACE 2048u /* objects that one space makes: a bomb leaves the others room */

struct shared {
    struct object object;
    struct pages pages; /* index to struct anon; 0 = zeros */
    struct charge charge;
    uint64_t limit; /* pages; beyond it there is nothing */
    uint64_t maker; /* badge of the space that the pages count for */
    LIST_ENTRY(shared) link;
};

static struct pool shared_pool = POOL(struct shared);
static LIST_HEAD(, shared) all = LIST_HEAD_INITIALIZER(all);
static uint64_t serial = 1ul << 62; /* ids: apart from files' and images' */

static struct shared *shared_of(const struct object *object)
{
    return (struct shared *)(uintptr_t)object; /* its first member */
}

static struct anon *anon_of(uint64_t entry)
{
    return (struct anon *)(uintptr_t)entry;
}

static struct frame *shared_find(const struct object *object, uint64_t index)
{
    uint64_t entry = pages_get(&shared_of(object)->pages, index);

    return entry ? anon_of(entry)->frame : NULL;
}

static int shared_get(struct object *object, uint64_t index, const struct space *taker,
                      struct frame **found)
{
    struct shared *shared = shared_of(object);
    struct space *maker = space_find(shared->maker);

    if (index >= shared->limit)
        return -ENXIO;
    *found = shared_find(object, index);
    if (*found)
        return 0;
    uint64_t *entry = pages_slot(&shared->pages, index);
    struct frame *frame = entry ? frame_take_zeroed(taker) : NULL;
    if (!frame)
        return -ENOMEM;
    struct anon *anon = anon_create(frame);
    if (!anon) {
        frame_push(&frames.limbo, frame);
        return -ENOMEM;
    }
    pages_fill(&shared->pages, entry, (uint64_t)(uintptr_t)anon);
    if (maker)
        maker->shared_pages++;
    stats.zero_fills++;
    *found = frame;
    return 0;
}

static void visit_release(void *maker, uint64_t index, uint64_t *entry)
{
    (void)index;
    anon_unref(anon_of(*entry));
    if (maker)
        ((struct space *)maker)->shared_pages--;
    *entry = 0;
}

static void shared_destroy(struct object *object)
{
    struct shared *shared = shared_of(object);
    struct space *maker = space_find(shared->maker);

    pages_each(&shared->pages, 0, shared->limit, visit_release, maker);
    pages_clear(&shared->pages);
    if (maker)
        maker->shared_objects--;
    LIST_REMOVE(shared, link);
    pool_free(&shared_pool, shared, NULL);
}

static const struct object_ops shared_ops = {
    .get = shared_get, .find = shared_find, .destroy = shared_destroy};

struct object *shared_create(struct space *maker, uint64_t pages)
{
    struct shared *shared;

    if (maker->shared_objects >= SHARED_PER_SPACE)
        return NULL;
    shared = pool_alloc(&shared_pool, NULL);
    if (!shared)
        return NULL;
    memset(shared, 0, sizeof(*shared));
    shared->object =
        (struct object){.ops = &shared_ops, .name = "[shared]", .id = ++serial, .refs = 1};
    shared->charge.limit = ~0ul; /* a page of memory is behind whatever it costs */
    pages_setup(&shared->pages, &shared->charge);
    shared->limit = pages;
    shared->maker = maker->badge;
    maker->shared_objects++;
    LIST_INSERT_HEAD(&all, shared, link);
    return &shared->object;
}

/* --- for the audit --- */

struct each {
    void (*visit)(struct object *object, uint64_t index, struct frame *frame);
    struct shared *shared;
};

static void visit_each(void *context, uint64_t index, uint64_t *entry)
{
    struct each *each = context;

    each->visit(&each->shared->object, index, anon_of(*entry)->frame);
}

void shared_each(void (*visit)(struct object *object, uint64_t index, struct frame *frame))
{
    struct each each = {.visit = visit};

    LIST_FOREACH (each.shared, &all, link)
        pages_each(&each.shared->pages, 0, each.shared->limit, visit_each, &each);
}
