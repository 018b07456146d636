/* SPDX-License-Identifier: MIT
 *
 * story.c - see story.h.
 */
#define _GNU_SOURCE
#include "story.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "alloc.h"

enum { MAX_LISTS = 64, NOT_LINKED = INT32_MIN };

enum count { REFERENCES, FAULTS, EVICTIONS, WRITEBACKS, COUNTS };

/* What was written of a frame. */
struct shown {
    int32_t before; /* frame number, -1 - list, or NOT_LINKED */
    uint8_t bits;
};

struct text {
    char *at;
    size_t length, room;
};

struct story {
    struct story_subject subject;
    FILE *file;
    struct policy policy; /* what is called: the functions below */
    const struct policy *inner;
    void *inner_self;
    struct services inner_services;

    struct text events;    /* of this step, each with a comma before it */
    struct text questions; /* of this call, likewise */

    struct shown *shown; /* by frame */
    uint64_t heads[MAX_LISTS];
    int nheads;
    uint64_t count[COUNTS], count_before[COUNTS];
    uint64_t written;
};

static void __attribute__((format(printf, 2, 3))) add(struct text *text, const char *format, ...)
{
    enum { MOST = 128 }; /* that one call adds */
    va_list arguments;

    if (text->room < text->length + MOST) {
        text->room = 2 * text->room + MOST;
        text->at = alloc_resize(text->at, text->room, 1);
    }
    va_start(arguments, format);
    text->length += vsnprintf(text->at + text->length, MOST, format, arguments);
    va_end(arguments);
}

static void add_text(struct text *text, const char *more)
{
    size_t length = strlen(more);

    if (text->room < text->length + length + 1) {
        text->room = 2 * text->room + length + 1;
        text->at = alloc_resize(text->at, text->room, 1);
    }
    memcpy(text->at + text->length, more, length + 1);
    text->length += length;
}

/* What was added, without the first comma, until something is added again. */
static const char *take(struct text *text)
{
    const char *result = text->length > 0 ? text->at + 1 : "";

    text->length = 0;
    return result;
}

/* The number of the frame that has its part `what` at this address; -1: none has. */
static int64_t frame_at(const struct story *s, uint64_t address, size_t what)
{
    uint64_t offset = address - (uintptr_t)s->subject.frames - what;

    return offset / sizeof(*s->subject.frames) < s->subject.max_frames &&
                   offset % sizeof(*s->subject.frames) == 0
               ? (int64_t)(offset / sizeof(*s->subject.frames))
               : -1;
}

/* --- calls --- */

static void story_resize(void *self, uint32_t nframes)
{
    struct story *s = self;

    add(&s->events, ",[\"z\",%u]", nframes);
    if (s->inner->resize)
        s->inner->resize(s->inner_self, nframes);
}

static struct policy_plan story_plan(void *self, const struct policy_view *view)
{
    struct story *s = self;

    return s->inner->plan ? s->inner->plan(s->inner_self, view) : (struct policy_plan){0};
}

static void story_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct story *s = self;

    add(&s->events, ",[\"e\",%u,%" PRIu64 ",%" PRIu64 ",%d]", frame->number, frame->key.object,
        frame->key.index, why);
    s->count[FAULTS] += why == POLICY_FAULT;
    s->inner->enter(s->inner_self, frame, why);
}

static void story_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct story *s = self;

    add(&s->events, ",[\"u\",%u]", frame->number);
    if (s->inner->used)
        s->inner->used(s->inner_self, frame, dirty);
}

static void story_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct story *s = self;

    add(&s->events, ",[\"l\",%u,%d]", frame->number, why);
    s->count[EVICTIONS] += why == POLICY_EVICTED;
    s->count[WRITEBACKS] += why == POLICY_EVICTED && ((struct sim_frame *)frame)->dirty;
    s->inner->leave(s->inner_self, frame, why);
}

static struct policy_frame *story_victim(void *self, const struct policy_key *incoming)
{
    struct story *s = self;
    struct policy_frame *frame;
    int64_t number;

