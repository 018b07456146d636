/* SPDX-License-Identifier: MIT
 *
 * aging - the page whose history of use is the smallest number goes.
 *
 * Textbook (Tanenbaum, Modern Operating Systems, "Simulating LRU in Software"). Each page has a
 * counter of eight bits; a tick shifts it right, and the new top bit says whether the page was used
 * since the last tick. A page begins with the top bit set, or it would be the next to go.
 *
 * Pages are kept in a list per counter value, so a victim is found at once. Within a list the page
 * goes that came to it first. What was used since the last tick counts only from the next one.
 */
#include "policy.h"

enum { TOP = 0x80, VALUES = 0x100 };

struct aging {
    struct policy_list list[VALUES]; /* by counter */
    uint8_t *counter;                /* by frame number */
    bool *used;                      /* by frame number: since the last tick */
};

static void *aging_init(const struct policy_config *config)
{
    struct aging *aging = policy_alloc(config, sizeof(*aging));

    if (!aging || !(aging->counter = policy_alloc(config, config->max_frames)) ||
        !(aging->used = policy_alloc(config, config->max_frames * sizeof(*aging->used))))
        return NULL;
    for (int i = 0; i < VALUES; i++)
        TAILQ_INIT(&aging->list[i]);
    return aging;
}

static void aging_put(struct aging *aging, struct policy_frame *frame, uint8_t counter)
{
    aging->counter[frame->number] = counter;
    aging->used[frame->number] = false;
    TAILQ_INSERT_TAIL(&aging->list[counter], frame, link);
}

static void aging_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    aging_put(self, frame, why == POLICY_FAULT ? TOP : 0);
}

static void aging_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct aging *aging = self;

    (void)dirty;
    aging->used[frame->number] = true;
}

static void aging_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct aging *aging = self;

    (void)why;
    TAILQ_REMOVE(&aging->list[aging->counter[frame->number]], frame, link);
}

static void aging_tick(void *self)
{
    struct aging *aging = self;
    struct policy_list all;
    struct policy_frame *frame;

    TAILQ_INIT(&all);
    for (int i = 0; i < VALUES; i++)
        TAILQ_CONCAT(&all, &aging->list[i], link);
    while ((frame = TAILQ_FIRST(&all))) {
        uint8_t top = aging->used[frame->number] ? TOP : 0;

        TAILQ_REMOVE(&all, frame, link);
        aging_put(aging, frame, aging->counter[frame->number] >> 1 | top);
    }
}

static struct policy_frame *aging_victim(void *self, const struct policy_key *incoming)
{
    struct aging *aging = self;
    struct policy_frame *frame;

    (void)incoming;
    for (int i = 0; i < VALUES; i++)
        TAILQ_FOREACH (frame, &aging->list[i], link)
            if (!policy_busy(frame))
                return frame;
    return NULL;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "eight-bit histories of use",
    .init = aging_init,
    .enter = aging_enter,
    .used = aging_used,
    .leave = aging_leave,
    .victim = aging_victim,
    .tick = aging_tick,
};
