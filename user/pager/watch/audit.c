/* SPDX-License-Identifier: MIT
 *
 * The audit. What it proves, from the spaces down to the frames:
 *   regions   ordered, disjoint, merged, with right gaps and counts (region_audit)
 *   slots     lie in a region; are mapped for no more than it allows; a page that others share is
 *             not writable; the frame's reverse map knows each mapping, and no others
 *   anons     as many references as slots, or one of a shared object
 *   frames    kind, state and owner agree; every cached one is found where the cache seeks it;
 *             used, cached, idle and free ones add up; none that is free is in no list
 *   policy    told of each frame that has an owner, or about to be, by the right name
 *   swap      slots, buffers and counts agree (swap/disk.c)
 *   metadata  each space is charged for what it has
 * It changes nothing but the audit words of frames. */
#include "user/pager/watch/audit.h"
#include <abi/msg.h>
#include "user/pager/base/zero.h"
#include "user/pager/cache/cache.h"
#include "user/pager/evict/hold.h"
#include "user/pager/evict/reclaim.h"
#include "user/pager/vm/shared.h"
#include "user/pager/vm/space.h"

#ifdef OCTAVO_DEBUG

/* Frame audit word: mappings seen in the low half, references to its anon in the high half. */
#define SEEN_REFERENCE (1ul << 32)

struct space_audit {
    struct space *space;
    struct region *region;
    uint64_t resident, object;
};

static void audit_slot(void *context, uint64_t page, uint64_t *slot)
{
    struct space_audit *a = context;
    uint64_t address = page << PAGE_SHIFT, prot = *slot & SLOT_PROT;
    struct frame *frame = slot_frame(*slot);
    bool anon = *slot & SLOT_ANON;

    while (a->region && a->region->end <= address)
        a->region = region_next(a->region);
    PAGER_CHECK(a->region && a->region->start <= address);
    PAGER_CHECK(!frame || (frame >= frames.table && frame < frames.table + frames.count));
    PAGER_CHECK((prot & ~(uint64_t)a->region->kind.prot) == 0);
    if (anon) {
        const struct anon *own = (const struct anon *)(uintptr_t)(*slot & SLOT_POINTER);
        PAGER_CHECK(own->frame == frame && own->refs > 0);
        PAGER_CHECK(!(prot & VM_W) || anon_is_writable(own));
        if (!frame) {
            PAGER_CHECK(own->slot != 0 && prot == 0);
            return;
        }
        PAGER_CHECK(frame->kind == FRAME_ANON && frame->anon == own);
        PAGER_CHECK((frame->state == FRAME_DIRTY) == (own->slot == 0));
        frame->audit += SEEN_REFERENCE;
    } else {
        const struct object *object = a->region->kind.object;
        PAGER_CHECK(prot != 0 && (!(prot & VM_W) || a->region->kind.flags & REGION_SHARED));
        if (frame->kind == FRAME_ANON)
            PAGER_CHECK(object->ops->find(object, region_index(a->region, page)) == frame);
        else
            PAGER_CHECK(frame->kind == FRAME_ZERO ||
                        (frame->kind == FRAME_CACHE && frame->state != FRAME_READING));
        PAGER_CHECK(!(prot & VM_W) || frame->kind == FRAME_ANON || frame->state == FRAME_DIRTY ||
                    frame->flags & FRAME_AGAIN);
        PAGER_CHECK(frame->kind != FRAME_CACHE || frame->object == object);
    }
    if (prot) {
        PAGER_CHECK(frame_is_mapped(frame, a->space, page));
        frame->audit++;
        a->resident++;
        a->object += !anon;
    }
}

static void audit_space(struct space *space)
{
    struct space_audit a = {space, region_from(&space->regions, 0), 0, 0};
    const char *wrong = region_audit(&space->regions);

    if (wrong)
        panic_at(wrong, __FILE__, __LINE__);
    pages_each(&space->pages, 0, USER_TOP >> PAGE_SHIFT, audit_slot, &a);
    PAGER_CHECK(a.resident == space->resident && a.object == space->resident_object);
    PAGER_CHECK(space->charge.used <= space->charge.limit);
}

static void audit_shared(void *context, uint64_t index, uint64_t *entry)
{
    const struct object *object = context;
    struct frame *frame = ((const struct anon *)(uintptr_t)*entry)->frame;

    (void)index;
    PAGER_CHECK(object->refs > 0);
    if (!frame) /* in swap */
        return;
    PAGER_CHECK(frame->kind == FRAME_ANON);
    frame->audit += SEEN_REFERENCE;
}

static void audit_frames(void)
{
    uint64_t kinds[FRAME_ZERO + 1] = {0}, idle = 0;

    for (uint32_t number = 0; number < frames.count; number++) {
        struct frame *frame = frame_number(number);
        uint32_t mapped = (uint32_t)frame->audit;

        kinds[frame->kind]++;
        if (frame->kind == FRAME_ZERO)
            continue;
        PAGER_CHECK(frame->mapped == mapped);
        PAGER_CHECK((frame->kind == FRAME_FREE) == (frame->state == FRAME_ABSENT));
        if (frame->kind == FRAME_ANON)
            PAGER_CHECK(frame->audit >> 32 == frame->anon->refs && frame->anon->frame == frame);
        if (frame->kind == FRAME_CACHE) {
            PAGER_CHECK(cache_find(frame->object, frame->index) == frame);
            idle += mapped == 0;
        }
    }
    PAGER_CHECK(kinds[FRAME_ZERO] == 1);
    PAGER_CHECK(kinds[FRAME_CACHE] == frames.cache && idle == frames.idle);
    PAGER_CHECK(kinds[FRAME_ANON] + kinds[FRAME_CACHE] == frames.used);
    PAGER_CHECK(frames.used <= frames.limit);
    uint64_t known = frames.zeroed_count + frames.dirty_count + frames.taken_count;
    for (const struct frame *frame = frames.limbo; frame; frame = frame->next)
        known++;
    PAGER_CHECK(kinds[FRAME_FREE] <= known + zero_in_rings() + 1);
}

static void audit_list(const struct frame *frame, uint64_t count)
{
    for (; frame; frame = frame->next, count--)
        PAGER_CHECK(count > 0 && frame->kind == FRAME_FREE);
    PAGER_CHECK(count == 0);
}

static void audit_all(void)
{
    for (uint32_t number = 0; number < frames.count; number++)
        frame_number(number)->audit = 0;
    for (struct space *space = space_next(NULL); space; space = space_next(space))
        audit_space(space);
    shared_each(audit_shared);
    audit_frames();
    audit_list(frames.zeroed, frames.zeroed_count);
    audit_list(frames.dirty, frames.dirty_count);
    audit_list(frames.taken, frames.taken_count);
    reclaim_audit();
    hold_audit();
    if (anon_swap->audit)
        anon_swap->audit();
}

void audit_between(void)
{
    static uint64_t messages;

    if (++messages < 64 + (frames.used + region_count_all()) / 8)
        return;
    messages = 0;
    audit_all();
}

#endif
