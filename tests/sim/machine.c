/* SPDX-License-Identifier: MIT
 *
 * machine.c - see machine.h.
 */
#include "machine.h"

#include <string.h>

#include "alloc.h"

/* Tests and clears the accessed bit. What the faulting access set is not reported (policy.h). */
static bool look(struct sim_frame *f)
{
    bool told = f->accessed && !f->discounted;

    f->accessed = f->discounted = false;
    return told;
}

static bool machine_referenced(void *owner, struct policy_frame *frame)
{
    (void)owner;
    return look((struct sim_frame *)frame);
}

static bool machine_busy(void *owner, const struct policy_frame *frame)
{
    (void)owner;
    return ((const struct sim_frame *)frame)->busy;
}

static bool machine_dirty(void *owner, const struct policy_frame *frame)
{
    (void)owner;
    return ((const struct sim_frame *)frame)->dirty;
}

bool machine_init(struct machine *m, const struct machine_setup *setup)
{
    struct policy_config config = {
        .nframes = setup->nframes,
        .max_frames = setup->max_frames,
        .seed = setup->seed,
        .memory = &m->memory,
    };

    memset(m, 0, sizeof(*m));
    m->setup = *setup;
    m->policy = setup->policy;
    m->nframes = setup->nframes;
    m->services = (struct services){m, machine_referenced, machine_busy, machine_dirty};
    m->frames = alloc_array(setup->max_frames, sizeof(*m->frames));
    m->vacant = alloc_array(setup->max_frames, sizeof(*m->vacant));
    m->where = alloc_array(setup->npages, sizeof(*m->where));
    for (uint32_t i = 0; i < setup->max_frames; i++) {
        m->frames[i].frame.number = i;
        m->frames[i].services = &m->services;
        m->vacant[i] = setup->max_frames - 1 - i;
    }
    m->nvacant = setup->max_frames;
    memcpy(config.value, setup->value, sizeof(config.value));
    m->self = m->policy->init(&config);
    m->memory.closed = true;
    return m->self != NULL;
}

void machine_fini(struct machine *m)
{
    for (uint32_t i = 0; i < m->setup.max_frames && m->self; i++)
        if (m->frames[i].entered)
            m->policy->leave(m->self, &m->frames[i].frame, POLICY_HANDED_OVER);
    if (m->self && m->policy->fini)
        m->policy->fini(m->self);
    policy_memory_release(&m->memory);
    alloc_free(m->frames);
    alloc_free(m->vacant);
    alloc_free(m->where);
}

static void leave(struct machine *m, struct sim_frame *f, enum policy_leave why)
{
    m->policy->leave(m->self, &f->frame, why);
    f->entered = false;
    if (why == POLICY_HANDED_OVER)
        return;
    m->where[f->page] = 0;
    m->vacant[m->nvacant++] = f->frame.number;
}

static void enter(struct machine *m, struct sim_frame *f, enum policy_enter why)
{
    memset(f->frame.word, 0, sizeof(f->frame.word));
    f->entered = true;
    m->policy->enter(m->self, &f->frame, why);
}

/* Puts a page into a vacant frame. */
static void bring(struct machine *m, uint32_t page, bool write, enum policy_enter why)
{
    struct sim_frame *f = &m->frames[m->vacant[--m->nvacant]];

    f->page = page;
    f->frame.key = m->setup.pages[page];
    f->accessed = f->discounted = why == POLICY_FAULT && m->setup.bits;
    f->dirty = write;
    f->busy = false;
    m->where[page] = f->frame.number + 1;
    enter(m, f, why);
}

bool machine_owns(const struct machine *m, const struct policy_frame *frame)
{
    uintptr_t offset = (uintptr_t)frame - (uintptr_t)m->frames;

    return offset < m->setup.max_frames * sizeof(*m->frames) && offset % sizeof(*m->frames) == 0;
}

/* The nominated frame if it may be evicted, else NULL. */
static struct sim_frame *check(const struct machine *m, struct policy_frame *nominee)
{
    struct sim_frame *f = (struct sim_frame *)nominee;