    take(&s->questions); /* those of ticks and the like nobody wants to know */
    frame = s->inner->victim(s->inner_self, incoming);
    number = frame_at(s, (uintptr_t)frame, offsetof(struct sim_frame, frame));
    add(&s->events, ",[\"v\",%d,[", (int)number);
    add_text(&s->events, take(&s->questions));
    add(&s->events, "]]");
    return frame;
}

static bool story_clean_first(void *self, struct policy_frame *frame)
{
    struct story *s = self;
    bool yes;

    take(&s->questions);
    yes = s->inner->clean_first && s->inner->clean_first(s->inner_self, frame);
    add(&s->events, ",[\"c\",%u,%d,[", frame->number, yes);
    add_text(&s->events, take(&s->questions));
    add(&s->events, "]]");
    s->count[WRITEBACKS] += yes;
    return yes;
}

static void story_tick(void *self)
{
    struct story *s = self;

    add(&s->events, ",[\"t\"]");
    if (s->inner->tick)
        s->inner->tick(s->inner_self);
}

/* --- services --- */

static bool answer(struct story *s, char kind, const struct policy_frame *frame, bool yes)
{
    add(&s->questions, ",[\"%c\",%u,%d]", kind, frame->number, yes);
    return yes;
}

static bool story_referenced(void *owner, struct policy_frame *frame)
{
    struct story *s = owner;

    return answer(s, 'r', frame, s->inner_services.referenced(s->inner_services.owner, frame));
}

static bool story_busy(void *owner, const struct policy_frame *frame)
{
    struct story *s = owner;

    return answer(s, 'b', frame, s->inner_services.busy(s->inner_services.owner, frame));
}

static bool story_dirty(void *owner, const struct policy_frame *frame)
{
    struct story *s = owner;

    return answer(s, 'd', frame, s->inner_services.dirty(s->inner_services.owner, frame));
}

/* --- what the frames look like --- */

static int32_t list_number(struct story *s, uint64_t head)
{
    int n = 0;

    while (n < s->nheads && s->heads[n] != head)
        n++;
    if (n == MAX_LISTS)
        return NOT_LINKED;
    if (n == s->nheads)
        s->heads[s->nheads++] = head;
    return -1 - n;
}

/*
 * What the frame is behind, if its two words are a TAILQ_ENTRY. Nothing is followed: a word that only
 * looks like an address does no harm.
 */
static int32_t before(struct story *s, const struct sim_frame *f)
{
    uint64_t next = f->frame.word[0], prev = f->frame.word[1];
    int64_t number = frame_at(s, prev, offsetof(struct sim_frame, frame.link));

    if (next != 0 && frame_at(s, next, offsetof(struct sim_frame, frame)) < 0)
        return NOT_LINKED;
    if (number >= 0)
        return s->subject.frames[number].frame.word[0] == (uintptr_t)&f->frame ? (int32_t)number
                                                                               : NOT_LINKED;
    return prev >> 32 != 0 && prev % sizeof(void *) == 0 ? list_number(s, prev) : NOT_LINKED;
}

static void show_links(struct story *s)
{
    const char *begin = ",[\"p\"";
    bool any = false;

    for (uint32_t i = 0; i < s->subject.max_frames; i++) {
        const struct sim_frame *f = &s->subject.frames[i];
        int32_t now = f->entered ? before(s, f) : NOT_LINKED;

        if (now == s->shown[i].before)
            continue;
        s->shown[i].before = now;
        if (now == NOT_LINKED)
            add(&s->events, "%s,%u,null", any ? "" : begin, i);
        else
            add(&s->events, "%s,%u,%d", any ? "" : begin, i, now);
        any = true;
    }
    if (any)
        add(&s->events, "]");
}

static void show_bits(struct story *s)
{
    bool any = false;

    for (uint32_t i = 0; i < s->subject.max_frames; i++) {
        const struct sim_frame *f = &s->subject.frames[i];
        uint8_t now = f->entered ? (s->subject.accessed && f->accessed) | f->dirty << 1 : 0;

        if (now == s->shown[i].bits)
            continue;
        s->shown[i].bits = now;
        add(&s->events, "%s,%u,%u", any ? "" : ",[\"b\"", i, now);
        any = true;
    }
    if (any)
        add(&s->events, "]");
}

