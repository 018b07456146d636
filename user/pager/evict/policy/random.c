/* SPDX-License-Identifier: MIT
 *
 * random - any page may go.
 *
 * Belady, A Study of Replacement Algorithms for a Virtual-Storage Computer, IBM Systems Journal
 * 1966. Remembers nothing, so what it costs is what knowing nothing costs. The modulus favours the
 * first frames by less than one part in 2^40.
 */
#include "policy.h"

struct random {
    struct policy_frame **at; /* those entered; each frame's first word is its place here */
    uint32_t count;
    uint64_t state;
};

static void *random_init(const struct policy_config *config)
{
    struct random *random = policy_alloc(config, sizeof(*random));

    if (!random || !(random->at = policy_alloc(config, config->max_frames * sizeof(*random->at))))
        return NULL;
    random->state = config->seed;
    return random;
}

static void random_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct random *random = self;

    (void)why;
    frame->word[0] = random->count;
    random->at[random->count++] = frame;
}

static void random_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct random *random = self;
    struct policy_frame *last = random->at[--random->count];

    (void)why;
    random->at[frame->word[0]] = last;
    last->word[0] = frame->word[0];
}

static struct policy_frame *random_victim(void *self, const struct policy_key *incoming)
{
    struct random *random = self;
    uint32_t from;

    (void)incoming;
    if (random->count == 0)
        return NULL;
    from = policy_random(&random->state) % random->count;
    for (uint32_t i = 0; i < random->count; i++) {
        struct policy_frame *frame = random->at[(from + i) % random->count];

        if (!policy_busy(frame))
            return frame;
    }
    return NULL;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "any page, by dice",
    .init = random_init,
    .enter = random_enter,
    .leave = random_leave,
    .victim = random_victim,
};
