/* SPDX-License-Identifier: MIT
 *
 * replay.c - feeds a recording to a policy and compares its answers; see recorder.h.
 */
#include <string.h>

#include "alloc.h"
#include "record.h"
#include "recorder.h"
#include "story.h"

struct player {
    struct scan scan;
    struct record_line next; /* the line to come */
    bool more;               /* false: there is none */
    uint64_t line;           /* of `next` */
    struct services services;
    struct policy_memory memory;
    struct sim_frame *frames;
    uint32_t nframes, max_frames;
    char text[256]; /* the policy's name and parameters */
    const struct policy *policy;
    void *self;
    struct story *story; /* what is played is told, or NULL */
    bool *seen;          /* by frame: told as used since the last harvest was over */
    bool failed;         /* the policy has: it is not to be called */
};

static void advance(struct player *p)
{
    do
        p->more = record_read(&p->scan, &p->next);
    while (p->more && !record_is_call(p->next.kind));
    p->line = p->scan.line;
}

/* True if the recording says at this point that the service answered yes about this frame. */
static bool answered(struct player *p, enum record_kind kind, const struct policy_frame *frame)
{
    if (!p->more || p->next.kind != kind || p->next.frame != frame->number)
        return false;
    advance(p);
    return true;
}

/* What the policy sees by looking for itself is a reference too, as in trace.c. */
static bool player_referenced(void *owner, struct policy_frame *frame)
{
    struct player *p = owner;
    bool yes = answered(p, RECORD_REFERENCED, frame);

    p->frames[frame->number].accessed = yes;
    if (yes && p->story)
        story_step(p->story, frame->key, false);
    return yes;
}

static bool player_busy(void *owner, const struct policy_frame *frame)
{
    return answered(owner, RECORD_BUSY, frame);
}

static bool player_dirty(void *owner, const struct policy_frame *frame)
{
    return answered(owner, RECORD_DIRTY, frame);
}

/* The result line must be next and say the same. */
static void expect(struct player *p, const char *what, struct record_line answer)
{
    const struct record_line *next = &p->next;

    p->scan.line = p->line;
    if (!p->more)
        scan_fail(&p->scan, "the recording ends before the result of %s", what);
    else if (next->kind != RECORD_RESULT)
        scan_fail(&p->scan, "diverged: %s asked other questions than were recorded", what);
    else if (next->frame != answer.frame || next->second != answer.second)
        scan_fail(&p->scan, "diverged: %s answered %d, recorded was %d (-1: none)", what,
                  answer.frame == RECORD_NO_FRAME ? -1 : (int)answer.frame,
                  next->frame == RECORD_NO_FRAME ? -1 : (int)next->frame);
    else
        advance(p);
}

/* The frame that a call names; NULL, and the reason printed, if the recording cannot mean it. */
static struct sim_frame *frame_of(struct player *p, const struct record_line *call, bool entered)
{
    struct sim_frame *f = &p->frames[call->frame];

    if (call->frame < p->max_frames && f->entered == entered)
        return f;
    scan_fail(&p->scan, "frame %u is %sentered here", call->frame, entered ? "not " : "already ");
    return NULL;
}

static void play_enter(struct player *p, const struct record_line *call)
{
    struct sim_frame *f = frame_of(p, call, false);

    if (!f)
        return;
    f->entered = true;
    f->frame.key = call->key;
    f->dirty = call->dirty;
    f->accessed = p->seen[call->frame] = call->why == POLICY_FAULT;
    memset(f->frame.word, 0, sizeof(f->frame.word));
    p->policy->enter(p->self, &f->frame, call->why);
}

static void play_victim(struct player *p, const struct record_line *call)
{
    struct policy_frame *frame = p->policy->victim(p->self, call->has_key ? &call->key : NULL);
    uintptr_t offset = (uintptr_t)frame - (uintptr_t)p->frames;
    bool ours = offset < p->max_frames * sizeof(*p->frames) && offset % sizeof(*p->frames) == 0;

    expect(p, "victim", (struct record_line){.frame = ours ? frame->number : RECORD_NO_FRAME});
}

static void play_plan(struct player *p, const struct record_line *call)
{
    struct policy_plan plan = {0};

    if (p->policy->plan)
        plan = p->policy->plan(p->self, &call->view);
    expect(p, "plan", (struct record_line){.frame = plan.before, .second = plan.after});
}

/* Calls about one entered frame. */
static void play_on_frame(struct player *p, const struct record_line *call)
{
    struct sim_frame *f = frame_of(p, call, true);
    bool clean = false;

    if (!f)
        return;
    if (call->kind == RECORD_LEAVE) {
        f->entered = false;
        p->policy->leave(p->self, &f->frame, call->why);
    } else if (call->kind == RECORD_USED) {
        f->dirty |= call->dirty;
        f->accessed = p->seen[call->frame] = true;
        if (p->policy->used)
            p->policy->used(p->self, &f->frame, call->dirty);
    } else {
        if (p->policy->clean_first)
            clean = p->policy->clean_first(p->self, &f->frame);
        expect(p, "clean_first", (struct record_line){.frame = clean});
        f->dirty &= !clean;
    }
}

/* A harvest is over: whom it did not tell of was not accessed. Policies without used() look for themselves. */
static void play_tick(struct player *p)
{
    for (uint32_t i = 0; i < p->max_frames && p->policy->used; i++) {
        p->frames[i].accessed = p->seen[i];
        p->seen[i] = false;
    }
    if (p->policy->tick)
        p->policy->tick(p->self);
}

