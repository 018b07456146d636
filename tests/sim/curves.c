/* SPDX-License-Identifier: MIT
 *
 * curves.c - see curves.h.
 */
#include "curves.h"

#include "alloc.h"
#include "progress.h"

/*
 * The LRU stack as a line of slots, newest page last. A page's depth is the number of taken slots
 * from its own to the end, counted by a Fenwick tree. When the line is full, the pages are moved
 * together at its beginning, which happens once in `npages` references at most.
 */
struct stack {
    uint32_t nslots, used;
    uint32_t *tree;  /* 1-based; sums of taken slots */
    uint32_t *owner; /* by slot: page + 1, or 0 */
    uint32_t *slot;  /* by page: slot, 1-based, or 0 */
    uint32_t npages; /* on the stack */
};

static void stack_add(struct stack *s, uint32_t slot, uint32_t amount)
{
    for (; slot <= s->nslots; slot += slot & -slot)
        s->tree[slot] += amount;
}

static uint32_t stack_sum(const struct stack *s, uint32_t slot)
{
    uint32_t sum = 0;

    for (; slot > 0; slot -= slot & -slot)
        sum += s->tree[slot];
    return sum;
}

static void stack_compact(struct stack *s)
{
    uint32_t to = 0;

    for (uint32_t from = 1; from <= s->used; from++)
        if (s->owner[from] != 0) {
            s->owner[++to] = s->owner[from];
            s->slot[s->owner[to] - 1] = to;
        }
    for (uint32_t i = 1; i <= s->nslots; i++)
        s->tree[i] = 0;
    for (uint32_t i = 1; i <= to; i++)
        stack_add(s, i, 1);
    s->used = to;
}

/* References a page and returns the depth it was at, from 1; 0 if it was not there. */
static uint32_t stack_touch(struct stack *s, uint32_t page)
{
    uint32_t old, depth = 0;

    if (s->used == s->nslots)
        stack_compact(s);
    old = s->slot[page];
    if (old != 0) {
        depth = s->npages - stack_sum(s, old - 1);
        s->owner[old] = 0;
        stack_add(s, old, -1);
    } else {
        s->npages++;
    }
    s->slot[page] = ++s->used;
    s->owner[s->used] = page + 1;
    stack_add(s, s->used, 1);
    return depth;
}

uint64_t *curves_lru(const struct trace *trace)
{
    uint64_t *faults = alloc_array(trace->npages + 1, sizeof(*faults));
    struct stack s = {.nslots = 2 * trace->npages};

    s.tree = alloc_array(s.nslots + 1, sizeof(*s.tree));
    s.owner = alloc_array(s.nslots + 1, sizeof(*s.owner));
    s.slot = alloc_array(trace->npages, sizeof(*s.slot));
    for (uint64_t t = 0; t < trace->nrefs; t++) {
        faults[stack_touch(&s, trace_page(trace->refs[t]))]++;
        if ((t & 0xfffff) == 0)
            progress("stack distances: %d %%", (int)(100 * t / trace->nrefs));
    }
    /* Now faults[d] is the number of references at depth d: hits with d frames or more. */
    faults[0] = trace->nrefs;
    for (uint32_t n = 1; n <= trace->npages; n++)
        faults[n] = faults[n - 1] - faults[n];
    alloc_free(s.tree);
    alloc_free(s.owner);
    alloc_free(s.slot);
    return faults;
}

/*
 * A reference stays in the working set for tau references or until the next one to the same page,
 * whichever comes first. So the intervals between references tell all: those up to tau are hits
 * and count with their length, the longer ones are faults and count with tau.
 */
struct intervals {
    uint64_t *number, *length; /* by index of the first point with tau >= interval */
    const struct curves_ws *points;
    int npoints;
};

static void intervals_add(struct intervals *in, uint64_t interval)
{
    int low = 0, high = in->npoints;

    while (low < high) {
        int middle = (low + high) / 2;

        if (in->points[middle].tau >= interval)
            high = middle;
        else
            low = middle + 1;
    }
    in->number[low]++;
    in->length[low] += interval;
}

void curves_working_set(const struct trace *trace, struct curves_ws *points, int npoints)
{
    uint64_t *last = alloc_array(trace->npages, sizeof(*last)); /* time + 1, or 0 */
    struct intervals in = {alloc_array(npoints + 1, sizeof(uint64_t)),
                           alloc_array(npoints + 1, sizeof(uint64_t)), points, npoints};
    uint64_t hits = 0, length = 0, number = 0;

    for (uint64_t t = 0; t < trace->nrefs; t++) {
        uint32_t page = trace_page(trace->refs[t]);

        if (last[page] != 0)
            intervals_add(&in, t + 1 - last[page]);
        last[page] = t + 1;
    }
    for (int i = 0; i < npoints; i++) {
        hits += in.number[i];
        points[i].faults = trace->nrefs - hits;
    }
    /* The last reference to a page stays until the end of the trace at most. */
    for (uint32_t page = 0; page < trace->npages; page++)
        intervals_add(&in, trace->nrefs + 1 - last[page]);
    for (int i = 0; i < npoints; i++) {
        length += in.length[i];
        number += in.number[i];
        points[i].mean_pages =
            (length + (double)(trace->nrefs - number) * points[i].tau) / trace->nrefs;
    }
    alloc_free(in.number);
    alloc_free(in.length);
    alloc_free(last);
}

void curves_working_set_in_time(const struct trace *trace, uint64_t tau, uint64_t samples,
                                void (*each)(uint64_t time, uint32_t pages))
{
    uint64_t *last = alloc_array(trace->npages, sizeof(*last)); /* time + 1, or 0 */
    uint64_t step = trace->nrefs / samples + 1;
    uint32_t pages = 0;

    for (uint64_t t = 0; t < trace->nrefs; t++) {
        uint32_t page = trace_page(trace->refs[t]);

        /* First the one reference that falls out of the window, unless its page came again. */
        if (t >= tau && last[trace_page(trace->refs[t - tau])] == t - tau + 1)
            pages--;
        if (last[page] == 0 || t + 1 - last[page] >= tau)
            pages++;
        last[page] = t + 1;
        if (t % step == 0 || t + 1 == trace->nrefs)
            each(t + 1, pages);
    }
    alloc_free(last);
}
