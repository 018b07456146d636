/* SPDX-License-Identifier: MIT
 *
 * Spaces: making them, writing into them before they run, and their end. See space.h. */
#include "user/pager/vm/space.h"
#include <errno.h>
#include <octavo/syscall.h>
#include <string.h>
#include "user/pager/base/memory.h"
#include "user/pager/base/page.h"
#include "user/pager/base/port.h"
#include "user/pager/base/watcher.h"
#include "user/pager/base/zero.h"
#include "user/pager/vm/object.h"

/* Metadata that one space may cost: enough for 100,000 regions, or for 4 GiB of touched pages. */
#define SPACE_METADATA (16ul << 20)
#define AROUND_DEFAULT 16 /* most pages a fault maps; see fault_plan in fault.c */

uint64_t space_count;
struct space *space_table[SPACES_MAX];

static struct space_hook *hooks;
static struct pool space_pool = POOL(struct space);
static uint64_t serial; /* of the space made last; badges are never used again */

void space_unmap(struct space *space, uint64_t page, uint64_t *slot)
{
    if ((*slot & SLOT_PROT) == 0)
        return;
    space_note_peak(space);
    frame_unmap(slot_frame(*slot), space, page, &space->charge);
    space->resident--;
    if (*slot & SLOT_ANON) {
        *slot &= ~SLOT_PROT;
    } else {
        space->resident_object--;
        *slot = 0;
    }
}

void space_visit_unmap(void *space, uint64_t page, uint64_t *slot)
{
    space_unmap(space, page, slot);
}

void space_visit_release(void *space, uint64_t page, uint64_t *slot)
{
    space_release(space, page, slot);
}

void space_vm(uint64_t badge, const struct vm_op *op, unsigned long count)
{
    long done = sys_vm(port_handle, badge, (unsigned long)(uintptr_t)op, count, 0);

    PAGER_CHECK(done == (long)count || done == -ENOENT);
}

void space_unmap_pages(struct space *space, uint64_t page, uint64_t count)
{
    struct vm_op op = {.dst = page << PAGE_SHIFT, .count = (uint32_t)count, .op = VM_UNMAP};

    space_vm(space->badge, &op, 1);
    pages_each(&space->pages, page, page + count, space_visit_unmap, space);
}

void space_watch(struct space *space)
{
    space->watch = space->trace || space->refuse || space->refs || watcher.events || space->doomed;
}

/* A free place in the table, or SPACES_MAX. */
static uint64_t free_index(void)
{
    static uint64_t last;

    for (uint64_t i = 1; i <= SPACES_MAX; i++)
        if (!space_table[(last + i) % SPACES_MAX])
            return last = (last + i) % SPACES_MAX;
    return SPACES_MAX;
}

struct space *space_next(const struct space *space)
{
    uint64_t index = space ? space->badge % SPACES_MAX + 1 : 0;

    while (index < SPACES_MAX && !space_table[index])
        index++;
    return index < SPACES_MAX ? space_table[index] : NULL;
}

void space_hook(struct space_hook *hook)
{
    hook->next = hooks;
    hooks = hook;
}

struct space *space_create_inner(void)
{
    struct space *space = pool_alloc(&space_pool, NULL);

    if (!space)
        return NULL;
    memset(space, 0, sizeof(*space));
    space->charge.limit = SPACE_METADATA;
    space->around = AROUND_DEFAULT;
    region_setup(&space->regions, &space->charge, USER_MIN);
    pages_setup(&space->pages, &space->charge);
    return space;
}

void space_take_over(struct space *space, struct space *from)
{
    pages_clear(&space->pages);
    region_clear(&space->regions);
    PAGER_ASSERT(space->resident == 0 && space->charge.used == 0 && from->resident == 0);
    space->regions = from->regions;
    space->regions.charge = &space->charge;
    space->pages = from->pages;
    space->pages.charge = &space->charge;
    space->charge.used = from->charge.used;
    space->brk = from->brk;
    space->brk_start = from->brk_start;
    space->stream = space->stream_length = 0;
    space->lock_future = false;
    memcpy(space->name, from->name, sizeof(space->name));
    pool_free(&space_pool, from, NULL);
}

void space_free_inner(struct space *space)
{
    space_clear(space);
    pool_free(&space_pool, space, NULL);
}

