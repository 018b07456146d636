/* SPDX-License-Identifier: MIT
 *
 * recorder.c - a wrapper around a machine's policy and services that writes what passes.
 */
#include "recorder.h"

#include "alloc.h"
#include "record.h"

struct recorder {
    struct machine *machine;
    FILE *file;
    struct policy policy; /* what the machine calls: the functions below */
    const struct policy *inner;
    void *inner_self;
    struct services inner_services;
};

static void write_line(struct recorder *r, struct record_line line)
{
    record_write(r->file, &line);
}

static void write_result(struct recorder *r, uint32_t result)
{
    write_line(r, (struct record_line){.kind = RECORD_RESULT, .frame = result});
}

static void recorder_resize(void *self, uint32_t nframes)
{
    struct recorder *r = self;

    write_line(r, (struct record_line){.kind = RECORD_RESIZE, .frame = nframes});
    if (r->inner->resize)
        r->inner->resize(r->inner_self, nframes);
}

static struct policy_plan recorder_plan(void *self, const struct policy_view *view)
{
    struct recorder *r = self;
    struct policy_plan plan = {0};

    write_line(r, (struct record_line){.kind = RECORD_PLAN, .view = *view});
    if (r->inner->plan)
        plan = r->inner->plan(r->inner_self, view);
    write_line(r, (struct record_line){.kind = RECORD_RESULT,
                                       .frame = plan.before,
                                       .second = plan.after,
                                       .has_second = true});
    return plan;
}

static void recorder_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct recorder *r = self;

    write_line(r, (struct record_line){.kind = RECORD_ENTER,
                                       .frame = frame->number,
                                       .key = frame->key,
                                       .why = why,
                                       .dirty = ((struct sim_frame *)frame)->dirty});
    r->inner->enter(r->inner_self, frame, why);
}

static void recorder_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct recorder *r = self;

    write_line(r,
               (struct record_line){.kind = RECORD_USED, .frame = frame->number, .dirty = dirty});
    if (r->inner->used)
        r->inner->used(r->inner_self, frame, dirty);
}

static void recorder_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct recorder *r = self;

    write_line(r, (struct record_line){.kind = RECORD_LEAVE, .frame = frame->number, .why = why});
    r->inner->leave(r->inner_self, frame, why);
}

/* A nomination is written by its number only if it can be looked at. */
static struct policy_frame *recorder_victim(void *self, const struct policy_key *incoming)
{
    struct recorder *r = self;
    struct record_line line = {.kind = RECORD_VICTIM, .has_key = incoming != NULL};
    struct policy_frame *frame;
    bool ours;

    if (incoming)
        line.key = *incoming;
    write_line(r, line);
    frame = r->inner->victim(r->inner_self, incoming);
    ours = frame && machine_owns(r->machine, frame);
    write_result(r, ours ? frame->number : RECORD_NO_FRAME);
    return frame;
}

static bool recorder_clean_first(void *self, struct policy_frame *frame)
{
    struct recorder *r = self;
    bool result = false;

    write_line(r, (struct record_line){.kind = RECORD_CLEAN_FIRST, .frame = frame->number});
    if (r->inner->clean_first)
        result = r->inner->clean_first(r->inner_self, frame);
    write_result(r, result);
    return result;
}

static void recorder_tick(void *self)
{
    struct recorder *r = self;

    write_line(r, (struct record_line){.kind = RECORD_TICK});
    if (r->inner->tick)
        r->inner->tick(r->inner_self);
}

/* Services: written if true. */
static bool answer(struct recorder *r, enum record_kind kind, const struct policy_frame *frame,
                   bool yes)
{
    if (yes)
        write_line(r, (struct record_line){.kind = kind, .frame = frame->number});
    return yes;
}

static bool recorder_referenced(void *owner, struct policy_frame *frame)
{
    struct recorder *r = owner;
    const struct services *s = &r->inner_services;

    return answer(r, RECORD_REFERENCED, frame, s->referenced(s->owner, frame));
}

static bool recorder_busy(void *owner, const struct policy_frame *frame)
{
    struct recorder *r = owner;
    const struct services *s = &r->inner_services;

    return answer(r, RECORD_BUSY, frame, s->busy(s->owner, frame));
}

static bool recorder_dirty(void *owner, const struct policy_frame *frame)
{
    struct recorder *r = owner;
    const struct services *s = &r->inner_services;

    return answer(r, RECORD_DIRTY, frame, s->dirty(s->owner, frame));
}

struct recorder *recorder_attach(struct machine *m, FILE *file, const char *policy_text)
{
    struct recorder *r = alloc_array(1, sizeof(*r));
    struct record_header header = {
        .nframes = m->nframes, .max_frames = m->setup.max_frames, .seed = m->setup.seed};

    snprintf(header.policy, sizeof(header.policy), "%s", policy_text);
    record_write_header(file, &header);
    *r = (struct recorder){.machine = m,
                           .file = file,
                           .inner = m->policy,
                           .inner_self = m->self,
                           .inner_services = m->services};
    r->policy = *m->policy;
    r->policy.resize = recorder_resize;
    r->policy.plan = recorder_plan;
    r->policy.enter = recorder_enter;
    r->policy.used = recorder_used;
    r->policy.leave = recorder_leave;
    r->policy.victim = recorder_victim;
    r->policy.clean_first = recorder_clean_first;
    r->policy.tick = recorder_tick;
    r->policy.fini = NULL;
    m->policy = &r->policy;
    m->self = r;
    m->services = (struct services){r, recorder_referenced, recorder_busy, recorder_dirty};
    return r;
}

void recorder_detach(struct recorder *r)
{
    r->machine->policy = r->inner;
    r->machine->self = r->inner_self;
    r->machine->services = r->inner_services;
    alloc_free(r);
}
