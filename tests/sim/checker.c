/* SPDX-License-Identifier: MIT */
/* checker.c - see checker.h. A wrapper between a machine and its policy, as recorder.c is. */
#include "checker.h"

#include <stdarg.h>
#include <stdio.h>

#include "alloc.h"

enum { LOOKS_PER_FRAME = 4, BYTES_PER_FRAME = 1300, BYTES_IN_ALL = 8192, MOST_TOLD = 10 };
#define POISON UINT64_C(0xdeadf00ddeadf00d)

struct checker {
    struct machine *machine;
    const char *policy_text;
    struct policy policy; /* what the machine calls: the functions below */
    const struct policy *inner;
    void *inner_self;
    struct services inner_services;
    struct seen {
        struct policy_key key;
        bool entered;
        bool poisoned;
    } * seen; /* by frame number */
    uint32_t entered;
    uint64_t looks; /* in this call of victim() */
    unsigned breaches;
};

static unsigned late_allocations;

static void on_late_allocation(size_t bytes)
{
    (void)bytes;
    late_allocations++;
}

static void breach(struct checker *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void breach(struct checker *c, const char *format, ...)
{
    va_list arguments;

    if (c->breaches++ >= MOST_TOLD)
        return;
    printf("%s, %u frames: ", c->policy_text, c->machine->nframes);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

/* The frame must be in the state that the call needs, and be what it was when it was entered. */
static void check_frame(struct checker *c, const char *call, const struct policy_frame *frame,
                        bool entered)
{
    struct seen *seen = &c->seen[frame->number];

    if (seen->entered != entered)
        breach(c, "%s: frame %u is %sentered", call, frame->number, entered ? "not " : "already ");
    if (entered && (frame->key.object != seen->key.object || frame->key.index != seen->key.index))
        breach(c, "%s: the key of frame %u has changed", call, frame->number);
}

static void checker_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct checker *c = self;

    check_frame(c, "enter", frame, false);
    if (frame->word[0] != 0 || frame->word[1] != 0)
        breach(c, "enter: the words of frame %u are not zero", frame->number);
    c->seen[frame->number] = (struct seen){.key = frame->key, .entered = true};
    c->entered++;
    c->inner->enter(c->inner_self, frame, why);
}

static void checker_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct checker *c = self;

    check_frame(c, "used", frame, true);
    if (c->inner->used)
        c->inner->used(c->inner_self, frame, dirty);
}

/* The machine clears the words at the next enter(), so until then the poison must last. */
static void check_poison(struct checker *c)
{
    for (uint32_t i = 0; i < c->machine->setup.max_frames; i++) {
        const struct policy_frame *frame = &c->machine->frames[i].frame;

        if (c->seen[i].poisoned && (frame->word[0] != POISON || frame->word[1] != POISON))
            breach(c, "frame %u was written to after it left", i);
    }
}

static void checker_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct checker *c = self;

    check_frame(c, "leave", frame, true);
    check_poison(c);
    c->inner->leave(c->inner_self, frame, why);
    frame->word[0] = frame->word[1] = POISON;
    c->seen[frame->number] = (struct seen){.poisoned = true};
    c->entered--;
}

/* Could anything be evicted? */
static bool any_victim(const struct checker *c)
{
    for (uint32_t i = 0; i < c->machine->setup.max_frames; i++)
        if (c->seen[i].entered && !c->machine->frames[i].busy)
            return true;
    return false;
}

static struct policy_frame *checker_victim(void *self, const struct policy_key *incoming)
{
    struct checker *c = self;
    struct policy_frame *frame;

