/* SPDX-License-Identifier: MIT
 *
 * clock - fifo, but a page used since the hand last passed gets a second chance.
 *
 * Textbook (Corbato, A Paging Experiment with the Multics System, 1968). The ring is a list whose
 * head is where the hand points; passing a page moves it to the tail. A page that comes in takes
 * its victim's place, which is just behind the hand: the tail.
 *
 * No approximation. Whether a page begins with its bit set is a parameter, since texts differ.
 */
#include "policy.h"

struct clock {
    struct policy_list ring; /* head: under the hand */
    uint8_t *bit;            /* by frame number: used since the hand passed */
    uint32_t count;
    bool start;
};

enum { START };
static const struct policy_param clock_parameters[] = {
    [START] = {"start", 1, 0, 1, "the bit a page begins with"},
    {0},
};

static void *clock_init(const struct policy_config *config)
{
    struct clock *clock = policy_alloc(config, sizeof(*clock));

    if (!clock || !(clock->bit = policy_alloc(config, config->max_frames)))
        return NULL;
    TAILQ_INIT(&clock->ring);
    clock->start = config->value[START];
    return clock;
}

static void clock_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct clock *clock = self;

    TAILQ_INSERT_TAIL(&clock->ring, frame, link);
    clock->bit[frame->number] = clock->start && why == POLICY_FAULT;
    clock->count++;
}

static void clock_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct clock *clock = self;

    (void)dirty;
    clock->bit[frame->number] = 1;
}

static void clock_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct clock *clock = self;

    (void)why;
    TAILQ_REMOVE(&clock->ring, frame, link);
    clock->count--;
}

static struct policy_frame *clock_victim(void *self, const struct policy_key *incoming)
{
    struct clock *clock = self;

    (void)incoming;
    for (uint32_t looks = 0; looks < 2 * clock->count; looks++) {
        struct policy_frame *frame = TAILQ_FIRST(&clock->ring);
        bool second_lap = looks >= clock->count;
        bool used = policy_referenced(frame) || clock->bit[frame->number];

        if (!policy_busy(frame) && (!used || second_lap))
            return frame;
        clock->bit[frame->number] = 0;
        TAILQ_REMOVE(&clock->ring, frame, link);
        TAILQ_INSERT_TAIL(&clock->ring, frame, link);
    }
    return NULL;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "second chance",
    .parameters = clock_parameters,
    .init = clock_init,
    .enter = clock_enter,
    .leave = clock_leave,
    .used = clock_used,
    .victim = clock_victim,
};