int space_create(struct space *creator, struct space **created, handle_t *right)
{
    uint64_t index = free_index();

    if (index == SPACES_MAX || (creator && creator->children >= SPACES_PER_CREATOR))
        return -EAGAIN;
    struct space *space = space_create_inner();
    if (!space)
        return -ENOMEM;
    space->badge = ++serial * SPACES_MAX + index;
    usage_setup(&space->used);
    long handle = port_right(space->badge);
    if (handle < 0) {
        pool_free(&space_pool, space, NULL);
        return -ENOMEM;
    }
    if (creator) {
        space->creator = creator->badge;
        creator->children++;
    }
    for (struct space_hook *hook = hooks; hook; hook = hook->next)
        if (hook->begins)
            hook->begins(space, creator);
    space_watch(space);
    space_table[index] = space;
    space_count++;
    *right = (handle_t)handle;
    *created = space;
    return 0;
}

void space_clear(struct space *space)
{
    pages_each(&space->pages, 0, USER_TOP >> PAGE_SHIFT, space_visit_release, space);
    pages_clear(&space->pages);
    region_clear(&space->regions);
    space->brk = space->brk_start = 0;
    PAGER_ASSERT(space->resident == 0 && space->resident_object == 0 && space->charge.used == 0);
}

void space_destroy(struct space *space)
{
    struct space *creator = space_find(space->creator);

    RECORD(PAGER_RECORD_EVENTS, TRACE_ENDED, space->badge);
    usage_ended(creator, space);
    for (struct space_hook *hook = hooks; hook; hook = hook->next)
        hook->ends(space);
    space_clear(space);
    usage_clear(&space->used);
    if (creator)
        creator->children--;
    space_table[space->badge % SPACES_MAX] = NULL;
    space_count--;
    pool_free(&space_pool, space, NULL);
}

bool space_is_call(const struct space *space, uint64_t pc)
{
    uint32_t instruction = 0;

    for (unsigned i = 0; i < SPACE_INSTRUCTION; i += 2) {
        uint64_t slot = pages_get(&space->pages, (pc + i) >> PAGE_SHIFT);
        uint16_t half;
        if (!(slot & SLOT_POINTER) || !slot_frame(slot))
            return false;
        memcpy(&half, (char *)frame_memory(slot_frame(slot)) + ((pc + i) & PAGE_MASK),
               sizeof(half));
        instruction |= (uint32_t)half << (8 * i);
    }
    return instruction == 0x73 /* ecall */;
}

/* The private page behind an address, made if there is none; NULL and *error if that fails. */
static struct anon *page_private(struct request *r, struct space *space, uint64_t address,
                                 int *error)
{
    struct region *region = region_find(&space->regions, address);
    struct frame *from = NULL;
    enum pager_action how;

    *error = -EFAULT;
    if (!region)
        return NULL;
    *error = -ENOMEM;
    uint64_t *slot = pages_slot(&space->pages, address >> PAGE_SHIFT);
    if (!slot)
        return NULL;
    if (*slot & SLOT_ANON) {
        struct anon *anon = (struct anon *)(uintptr_t)(*slot & SLOT_POINTER);
        *error = -EAGAIN; /* it went to swap meanwhile */
        return anon->frame && anon->slot == 0 ? anon : NULL;
    }
    PAGER_CHECK(*slot == 0); /* nobody runs here, so nothing is mapped */
    if (region->kind.object) {
        uint64_t at = (address & ~PAGE_MASK) - region->start + region->kind.offset;
        struct object *object = region->kind.object;
        *error = object->ops->get(r, object, at >> PAGE_SHIFT, &from, &how);
        if (*error)
            return NULL;
        *error = -ENOMEM;
    }
    struct anon *anon = anon_create(from ? frame_take_any() : frame_take_zeroed());
    if (!anon)
        return NULL;
    if (from)
        page_copy(frame_memory(anon->frame), frame_memory(from));
    pages_fill(&space->pages, slot, slot_of_anon(anon));
    return anon;
}

int space_write(struct request *r, struct space *space, uint64_t address, const void *from,
                uint64_t length)
{
    const char *source = from;
    int error = 0;

    while (length > 0) {
        uint64_t offset = address & PAGE_MASK;
        uint64_t n = length < PAGE_SIZE - offset ? length : PAGE_SIZE - offset;
        struct anon *anon = page_private(r, space, address, &error);
        if (!anon)
            return error;
        char *to = (char *)frame_memory(anon->frame) + offset;
        if (source) {
            memcpy(to, source, n);
            source += n;
        } else {
            memset(to, 0, n);
        }
        address += n;
        length -= n;
    }
    return 0;
}
