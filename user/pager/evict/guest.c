/* SPDX-License-Identifier: MIT
 *
 * What policy.h promises to policies, in the guest. See guest.h. */
#include "user/pager/evict/guest.h"
#include <abi/layout.h>
#include <proto/start.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "user/pager/base/memory.h"
#include "user/pager/base/say.h"
#include "user/pager/base/watcher.h"
#include "user/pager/evict/guard.h"
#include "user/pager/evict/policy_log.h"

/* Instances come and go, and what one had the next but one gets: two windows of the pager's space, so that
 * the old and the new one are there at once. They grow to the largest there has been, and no further. */
#define WINDOW_BYTES (1ul << 32)
#define WINDOW_BASE 0x0d00000000ul

struct policy_memory {
    uint64_t base, backed; /* bytes that have memory, */
    uint64_t used;         /* and that were given out */
    bool closed;           /* init() is over */
};

struct guest guest;
static struct policy_memory windows[2] = {{.base = WINDOW_BASE},
                                          {.base = WINDOW_BASE + WINDOW_BYTES}};
static struct policy_config sizes;

/* --- services --- */

void *policy_alloc(const struct policy_config *config, size_t bytes)
{
    struct policy_memory *m = config->memory;
    uint64_t at = m->base + m->used;

    if (m->closed)
        guard_blame("it calls policy_alloc() after init()");
    if (bytes > WINDOW_BYTES - m->used - 16)
        return NULL;
    guard_serve();
    m->used += (bytes + 15) & ~15ul;
    bool backed = memory_back(m->base, &m->backed, m->used);
    guard_served();
    return backed ? (void *)at : NULL;
}

/* The frame that a service is asked about. */
static struct frame *frame_of(const struct policy_frame *named)
{
    struct frame *frame = guest_frame_named(named);

    if (!frame || !(frame->policy & POLICY_ENTERED))
        guard_blame("it asks about what is no entered frame");
    return frame;
}

/* What a policy is told is recorded where it is yes. */
static bool told(enum trace_kind kind, const struct policy_frame *frame, bool yes)
{
    if (yes && watcher.events) {
        guard_serve();
        RECORD(PAGER_RECORD_POLICY, kind, frame->number);
        guard_served();
    }
    return yes;
}

bool policy_referenced(struct policy_frame *frame)
{
    struct frame *known = frame_of(frame);

    guard_serve();
    bool referenced = reclaim_look(known);
    guard_served();
    return told(TRACE_REFERENCED, frame, referenced);
}

bool policy_busy(const struct policy_frame *frame)
{
    return told(TRACE_BUSY, frame, reclaim_is_busy(frame_of(frame)));
}

bool policy_dirty(const struct policy_frame *frame)
{
    return told(TRACE_DIRTY, frame, frame_is_dirty(frame_of(frame)));
}

struct frame *guest_frame_named(const struct policy_frame *named)
{
    uintptr_t offset = (uintptr_t)named - GUEST_TABLE_BASE;

    if (offset >= frames.count * sizeof(struct guest_frame) ||
        offset % sizeof(struct guest_frame) != 0)
        return NULL;
    return frame_number((uint32_t)(offset / sizeof(struct guest_frame)));
}

uint64_t guest_number_named(const struct policy_frame *named)
{
    const struct frame *frame = guest_frame_named(named);

    return frame ? (uint64_t)(frame - frames.table) : UINT64_MAX;
}

/* --- choosing --- */

const char *guest_begin(const char *text, uint32_t nframes, struct guest *new)
{
    struct policy_config config = sizes;
    struct policy_memory *memory = &windows[guest.memory == &windows[0]];
    const char *wrong = policy_parse(text, &new->policy, config.value);

    if (wrong)
        return wrong;
    memset((void *)memory->base, 0, memory->used < memory->backed ? memory->used : memory->backed);
    memory->used = 0;
    memory->closed = false;
    policy_log_clear();
    config.nframes = nframes;
    config.memory = new->memory = memory;
    guard.policy = new->policy->name;
    struct guard_result result = guard_call(new->policy->init, (uintptr_t)&config, 0, 0, "init");
    guard.policy = guest.policy ? guest.policy->name : NULL;
    memory->closed = true;
    if (result.failed)
        return GUEST_FAILED;
    new->self = (void *)result.value;
    snprintf(new->text, sizeof(new->text), "%s", text);
    new->nframes = nframes;
    new->max_frames = config.max_frames;
    new->seed = config.seed;
    return new->self ? NULL : "no memory";
}

void guest_setup(const char *text, uint32_t nframes, uint32_t max_frames, uint64_t seed)
{
    struct guest new = {0};
    const char *wrong;

    sizes = (struct policy_config){.max_frames = max_frames, .seed = seed};
    wrong = guest_begin(*text ? text : GUEST_STANDARD, nframes, &new);
    if (wrong) {
        bool asked = memory_auxv(AT_OCTAVO_POLICY) != 0; /* by with-pager, which wants no other */
        say("%s%s: %s%s", asked ? "policy " : "PAGER=", text, wrong,
            asked ? "" : "; the policy is " GUEST_STANDARD);
        if (asked)
            exit(1);
        wrong = guest_begin(GUEST_STANDARD, nframes, &new);
    }
    for (unsigned i = 0; policy_table[i] && wrong; i++)
        wrong = guest_begin(policy_table[i]->name, nframes, &new);
    PAGER_CHECK(!wrong);
    guest = new;
    guard.policy = guest.policy->name;
    guest_begin(GUEST_STANDARD, nframes, &new); /* so that falling back never needs memory */
}

bool guest_is_standard(void)
{
    return strcmp(guest.policy->name, GUEST_STANDARD) == 0;
}