/* The first step that is written begins with all that is resident. */
static void show_all(struct story *s)
{
    take(&s->events);
    for (uint32_t i = 0; i < s->subject.max_frames; i++) {
        const struct policy_frame *f = &s->subject.frames[i].frame;

        if (s->subject.frames[i].entered)
            add(&s->events, ",[\"s\",%u,%" PRIu64 ",%" PRIu64 "]", i, f->key.object, f->key.index);
    }
    show_links(s);
    show_bits(s);
    for (int i = 0; i < COUNTS; i++)
        s->count_before[i] = s->count[i];
}

static void write_step(struct story *s, struct policy_key key, int write)
{
    fprintf(s->file, "%s[%" PRIu64 ",%" PRIu64 ",%d,[%s]]", s->written++ > 0 ? ",\n" : "",
            key.object, key.index, write, take(&s->events));
}

void story_step(struct story *s, struct policy_key key, bool write)
{
    uint64_t n = ++s->count[REFERENCES];

    if (n >= s->subject.from && n - s->subject.from < s->subject.most) {
        show_links(s);
        show_bits(s);
        write_step(s, key, write);
    } else if (n + 1 == s->subject.from) {
        show_all(s);
        write_step(s, (struct policy_key){0}, 0);
    }
    take(&s->events);
}

/* --- begin and end --- */

static void print_counts(struct story *s, const char *name, const uint64_t count[COUNTS])
{
    fprintf(s->file, ",\"%s\":[", name);
    for (int i = 0; i < COUNTS; i++)
        fprintf(s->file, "%s%" PRIu64, i > 0 ? "," : "", count[i]);
    fputc(']', s->file);
}

struct story *story_begin(FILE *file, const struct story_subject *subject)
{
    struct story *s = alloc_array(1, sizeof(*s));

    *s = (struct story){.subject = *subject,
                        .file = file,
                        .inner = *subject->policy,
                        .inner_self = *subject->self,
                        .inner_services = *subject->services};
    s->shown = alloc_array(subject->max_frames, sizeof(*s->shown));
    for (uint32_t i = 0; i < subject->max_frames; i++)
        s->shown[i].before = NOT_LINKED;
    s->policy = **subject->policy;
    s->policy.resize = story_resize;
    s->policy.plan = story_plan;
    s->policy.enter = story_enter;
    s->policy.used = story_used;
    s->policy.leave = story_leave;
    s->policy.victim = story_victim;
    s->policy.clean_first = story_clean_first;
    s->policy.tick = story_tick;
    s->policy.fini = NULL;
    *subject->policy = &s->policy;
    *subject->self = s;
    *subject->services = (struct services){s, story_referenced, story_busy, story_dirty};
    fprintf(file, "{\"policy\":\"%s\",\"frames\":%u,\"max\":%u,\"accessed\":%s,\"steps\":[\n",
            subject->text, subject->nframes, subject->max_frames,
            subject->accessed ? "true" : "false");
    if (subject->from == 1) /* so that the first step is always what was before */
        write_step(s, (struct policy_key){0}, 0);
    return s;
}

void story_end(struct story *s)
{
    *s->subject.policy = s->inner;
    *s->subject.self = s->inner_self;
    *s->subject.services = s->inner_services;
    fprintf(s->file, "\n],\"from\":%" PRIu64, s->subject.from);
    print_counts(s, "before", s->count_before);
    print_counts(s, "whole", s->count);
    fputs(",\"lists\":[", s->file);
    for (int i = 0; i < s->nheads; i++) {
        int rank = 0;

        for (int k = 0; k < s->nheads; k++)
            rank += s->heads[k] < s->heads[i];
        fprintf(s->file, "%s%d", i > 0 ? "," : "", rank);
    }
    fputs("]}\n", s->file);
    alloc_free(s->events.at);
    alloc_free(s->questions.at);
    alloc_free(s->shown);
    alloc_free(s);
}