/* Ends the policy so far, if there is one, and begins with this one. */
static bool player_begin(struct player *p, const struct record_header *header, const char *text)
{
    struct policy_config config = {.nframes = header->nframes,
                                   .max_frames = header->max_frames,
                                   .seed = header->seed,
                                   .memory = &p->memory};
    const char *wrong;

    if (p->self && p->policy->fini && !p->failed)
        p->policy->fini(p->self);
    policy_memory_release(&p->memory);
    snprintf(p->text, sizeof(p->text), "%s", text);
    p->nframes = header->nframes;
    if (p->frames && header->max_frames != p->max_frames)
        scan_fail(&p->scan, "another number of frames");
    p->max_frames = header->max_frames;
    if (!p->frames) {
        p->frames = alloc_array(p->max_frames, sizeof(*p->frames));
        p->seen = alloc_array(p->max_frames, sizeof(*p->seen));
    }
    for (uint32_t i = 0; i < p->max_frames; i++) {
        p->frames[i].frame.number = i;
        p->frames[i].services = &p->services;
    }
    p->self = NULL;
    p->failed = false;
    wrong = policy_parse(text, &p->policy, config.value);
    if (wrong) {
        scan_fail(&p->scan, "%s: %s", text, wrong);
        return false;
    }
    p->self = p->policy->init(&config);
    p->memory.closed = true;
    if (!p->self)
        scan_fail(&p->scan, "%s: init() returned NULL", text);
    return p->self != NULL;
}

static void play_policy(struct player *p, const struct record_line *call)
{
    struct record_header header;

    if (p->story)
        scan_fail(&p->scan, "the policy is switched: a story has one");
    for (uint32_t i = 0; i < p->max_frames; i++)
        if (p->frames[i].entered)
            scan_fail(&p->scan, "another policy, but frame %u has not left this one", i);
    if (!p->scan.wrong && record_header_of(&p->scan, &call->event, &header))
        player_begin(p, &header, header.policy);
}

static void play(struct player *p, const struct record_line *call)
{
    if (p->more && p->next.kind == RECORD_FAILED)
        return; /* it did not come back from this one */
    switch (call->kind) {
    case RECORD_ENTER:
        play_enter(p, call);
        break;
    case RECORD_USED:
    case RECORD_LEAVE:
    case RECORD_CLEAN_FIRST:
        play_on_frame(p, call);
        break;
    case RECORD_VICTIM:
        play_victim(p, call);
        break;
    case RECORD_FAILED: /* what it knew is gone with it */
        for (uint32_t i = 0; i < p->max_frames; i++)
            p->frames[i].entered = false;
        p->failed = true;
        break;
    case RECORD_POLICY:
        play_policy(p, call);
        break;
    case RECORD_PLAN:
        play_plan(p, call);
        break;
    case RECORD_TICK:
        play_tick(p);
        break;
    case RECORD_RESIZE:
        if (call->frame < 1 || call->frame > p->max_frames)
            scan_fail(&p->scan, "no such number of frames");
        else if (p->policy->resize)
            p->policy->resize(p->self, call->frame);
        break;
    default:
        scan_fail(&p->scan, "diverged: the policy did not ask for this answer");
    }
}

static bool player_setup(struct player *p, const char *policy_text)
{
    struct record_header header;

    p->services = (struct services){p, player_referenced, player_busy, player_dirty};
    return record_read_header(&p->scan, &header) &&
           player_begin(p, &header, policy_text ? policy_text : header.policy);
}

/* The head of record.h: what a bare reference string would have as a reference. */
static bool is_reference(const struct record_line *call)
{
    return call->kind == RECORD_USED || (call->kind == RECORD_ENTER && call->why == POLICY_FAULT);
}

/* All calls. With a story, each reference is a step of it. */
static void play_all(struct player *p, struct replay_counts *counts)
{
    advance(p);
    while (p->more && !p->scan.wrong) {
        struct record_line call = p->next;

        counts->calls++;
        counts->victims += call.kind == RECORD_VICTIM;
        p->scan.line = p->line;
        advance(p);
        play(p, &call);
        if (p->story && is_reference(&call) && !p->scan.wrong)
            story_step(p->story, p->frames[call.frame].frame.key, call.dirty);
    }
}

static void play_story(struct player *p, const struct replay_story *wanted,
                       struct replay_counts *counts)
{
    struct story_subject subject = {
        .policy = &p->policy,
        .self = &p->self,
        .services = &p->services,
        .frames = p->frames,
        .nframes = p->nframes,
        .max_frames = p->max_frames,
        .accessed = true,
        .text = p->text,
        .from = wanted->from,
        .most = wanted->most,
    };

    p->story = story_begin(wanted->file, &subject);
    play_all(p, counts);
    story_end(p->story);
}

bool replay(const char *path, const char *policy_text, const struct replay_story *story,
            struct replay_counts *counts)
{
    struct player *p = alloc_array(1, sizeof(*p));
    bool good = scan_open(&p->scan, path);

    memset(counts, 0, sizeof(*counts));
    if (good) {
        if (player_setup(p, policy_text)) {
            if (story)
                play_story(p, story, counts);
            else
                play_all(p, counts);
        }
        good = scan_close(&p->scan);
        policy_memory_release(&p->memory);
        alloc_free(p->frames);
        alloc_free(p->seen);
    }
    alloc_free(p);
    return good;
}
