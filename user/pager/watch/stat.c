/* SPDX-License-Identifier: MIT
 *
 * Statistics, the ring of traced faults, and the knobs for tests. Records go to the caller's `out`,
 * a5 bytes of it at most. */
#include "user/pager/watch/stat.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/memory.h"
#include "user/pager/base/pool.h"
#include "user/pager/base/zero.h"
#include "user/pager/cache/archive.h"
#include "user/pager/cache/file.h"
#include "user/pager/cache/write_back.h"
#include "user/pager/calls/fault.h"
#include "user/pager/evict/guest.h"
#include "user/pager/evict/reclaim.h"
#include "user/pager/names/description.h"
#include "user/pager/vm/space.h"
#include "user/pager/vm/usage.h"
#include "user/pager/watch/inject.h"

_Static_assert(sizeof(((struct pager_stat *)0)->edges) == sizeof(frames.edges),
               "give edges in struct pager_stat, <proto/pager.h>, the size it has in base/frame.h");

uint64_t stat_tune_wait;

enum outcome stat_stat(struct request *r)
{
    uint64_t regions = 0;

    for (struct space *space = space_next(NULL); space; space = space_next(space))
        regions += space->regions.count;
    struct pager_stat stat = counters;

    stat.frames_limit = frames.limit;
    stat.frames_used = frames.used;
    stat.frames_zeroed = zero_ready_count();
    stat.frames_free = frames.count - 1 - frames.used - frames.taken_count;
    stat.frames_anon = frames.used - frames.cache;
    stat.frames_cache = frames.cache;
    stat.zero_fills_ready =
        counters.zero_fills > zero_on_demand ? counters.zero_fills - zero_on_demand : 0;
    stat.spaces = space_count;
    stat.regions = regions;
    stat.metadata = pool_bytes_used() - usage_bytes();
    stat.frames_dirty = write_back_pages;
    stat.swap_used = anon_swap->used();
    stat.store_bytes = anon_swap->bytes ? anon_swap->bytes() : 0;
    stat.open_files = description_count[true];
    stat.open_shared = description_count[false];
    for (struct file *file = file_first(); file; file = file_after(file)) {
        stat.files++;
        stat.file_ids += (file->id[FILE_ID_READ] != 0) + (file->id[FILE_ID_WRITE] != 0);
    }
    memcpy(stat.edges, frames.edges, sizeof(stat.edges));
    snprintf(stat.policy, sizeof(stat.policy), "%s", guest.policy->name);
    return request_answer(r, &stat, sizeof(stat));
}

/* The space that a badge in a word names; 0 is the caller's own. */
static struct space *named_space(const struct request *r)
{
    return r->m.w[0] ? space_find(r->m.w[0]) : r->space;
}

/* The space whose right came as handle 0; none is the caller's own. */
static struct space *given_space(const struct request *r)
{
    return MSG_HANDLES(r->m.tag) ? space_find(r->badge[0]) : r->space;
}

enum outcome stat_space(struct request *r)
{
    const struct space *space = named_space(r);

    if (!space)
        return answer_errno(r, -ESRCH);
    struct pager_space record = {
        .badge = space->badge,
        .faults = space->faults,
        .minor = space->faults - space->major,
        .major = space->major,
        .resident = space->resident,
        .anon = space->resident - space->resident_object,
        .size = space->regions.bytes,
        .regions = space->regions.count,
        .brk_start = space->brk_start,
        .brk = space->brk,
    };
    memcpy(record.name, space->name, sizeof(record.name));
    return request_answer(r, &record, sizeof(record));
}

enum outcome stat_working_set(struct request *r)
{
    struct space *space = named_space(r);

    if (!space)
        return answer_errno(r, -ESRCH);
    r->answer.w[1] = space->resident;
    return answer_word(r, reclaim_working_set(space));
}

static void region_name(const struct region *region, char name[32])
{
    const char *text = region->kind.object                 ? region->kind.object->name
                       : region->kind.flags & REGION_GROWS ? "[stack]"
                       : region->kind.flags & REGION_GUARD ? "[guard]"
                       : region->kind.flags & REGION_HEAP  ? "[heap]"
                                                           : "";
    snprintf(name, 32, "%s", text);
}

