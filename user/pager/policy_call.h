/* SPDX-License-Identifier: MIT
 *
 * Every call of the mechanism into the policy in force. Nobody else reads guest.policy's functions, so
 * that whoever wants to see all that a policy is told, or to guard against what it does, looks here.
 * Functions that a policy has not are answered as policy.h says. What an answer means is reclaim.c's. */
#ifndef PAGER_POLICY_CALL_H
#define PAGER_POLICY_CALL_H

#include <stdbool.h>
#include <stdint.h>
#include "user/pager/policy.h"
#include "user/pager/policy_guest.h"

static inline void call_enter(struct policy_frame *frame, enum policy_enter why)
{
    guest.policy->enter(guest.self, frame, why);
}

static inline void call_used(struct policy_frame *frame, bool dirty)
{
    if (guest.policy->used)
        guest.policy->used(guest.self, frame, dirty);
}

static inline void call_leave(struct policy_frame *frame, enum policy_leave why)
{
    guest.policy->leave(guest.self, frame, why);
}

/* What it names may be any pointer: guest_frame_named() tells whether it is a frame. */
static inline const struct policy_frame *call_victim(const struct policy_key *incoming)
{
    return guest.policy->victim(guest.self, incoming);
}

static inline bool call_clean_first(struct policy_frame *frame)
{
    return guest.policy->clean_first && guest.policy->clean_first(guest.self, frame);
}

static inline void call_tick(void)
{
    if (guest.policy->tick)
        guest.policy->tick(guest.self);
}

static inline void call_resize(uint32_t nframes)
{
    if (guest.policy->resize)
        guest.policy->resize(guest.self, nframes);
}

/* False: the policy has no opinion. */
static inline bool call_plan(const struct policy_view *view, struct policy_plan *plan)
{
    if (!guest.policy->plan)
        return false;
    *plan = guest.policy->plan(guest.self, view);
    return true;
}

static inline void call_dump(void)
{
    if (guest.policy->dump)
        guest.policy->dump(guest.self);
}

static inline void call_fini(void)
{
    if (guest.policy->fini)
        guest.policy->fini(guest.self);
}

#endif
