/* SPDX-License-Identifier: MIT
 *
 * eclock - enhanced second chance: a clock that would rather not write.
 *
 * Textbook (Silberschatz, Galvin, Gagne, "Enhanced Second-Chance Algorithm"). The hand looks, in up
 * to four laps, for a page that is (1) neither used nor dirty, leaving all bits alone; (2) dirty
 * but not used, clearing the used bits it passes; then (3) and (4) the same once more, when every
 * used bit is clear.
 */
#include "policy.h"

struct eclock {
    struct policy_list ring; /* head: under the hand */
    bool *used;              /* by frame number */
    uint32_t count;
};

static void *eclock_init(const struct policy_config *config)
{
    struct eclock *clock = policy_alloc(config, sizeof(*clock));

    if (!clock || !(clock->used = policy_alloc(config, config->max_frames * sizeof(*clock->used))))
        return NULL;
    TAILQ_INIT(&clock->ring);
    return clock;
}

static void eclock_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct eclock *clock = self;

    TAILQ_INSERT_TAIL(&clock->ring, frame, link);
    clock->used[frame->number] = why == POLICY_FAULT;
    clock->count++;
}

static void eclock_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct eclock *clock = self;

    (void)dirty;
    clock->used[frame->number] = true;
}

static void eclock_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct eclock *clock = self;

    (void)why;
    TAILQ_REMOVE(&clock->ring, frame, link);
    clock->count--;
}

/* One lap. Returns a page that is not used, and dirty or not as asked. */
static struct policy_frame *eclock_lap(struct eclock *clock, bool dirty, bool clear)
{
    for (uint32_t n = 0; n < clock->count; n++) {
        struct policy_frame *frame = TAILQ_FIRST(&clock->ring);
        bool *used = &clock->used[frame->number];

        if (policy_referenced(frame))
            *used = true;
        if (!*used && policy_dirty(frame) == dirty && !policy_busy(frame))
            return frame;
        if (clear)
            *used = false;
        TAILQ_REMOVE(&clock->ring, frame, link);
        TAILQ_INSERT_TAIL(&clock->ring, frame, link);
    }
    return NULL;
}

static struct policy_frame *eclock_victim(void *self, const struct policy_key *incoming)
{
    struct policy_frame *frame = NULL;

    (void)incoming;
    for (int lap = 0; lap < 4 && !frame; lap++)
        frame = eclock_lap(self, lap & 1, lap & 1);
    return frame;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "second chance that prefers clean pages",
    .init = eclock_init,
    .enter = eclock_enter,
    .used = eclock_used,
    .leave = eclock_leave,
    .victim = eclock_victim,
};
