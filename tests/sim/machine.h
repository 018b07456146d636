/* SPDX-License-Identifier: MIT
 *
 * machine.h - a simulated mechanism: frames, faults, evictions, with a policy that is asked.
 *
 * It does what the pager does in the guest, without the guest: one program, no fault-around,
 * input and output that take no time. It trusts no policy: what is nominated is checked,
 * and what cannot be used is refused, counted, and replaced by a choice of the machine's own.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "policy.h"
#include "services.h"

struct machine_setup {
    const struct policy *policy;
    int64_t value[POLICY_MAX_PARAMS];
    uint32_t nframes, max_frames;
    uint64_t seed;
    bool bits;                      /* the policy sees accessed bits instead of references */
    uint64_t interval;              /* faults between two harvests or ticks; 0: never */
    const struct policy_key *pages; /* keys by page number */
    uint32_t npages;
};

struct machine_counts {
    uint64_t references, faults, evictions, writebacks;
    uint64_t refused; /* nominations that could not be used */
};

struct machine {
    struct machine_setup setup;
    struct machine_counts counts;
    const struct policy *policy; /* setup.policy, or a wrapper around it */
    void *self;
    struct services services; /* a wrapper may replace them too */
    struct policy_memory memory;
    struct sim_frame *frames; /* max_frames of them */
    uint32_t *where;          /* by page number: frame number + 1, or 0 */
    uint32_t *vacant;         /* stack of frame numbers */
    uint32_t nvacant;
    uint32_t nframes; /* the limit now */
    uint32_t hand;    /* for the machine's own choice */
};

/* False: the policy's init() returned NULL. */
bool machine_init(struct machine *m, const struct machine_setup *setup);
void machine_fini(struct machine *m);

/* A reference. False: it faulted and every frame is busy. */
bool machine_touch(struct machine *m, uint32_t page, bool write);

/* Brings an absent page along into a vacant frame, if there is one: it is not referenced. */
void machine_bring_ahead(struct machine *m, uint32_t page);

/* Asks for a plan (none: nothing) and clips it to the view. Nothing is brought. */
struct policy_plan machine_plan(struct machine *m, const struct policy_view *view);

/* The page is gone for good, if it was resident. */
void machine_free(struct machine *m, uint32_t page);

/* A new limit; evicts what is too much. */
void machine_resize(struct machine *m, uint32_t nframes);

/* Evicts one page without another coming in. */
void machine_reclaim(struct machine *m);

/* Looks at all accessed bits, then ticks. */
void machine_harvest(struct machine *m);

/* Takes all pages from the policy and gives them back, as a switch of policies would. */
void machine_hand_over(struct machine *m);

/* Does the pointer, which may be garbage, point to one of the machine's frames? */
bool machine_owns(const struct machine *m, const struct policy_frame *frame);

static inline uint32_t machine_resident(const struct machine *m)
{
    return m->setup.max_frames - m->nvacant;
}

#endif
