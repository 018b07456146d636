/* SPDX-License-Identifier: MIT
 *
 * Every call of the mechanism into the policy in force, each through guard_call. Nobody else reads
 * guest.policy's functions, so that whoever wants to see all that a policy is told looks here. Functions that
 * a policy has not are answered as policy.h says. What an answer means is reclaim.c's.
 *
 * After a call that failed another policy is in force (switch_failed), or there is no pager any more; who
 * called may go on. */
#ifndef PAGER_CALL_H
#define PAGER_CALL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "user/pager/base/panic.h"
#include "user/pager/base/watcher.h"
#include "user/pager/evict/guard.h"
#include "user/pager/evict/guest.h"
#include "user/pager/evict/policy.h"

/* The one in force is not to be called again (switch.c). */
void switch_failed(void);

static inline struct guard_result call_policy(const void *function, const void *a, uint64_t b,
                                              const char *what)
{
    struct guard_result result = guard_call(function, (uintptr_t)guest.self, (uintptr_t)a, b, what);

    if (unlikely(result.failed))
        switch_failed();
    return result;
}

static inline void call_enter(struct policy_frame *frame, enum policy_enter why)
{
    RECORD(PAGER_RECORD_POLICY, TRACE_ENTER, frame->number, frame->key.object, frame->key.index,
           why, frame_is_dirty(frame_number(frame->number)));
    call_policy(guest.policy->enter, frame, why, "enter");
}

static inline void call_used(struct policy_frame *frame, bool dirty)
{
    RECORD(PAGER_RECORD_POLICY, TRACE_USED, frame->number, dirty);
    if (guest.policy->used)
        call_policy(guest.policy->used, frame, dirty, "used");
}

static inline void call_leave(struct policy_frame *frame, enum policy_leave why)
{
    RECORD(PAGER_RECORD_POLICY, TRACE_LEAVE, frame->number, why);
    call_policy(guest.policy->leave, frame, why, "leave");
}

/* What it names may be any pointer: guest_frame_named() tells whether it is a frame. */
static inline const struct policy_frame *call_victim(const struct policy_key *incoming)
{
    struct guard_result result;

    do { /* if it fails, the next one is asked */
        RECORD(PAGER_RECORD_POLICY, TRACE_VICTIM, incoming ? incoming->object : TRACE_NONE,
               incoming ? incoming->index : TRACE_NONE);
        result = call_policy(guest.policy->victim, incoming, 0, "victim");
    } while (result.failed);
    const struct policy_frame *victim = (const struct policy_frame *)result.value;
    RECORD(PAGER_RECORD_POLICY, TRACE_RESULT, guest_number_named(victim), TRACE_NONE);
    return victim;
}

static inline bool call_clean_first(struct policy_frame *frame)
{
    struct guard_result result;

    if (!guest.policy->clean_first)
        return false;
    RECORD(PAGER_RECORD_POLICY, TRACE_CLEAN_FIRST, frame->number);
    result = call_policy(guest.policy->clean_first, frame, 0, "clean_first");
    if (!result.failed)
        RECORD(PAGER_RECORD_POLICY, TRACE_RESULT, (uint8_t)result.value, TRACE_NONE);
    return (uint8_t)result.value;
}

static inline void call_tick(void)
{
    RECORD(PAGER_RECORD_POLICY, TRACE_TICK, 0);
    if (guest.policy->tick)
        call_policy(guest.policy->tick, NULL, 0, "tick");
}

static inline void call_resize(uint32_t nframes)
{
    RECORD(PAGER_RECORD_POLICY, TRACE_RESIZE, nframes);
    if (guest.policy->resize)
        call_policy(guest.policy->resize, (const void *)(uintptr_t)nframes, 0, "resize");
}

/* False: the policy has no opinion. */
static inline bool call_plan(const struct policy_view *view, struct policy_plan *plan)
{
    struct guard_result result;

    if (!guest.policy->plan)
        return false;
    RECORD(PAGER_RECORD_POLICY, TRACE_PLAN, view->key.object, view->key.index, view->write,
           view->before, view->after, view->free);
    result = call_policy(guest.policy->plan, view, 0, "plan");
    memcpy(plan, &result.value, sizeof(*plan)); /* the psABI returns both words in a0 */
    if (!result.failed)
        RECORD(PAGER_RECORD_POLICY, TRACE_RESULT, plan->before, plan->after);
    return !result.failed;
}

static inline void call_dump(void)
{
    if (guest.policy->dump)
        call_policy(guest.policy->dump, NULL, 0, "dump");
}

static inline void call_fini(void)
{
    if (guest.policy->fini)
        call_policy(guest.policy->fini, NULL, 0, "fini");
}

#endif