    c->looks = 0;
    frame = c->inner->victim(c->inner_self, incoming);
    if (c->looks > LOOKS_PER_FRAME * (uint64_t)c->entered + LOOKS_PER_FRAME)
        breach(c, "victim: %llu looks at %u frames", (unsigned long long)c->looks, c->entered);
    check_poison(c);
    if (!frame && any_victim(c))
        breach(c, "victim: NULL, but there is a frame that could go");
    else if (frame && !machine_owns(c->machine, frame))
        breach(c, "victim: %p is no frame", (void *)frame);
    else if (frame && !c->seen[frame->number].entered)
        breach(c, "victim: frame %u is not entered", frame->number);
    else if (frame && c->machine->frames[frame->number].busy)
        breach(c, "victim: frame %u is busy", frame->number);
    return frame;
}

static bool checker_clean_first(void *self, struct policy_frame *frame)
{
    struct checker *c = self;

    check_frame(c, "clean_first", frame, true);
    return c->inner->clean_first && c->inner->clean_first(c->inner_self, frame);
}

static void checker_resize(void *self, uint32_t nframes)
{
    struct checker *c = self;

    if (nframes < 1 || nframes > c->machine->setup.max_frames)
        breach(c, "resize: to %u frames", nframes);
    if (c->inner->resize)
        c->inner->resize(c->inner_self, nframes);
}

static struct policy_plan checker_plan(void *self, const struct policy_view *view)
{
    struct checker *c = self;

    return c->inner->plan ? c->inner->plan(c->inner_self, view) : (struct policy_plan){0};
}

static void checker_tick(void *self)
{
    struct checker *c = self;

    if (c->inner->tick)
        c->inner->tick(c->inner_self);
}

static void checker_dump(void *self)
{
    struct checker *c = self;

    if (c->inner->dump)
        c->inner->dump(c->inner_self);
}

static bool checker_referenced(void *owner, struct policy_frame *frame)
{
    struct checker *c = owner;

    c->looks++;
    check_frame(c, "policy_referenced", frame, true);
    return c->inner_services.referenced(c->inner_services.owner, frame);
}

static bool checker_busy(void *owner, const struct policy_frame *frame)
{
    struct checker *c = owner;

    check_frame(c, "policy_busy", frame, true);
    return c->inner_services.busy(c->inner_services.owner, frame);
}

static bool checker_dirty(void *owner, const struct policy_frame *frame)
{
    struct checker *c = owner;

    check_frame(c, "policy_dirty", frame, true);
    return c->inner_services.dirty(c->inner_services.owner, frame);
}

struct checker *checker_attach(struct machine *m, const char *policy_text)
{
    struct checker *c = alloc_array(1, sizeof(*c));
    size_t most = BYTES_IN_ALL + (size_t)BYTES_PER_FRAME * m->setup.max_frames;

    *c = (struct checker){.machine = m,
                          .policy_text = policy_text,
                          .inner = m->policy,
                          .inner_self = m->self,
                          .inner_services = m->services,
                          .seen = alloc_array(m->setup.max_frames, sizeof(*c->seen))};
    c->policy = (struct policy){.name = m->policy->name,
                                .resize = checker_resize,
                                .plan = checker_plan,
                                .enter = checker_enter,
                                .used = checker_used,
                                .leave = checker_leave,
                                .victim = checker_victim,
                                .clean_first = checker_clean_first,
                                .tick = checker_tick,
                                .dump = checker_dump};
    if (m->memory.bytes > most)
        breach(c, "init: %zu bytes for %u frames", m->memory.bytes, m->setup.max_frames);
    m->policy = &c->policy;
    m->self = c;
    m->services = (struct services){c, checker_referenced, checker_busy, checker_dirty};
    services_late_allocation = on_late_allocation;
    late_allocations = 0;
    return c;
}

unsigned checker_detach(struct checker *c)
{
    unsigned breaches;

    if (late_allocations > 0)
        breach(c, "%u allocations after init()", late_allocations);
    breaches = c->breaches;
    c->machine->policy = c->inner;
    c->machine->self = c->inner_self;
    c->machine->services = c->inner_services;
    alloc_free(c->seen);
    alloc_free(c);
    return breaches;
}
