/* SPDX-License-Identifier: MIT
 *
 * opt.c - see opt.h.
 */
#include "opt.h"

#include "alloc.h"
#include "progress.h"

const uint32_t *opt_next_uses(const struct trace *trace)
{
    uint32_t *next = alloc_map(alloc_temporary_file(), trace->nrefs * sizeof(*next));
    uint32_t *seen = alloc_array(trace->npages, sizeof(*seen));

    for (uint32_t i = 0; i < trace->npages; i++)
        seen[i] = OPT_NEVER;
    for (uint64_t t = trace->nrefs; t-- > 0;) {
        uint32_t page = trace_page(trace->refs[t]);

        next[t] = seen[page];
        seen[page] = t;
    }
    alloc_free(seen);
    return next;
}

void opt_next_uses_destroy(const uint32_t *next, const struct trace *trace)
{
    alloc_unmap(next, trace->nrefs * sizeof(*next));
}

/* The resident pages, as a heap whose top has the farthest next use. */
struct resident {
    struct entry {
        uint32_t next, page;
    } * heap;
    uint32_t count;
    uint32_t *where; /* by page: place in the heap + 1, or 0 */
    bool *dirty;     /* by page */
};

static void place(struct resident *r, uint32_t at, struct entry entry)
{
    r->heap[at] = entry;
    r->where[entry.page] = at + 1;
}

/* The page at `at` has got a later next use. */
static void rise(struct resident *r, uint32_t at, struct entry entry)
{
    while (at > 0 && r->heap[(at - 1) / 2].next < entry.next) {
        place(r, at, r->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(r, at, entry);
}

/* Replaces the top. */
static void sink(struct resident *r, struct entry entry)
{
    uint32_t at = 0, child;

    while ((child = 2 * at + 1) < r->count) {
        if (child + 1 < r->count && r->heap[child + 1].next > r->heap[child].next)
            child++;
        if (r->heap[child].next <= entry.next)
            break;
        place(r, at, r->heap[child]);
        at = child;
    }
    place(r, at, entry);
}

static void opt_fault(struct resident *r, struct entry entry, uint32_t nframes,
                      struct machine_counts *counts)
{
    counts->faults++;
    if (r->count < nframes) {
        rise(r, r->count++, entry);
        return;
    }
    counts->evictions++;
    counts->writebacks += r->dirty[r->heap[0].page];
    r->where[r->heap[0].page] = 0;
    r->dirty[r->heap[0].page] = false;
    sink(r, entry);
}

struct machine_counts opt_run(const struct trace *trace, const uint32_t *next, uint32_t nframes)
{
    struct machine_counts counts = {.references = trace->nrefs};
    struct resident r = {
        .heap = alloc_array(nframes, sizeof(*r.heap)),
        .where = alloc_array(trace->npages, sizeof(*r.where)),
        .dirty = alloc_array(trace->npages, sizeof(*r.dirty)),
    };

    for (uint64_t t = 0; t < trace->nrefs; t++) {
        struct entry entry = {next[t], trace_page(trace->refs[t])};

        if (r.where[entry.page] != 0)
            rise(&r, r.where[entry.page] - 1, entry);
        else
            opt_fault(&r, entry, nframes, &counts);
        r.dirty[entry.page] |= trace_write(trace->refs[t]);
        if ((t & 0xfffff) == 0)
            progress("opt, %u frames: %d %%", nframes, (int)(100 * t / trace->nrefs));
    }
    alloc_free(r.heap);
    alloc_free(r.where);
    alloc_free(r.dirty);
    return counts;
}

/* --- as a policy: a frame's first word is its next use + 1 --- */

struct optimum {
    uint32_t count; /* of frames */
    struct policy_frame *frames[];
};

static uint32_t opt_now;

void opt_policy_at(uint32_t next)
{
    opt_now = next;
}

static void *optimum_init(const struct policy_config *config)
{
    struct optimum *o =
        policy_alloc(config, sizeof(*o) + config->max_frames * sizeof(o->frames[0]));

    o->count = config->max_frames;
    return o;
}

static void optimum_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct optimum *o = self;

    (void)why;
    o->frames[frame->number] = frame;
    frame->word[0] = (uint64_t)opt_now + 1;
}

static void optimum_used(void *self, struct policy_frame *frame, bool dirty)
{
    (void)self;
    (void)dirty;
    frame->word[0] = (uint64_t)opt_now + 1;
}

static void optimum_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct optimum *o = self;

    (void)why;
    o->frames[frame->number] = NULL;
}

static struct policy_frame *optimum_victim(void *self, const struct policy_key *incoming)
{
    struct policy_frame *best = NULL;
    struct optimum *o = self;

    (void)incoming;
    for (uint32_t i = 0; i < o->count; i++)
        if (o->frames[i] && !policy_busy(o->frames[i]) &&
            (!best || o->frames[i]->word[0] > best->word[0]))
            best = o->frames[i];
    return best;
}

const struct policy opt_policy = {.name = "opt",
                                  .about = "the optimum",
                                  .init = optimum_init,
                                  .enter = optimum_enter,
                                  .used = optimum_used,
                                  .leave = optimum_leave,
                                  .victim = optimum_victim};
