/* SPDX-License-Identifier: MIT
 *
 * Shared anonymous memory. See shared.h. */
#include "user/pager/vm/shared.h"
#include <errno.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/zero.h"
#include "user/pager/vm/mappings.h"
#include "user/pager/vm/space.h"

#define NAMED_SHARE 2          /* all named objects: one frame in so many */
#define SHARED_PER_SPACE 2048u /* objects that one space makes: a bomb leaves the others room */

struct shared {
    struct object object;
    struct pages pages; /* index to struct anon; 0 = zeros */
    struct charge charge;
    uint64_t limit; /* pages; beyond it there is nothing */
    uint64_t size;  /* bytes, of a named one */
    uint64_t count; /* pages that hold something */
    bool named;
    uint32_t mode;
    uint64_t maker; /* badge of the space that the pages count for */
    LIST_ENTRY(shared) link;
};

static struct pool shared_pool = POOL(struct shared);
static LIST_HEAD(, shared) all = LIST_HEAD_INITIALIZER(all);
static uint64_t named_pages;
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

static int shared_get(struct request *r, struct object *object, uint64_t index,
                      struct frame **found, enum pager_action *how)
{
    struct shared *shared = shared_of(object);
    struct space *maker = space_find(shared->maker);

    *how = PAGER_DID_MAP;
    if (index >= shared->limit)
        return -ENXIO;
    uint64_t *entry = pages_slot(&shared->pages, index);
    if (!entry)
        return -ENOMEM;
    if (*entry) {
        int error = anon_of(*entry)->frame ? 0 : anon_bring(r, anon_of(*entry));
        *found = anon_of(*entry)->frame;
        return error;
    }
    if (shared->named && named_pages >= frames.limit / NAMED_SHARE)
        return -EIO; /* as a file on a full disk: SIGBUS */
    struct anon *anon = anon_create(frame_take_zeroed());
    if (!anon)
        return -ENOMEM;
    pages_fill(&shared->pages, entry, (uint64_t)(uintptr_t)anon);
    if (maker)
        maker->shared_pages++;
    shared->count++;
    named_pages += shared->named;
    counters.zero_fills++;
    *found = anon->frame;
    return 0;
}

static void visit_release(void *context, uint64_t index, uint64_t *entry)
{
    struct shared *shared = context;
    struct space *maker = space_find(shared->maker);
    struct anon *anon = anon_of(*entry);

    (void)index;
    if (anon->frame)
        mappings_remove(anon->frame);
    anon_unref(anon);
    if (maker)
        maker->shared_pages--;
    shared->count--;
    named_pages -= shared->named;
    *entry = 0;
}

static void shared_destroy(struct object *object)
{
    struct shared *shared = shared_of(object);
    struct space *maker = space_find(shared->maker);

    pages_each(&shared->pages, 0, shared->limit, visit_release, shared);
    pages_clear(&shared->pages);
    if (maker)
        maker->shared_objects--;
    LIST_REMOVE(shared, link);
    pool_free(&shared_pool, shared, NULL);
}

/* What is in swap, too, is not written to before it has left it. */
static unsigned shared_share(struct object *object, struct frame *frame, unsigned prot, bool write)
{
    (void)object;
    if (frame->anon->slot && write)
        anon_leave_swap(frame->anon);
    return frame->anon->slot ? prot & ~VM_W : prot;
}

static const struct object_ops shared_ops = {
    .get = shared_get, .find = shared_find, .share = shared_share, .destroy = shared_destroy};

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

/* --- with a name --- */

void shared_set_named(struct object *object, uint32_t mode)
{
    shared_of(object)->named = true;
    shared_of(object)->mode = mode;
    object->name = "[shm]";
}

struct fs_stat shared_stat(const struct object *object)
{
    const struct shared *shared = shared_of(object);

    return (struct fs_stat){.inode = object->id,
                            .size = shared->size,
                            .blocks = shared->count * (PAGE_SIZE / 512),
                            .links = 1,
                            .mode = S_IFREG | shared->mode,
                            .block_size = PAGE_SIZE};
}

/* Zeros what lies beyond the end in the last page, so that it is zero if the object grows again. */
static int cut_tail(struct request *r, struct shared *shared, uint64_t bytes)
{
    uint64_t entry = bytes & PAGE_MASK ? pages_get(&shared->pages, bytes >> PAGE_SHIFT) : 0;
    struct anon *anon = anon_of(entry);

    if (!anon)
        return 0;
    int error = anon->frame ? 0 : anon_bring(r, anon);
    if (error)
        return error;
    if (anon->slot)
        anon_leave_swap(anon);
    memset((char *)frame_memory(anon->frame) + (bytes & PAGE_MASK), 0,
           PAGE_SIZE - (bytes & PAGE_MASK));
    return 0;
}

int shared_resize(struct request *r, struct object *object, uint64_t bytes)
{
    struct shared *shared = shared_of(object);
    uint64_t limit = (bytes + PAGE_MASK) >> PAGE_SHIFT, old = shared->limit;

    if (bytes > USER_MAX)
        return -EFBIG;
    int error = bytes < shared->size ? cut_tail(r, shared, bytes) : 0;
    if (error)
        return error;
    if (limit < old)
        pages_each(&shared->pages, limit, old, visit_release, shared);
    shared->limit = limit;
    shared->size = bytes;
    return 0;
}

/* --- for the audit --- */

void shared_each(pages_visit *visit)
{
    struct shared *shared;

    LIST_FOREACH (shared, &all, link)
        pages_each(&shared->pages, 0, shared->limit, visit, &shared->object);
}