    return machine_owns(m, nominee) && f->entered && !f->busy ? f : NULL;
}

/* The machine's own choice: the next frame that can be evicted at all. */
static struct sim_frame *own_choice(struct machine *m)
{
    for (uint32_t n = 0; n < m->setup.max_frames; n++) {
        struct sim_frame *f = &m->frames[m->hand];

        m->hand = (m->hand + 1) % m->setup.max_frames;
        if (f->entered && !f->busy)
            return f;
    }
    return NULL;
}

/* Makes one frame vacant. False if all are busy. */
static bool evict(struct machine *m, const struct policy_key *incoming)
{
    uint32_t cleanings = machine_resident(m);
    struct sim_frame *f;

    for (;;) {
        f = check(m, m->policy->victim(m->self, incoming));
        if (!f) {
            m->counts.refused++;
            f = own_choice(m);
            if (!f)
                return false;
        }
        if (!f->dirty)
            break;
        m->counts.writebacks++;
        if (cleanings == 0 || !m->policy->clean_first ||
            !m->policy->clean_first(m->self, &f->frame))
            break;
        cleanings--;
        f->dirty = false;
    }
    m->counts.evictions++;
    leave(m, f, POLICY_EVICTED);
    return true;
}

/* Memory is full when as many frames are resident as the limit says. */
static bool full(const struct machine *m)
{
    return machine_resident(m) >= m->nframes;
}

static bool fault(struct machine *m, uint32_t page, bool write)
{
    m->counts.faults++;
    if (full(m) && !evict(m, &m->setup.pages[page]))
        return false;
    bring(m, page, write, POLICY_FAULT);
    if (m->setup.interval != 0 && m->counts.faults % m->setup.interval == 0)
        machine_harvest(m);
    return true;
}

bool machine_touch(struct machine *m, uint32_t page, bool write)
{
    struct sim_frame *f;

    m->counts.references++;
    if (m->where[page] == 0)
        return fault(m, page, write);
    f = &m->frames[m->where[page] - 1];
    f->dirty |= write;
    if (m->setup.bits)
        f->accessed = true;
    else if (m->policy->used)
        m->policy->used(m->self, &f->frame, write);
    return true;
}

void machine_bring_ahead(struct machine *m, uint32_t page)
{
    if (m->where[page] == 0 && !full(m))
        bring(m, page, false, POLICY_AHEAD);
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

struct policy_plan machine_plan(struct machine *m, const struct policy_view *view)
{
    struct policy_plan plan = {0};

    if (m->policy->plan)
        plan = m->policy->plan(m->self, view);
    return (struct policy_plan){least(plan.before, view->before), least(plan.after, view->after)};
}

void machine_free(struct machine *m, uint32_t page)
{
    if (m->where[page] != 0)
        leave(m, &m->frames[m->where[page] - 1], POLICY_FREED);
}

void machine_reclaim(struct machine *m)
{
    if (machine_resident(m) > 0)
        evict(m, NULL);
}

void machine_resize(struct machine *m, uint32_t nframes)
{
    m->nframes = nframes;
    if (m->policy->resize)
        m->policy->resize(m->self, nframes);
    while (machine_resident(m) > nframes && evict(m, NULL))
        ;
}

void machine_harvest(struct machine *m)
{
    for (uint32_t i = 0; i < m->setup.max_frames && m->setup.bits; i++) {
        struct sim_frame *f = &m->frames[i];

        if (f->entered && look(f) && m->policy->used)
            m->policy->used(m->self, &f->frame, f->dirty);
    }
    if (m->policy->tick)
        m->policy->tick(m->self);
}

void machine_hand_over(struct machine *m)
{
    for (uint32_t i = 0; i < m->setup.max_frames; i++)
        if (m->frames[i].entered)
            leave(m, &m->frames[i], POLICY_HANDED_OVER);
    for (uint32_t i = 0; i < m->setup.max_frames; i++)
        if (m->where[m->frames[i].page] == i + 1)
            enter(m, &m->frames[i], POLICY_TAKEN_OVER);
}
