/* SPDX-License-Identifier: MIT
 *
 * services.h - who answers the services that policy.h promises to policies.
 *
 * Policies call policy_referenced() and friends by name. Whose frame it is says the frame itself:
 * every frame that the simulator shows to a policy is inside a struct sim_frame, which points to
 * the struct services of its owner.
 */
#ifndef SIM_SERVICES_H
#define SIM_SERVICES_H

#include "policy.h"

struct services {
    void *owner;
    bool (*referenced)(void *owner, struct policy_frame *frame);
    bool (*busy)(void *owner, const struct policy_frame *frame);
    bool (*dirty)(void *owner, const struct policy_frame *frame);
};

struct sim_frame {
    struct policy_frame frame; /* first member */
    struct services *services;
    uint32_t page;   /* which page of the trace is in it */
    bool entered;    /* between enter() and leave() */
    bool accessed;   /* the machine's bit */
    bool discounted; /* accessed by the access that faulted: not told twice */
    bool dirty;
    bool busy;
};

/* The memory of one instance of a policy. */
struct policy_memory {
    struct memory_chunk *chunks;
    size_t bytes;
    bool closed; /* init() is over: an allocation is a crime */
};

void policy_memory_release(struct policy_memory *memory);

/* Shows policy_log() lines on stderr at once (off at first). */
void services_show_log(bool show);

/* Prints the last lines of policy_log() to stderr. Callable in a signal handler, at our risk. */
void services_print_log(void);

/* Called when a policy allocates outside init(); unset, that ends the program. */
extern void (*services_late_allocation)(size_t bytes);

#endif
