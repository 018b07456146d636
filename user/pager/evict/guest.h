/* SPDX-License-Identifier: MIT
 *
 * The guest's side of policy.h: the frames as the policy sees them, and the memory that it gets. Its
 * services (policy_referenced() and so on) are in guest.c; what the answers mean is reclaim.c's. */
#ifndef PAGER_GUEST_H
#define PAGER_GUEST_H

#include <stdbool.h>
#include <stdint.h>
#include "user/pager/base/frame.h"
#include "user/pager/evict/policy.h"

/* One for each frame, by its number. */
struct guest_frame {
    struct policy_frame policy;
    uint32_t held;     /* hold.c: by so many turns */
    uint32_t looked;   /* reclaim.c: in which round its accessed bits were read */
    uint32_t given_up; /* hold.c: when it was let go */
};

#define GUEST_TABLE_BASE 0x0c00000000ul

static inline struct guest_frame *guest_of(const struct frame *frame)
{
    return (struct guest_frame *)GUEST_TABLE_BASE + (frame - frames.table);
}

/* The frame of what a policy names, which may be any pointer; NULL: it is none. */
struct frame *guest_frame_named(const struct policy_frame *named);

/* Its number; UINT64_MAX: it is none. */
uint64_t guest_number_named(const struct policy_frame *named);

#define GUEST_TEXT 128u /* bytes of "name:key=value,...", with the 0 */

/* An instance. */
struct guest {
    const struct policy *policy;
    void *self;
    struct policy_memory *memory;
    char text[GUEST_TEXT];
    uint32_t nframes, max_frames; /* what its init() was told */
    uint64_t seed;
};
extern struct guest guest; /* in force */

/* Begins with the policy that `text` names, in a form that policy_parse() reads; if it cannot be had,
 * says so and begins with the first one that can. */
void guest_setup(const char *text, uint32_t nframes, uint32_t max_frames, uint64_t seed);

#define GUEST_STANDARD "clock" /* when nobody says, and when another one has failed */
bool guest_is_standard(void);

#define GUEST_FAILED "it has failed"

/* Makes another instance, beside the one in force. NULL, or what is wrong with the text, or GUEST_FAILED. */
const char *guest_begin(const char *text, uint32_t nframes, struct guest *new);

/* Provided by reclaim.c. Tests and clears the accessed bits of all mappings. */
bool reclaim_look(struct frame *frame);
bool reclaim_is_busy(const struct frame *frame);
static inline bool frame_is_dirty(const struct frame *frame)
{
    return frame->state == FRAME_DIRTY || frame->state == FRAME_CLEANING;
}

#endif