static void visit_count(void *count, uint64_t page, uint64_t *slot)
{
    (void)page;
    *(uint64_t *)count += (*slot & SLOT_PROT) != 0;
}

enum outcome stat_regions(struct request *r)
{
    struct space *space = named_space(r);
    uint64_t first = r->m.w[1], room = r->m.w[3] / sizeof(struct pager_region);
    uint64_t index = 0, written = 0;

    if (!space)
        return answer_errno(r, -ESRCH);
    for (struct region *region = region_from(&space->regions, 0); region && written < room;
         region = region_next(region), index++) {
        if (index < first)
            continue;
        struct pager_region record = {.start = region->start,
                                      .end = region->end,
                                      .offset = region->kind.offset,
                                      .prot = region->kind.prot,
                                      .flags = region->kind.flags & (REGION_HEAP - 1)};
        region_name(region, record.name);
        pages_each(&space->pages, region->start >> PAGE_SHIFT, region->end >> PAGE_SHIFT,
                   visit_count, &record.resident);
        int error = request_copy(r, COPY_OUT, written * sizeof(record), &record, sizeof(record));
        if (error)
            return error > 0 ? DONE : answer_errno(r, error);
        written++;
    }
    answer_word(r, written);
    r->answer.w[1] = space->regions.count;
    return DONE;
}

/* --- traced faults --- */

#define RING 1024u
static struct pager_fault *ring; /* once somebody's are traced */
static uint64_t ring_next = 1;   /* sequence number of the next one; they start at 1 */

void stat_trace(const struct fault *f)
{
    if (!f->space->trace)
        return;
    struct pager_fault *record = &ring[ring_next % RING];
    *record = (struct pager_fault){
        .sequence = ring_next++,
        .space = f->space->badge,
        .address = f->address,
        .pc = f->pc,
        .access = f->access,
        .action = f->action,
        .pages = f->pages,
        .code = f->code,
    };
    if (f->region) {
        record->region_start = f->region->start;
        record->region_end = f->region->end;
        region_name(f->region, record->region);
    }
}

enum outcome stat_trace_switch(struct request *r)
{
    struct space *space = given_space(r);

    if (!space)
        return answer_errno(r, -EBADF);
    if (r->m.w[0] && !ring && !(ring = memory_metadata(RING * sizeof(*ring))))
        return answer_errno(r, -ENOMEM);
    space->trace = r->m.w[0] != 0;
    space_watch(space);
    return answer_errno(r, 0);
}

enum outcome stat_faults(struct request *r)
{
    uint64_t first = r->m.w[0], room = r->m.w[3] / sizeof(struct pager_fault), n = 0;

    if (first == 0 || (ring_next > RING && first < ring_next - RING))
        first = ring_next > RING ? ring_next - RING : 1; /* older ones are overwritten */
    for (; first + n < ring_next && n < room; n++) {
        int error = request_copy(r, COPY_OUT, n * sizeof(ring[0]), &ring[(first + n) % RING],
                                 sizeof(ring[0]));
        if (error)
            return error > 0 ? DONE : answer_errno(r, error);
    }
    answer_word(r, n);
    r->answer.w[1] = first;
    r->answer.w[2] = ring_next;
    return DONE;
}

enum outcome stat_tune(struct request *r)
{
    struct space *space = given_space(r);
    uint64_t value = r->m.w[1], old;

    if (!space)
        return answer_errno(r, -EBADF);
    switch (r->m.w[0]) {
    case PAGER_TUNE_AROUND:
        if (value < 1 || value > 16)
            return answer_errno(r, -EINVAL);
        old = space->around;
        space->around = (uint32_t)value;
        space->stream = 0;
        return answer_word(r, old);
    case PAGER_TUNE_REFUSE:
        old = space->refuse << PAGE_SHIFT;
        space->refuse = value >> PAGE_SHIFT;
        space_watch(space);
        return answer_word(r, old);
#ifdef OCTAVO_DEBUG
    case PAGER_TUNE_WAIT:
        old = stat_tune_wait;
        stat_tune_wait = value;
        return answer_word(r, old);
#endif
    default:
        return inject_tune(r, r->m.w[0], value);
    }
}

enum outcome stat_images(struct request *r)
{
    const char *path = archive_path(r->m.w[0]);

    return path ? request_answer_text(r, path) : answer_errno(r, -ENOENT);
}
