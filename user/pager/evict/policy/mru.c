/* SPDX-License-Identifier: MIT
 *
 * mru - the page used last goes first.
 *
 * Textbook (Chou, DeWitt, An Evaluation of Buffer Management Strategies for Relational Database
 * Systems, VLDB 1985, for loops). Right when a loop is longer than memory, wrong for nearly all
 * else. Exact when told of every reference; by harvests, pages found used together are ordered as
 * the harvest met them.
 */
#include "policy.h"

struct mru {
    struct policy_list order; /* head: least recently used */
};

static void *mru_init(const struct policy_config *config)
{
    struct mru *mru = policy_alloc(config, sizeof(*mru));

    if (mru)
        TAILQ_INIT(&mru->order);
    return mru;
}

static void mru_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct mru *mru = self;

    (void)why;
    TAILQ_INSERT_TAIL(&mru->order, frame, link);
}

static void mru_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct mru *mru = self;

    (void)why;
    TAILQ_REMOVE(&mru->order, frame, link);
}

static void mru_used(void *self, struct policy_frame *frame, bool dirty)
{
    (void)dirty;
    mru_leave(self, frame, POLICY_HANDED_OVER);
    mru_enter(self, frame, POLICY_FAULT);
}

static struct policy_frame *mru_victim(void *self, const struct policy_key *incoming)
{
    struct mru *mru = self;
    struct policy_frame *frame;

    (void)incoming;
    TAILQ_FOREACH_REVERSE(frame, &mru->order, policy_list, link)
    if (!policy_busy(frame))
        return frame;
    return NULL;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "most recently used",
    .init = mru_init,
    .enter = mru_enter,
    .leave = mru_leave,
    .used = mru_used,
    .victim = mru_victim,
};
