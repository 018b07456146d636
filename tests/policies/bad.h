/* SPDX-License-Identifier: MIT
 *
 * What the bad policies of this folder share: a fifo. */
#ifndef TESTS_BAD_H
#define TESTS_BAD_H

#include "policy.h"

struct bad {
    struct policy_list queue;
    unsigned victims, enters;
    uint32_t max_frames;
};

static inline void *bad_init(const struct policy_config *config)
{
    struct bad *bad = policy_alloc(config, sizeof(*bad));

    TAILQ_INIT(&bad->queue);
    bad->max_frames = config->max_frames;
    return bad;
}

static inline void bad_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct bad *bad = self;

    (void)why;
    bad->enters++;
    TAILQ_INSERT_TAIL(&bad->queue, frame, link);
}

static inline void bad_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct bad *bad = self;

    (void)why;
    TAILQ_REMOVE(&bad->queue, frame, link);
}

static inline struct policy_frame *bad_victim(void *self, const struct policy_key *incoming)
{
    struct bad *bad = self;
    struct policy_frame *frame;

    (void)incoming;
    bad->victims++;
    TAILQ_FOREACH (frame, &bad->queue, link)
        if (!policy_busy(frame))
            return frame;
    return NULL;
}

#define BAD_POLICY(text, enter_, leave_, victim_)      \
    const struct policy POLICY = {.name = POLICY_NAME, \
                                  .about = text,       \
                                  .init = bad_init,    \
                                  .enter = enter_,     \
                                  .leave = leave_,     \
                                  .victim = victim_}

#endif
