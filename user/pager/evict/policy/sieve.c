/* SPDX-License-Identifier: MIT
 *
 * sieve - fifo with a hand that lets used pages stay where they are.
 *
 * Zhang, Yang, Yue, Vigfusson, Rashmi, SIEVE is Simpler than LRU, NSDI 2024, algorithm 1. The hand
 * moves from the oldest page to the newest and starts over; it clears the visited bits it passes
 * and evicts the first page without one. Unlike a clock's, its survivors keep their places, so new
 * pages gather at one end and are sifted soon.
 *
 * No approximation. (For pages, not objects of different sizes: all weigh the same.)
 */
#include "policy.h"

struct sieve {
    struct policy_list queue;  /* head: oldest */
    struct policy_frame *hand; /* NULL: begin at the oldest */
    bool *visited;             /* by frame number */
    uint32_t count;
};

static void *sieve_init(const struct policy_config *config)
{
    struct sieve *sieve = policy_alloc(config, sizeof(*sieve));

    if (!sieve ||
        !(sieve->visited = policy_alloc(config, config->max_frames * sizeof(*sieve->visited))))
        return NULL;
    TAILQ_INIT(&sieve->queue);
    return sieve;
}

static void sieve_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct sieve *sieve = self;

    (void)why;
    TAILQ_INSERT_TAIL(&sieve->queue, frame, link);
    sieve->visited[frame->number] = false;
    sieve->count++;
}

static void sieve_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct sieve *sieve = self;

    (void)dirty;
    sieve->visited[frame->number] = true;
}

static void sieve_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct sieve *sieve = self;

    (void)why;
    if (sieve->hand == frame)
        sieve->hand = TAILQ_NEXT(frame, link);
    TAILQ_REMOVE(&sieve->queue, frame, link);
    sieve->count--;
}

static struct policy_frame *sieve_victim(void *self, const struct policy_key *incoming)
{
    struct sieve *sieve = self;

    (void)incoming;
    for (uint32_t looks = 0; looks < 2 * sieve->count; looks++) {
        struct policy_frame *frame = sieve->hand ? sieve->hand : TAILQ_FIRST(&sieve->queue);
        bool second_lap = looks >= sieve->count;
        bool visited = policy_referenced(frame) || sieve->visited[frame->number];

        sieve->hand = frame;
        if (!policy_busy(frame) && (!visited || second_lap))
            return frame;
        sieve->visited[frame->number] = false;
        sieve->hand = TAILQ_NEXT(frame, link);
    }
    return NULL;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "fifo with a sifting hand",
    .init = sieve_init,
    .enter = sieve_enter,
    .used = sieve_used,
    .leave = sieve_leave,
    .victim = sieve_victim,
};
