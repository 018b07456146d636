/* SPDX-License-Identifier: MIT
 *
 * lru - the page not used for the longest time goes.
 *
 * Textbook (Mattson, Gecsei, Slutz, Traiger, Evaluation Techniques for Storage Hierarchies, IBM
 * Systems Journal 1970). Exact when told of every reference. When used() comes from harvests
 * (the guest, --bits), pages found used by the same harvest are ordered as the harvest met them.
 */
#include "policy.h"

struct lru {
    struct policy_list order; /* head: least recently used */
};

static void *lru_init(const struct policy_config *config)
{
    struct lru *lru = policy_alloc(config, sizeof(*lru));

    if (lru)
        TAILQ_INIT(&lru->order);
    return lru;
}

static void lru_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct lru *lru = self;

    (void)why;
    TAILQ_INSERT_TAIL(&lru->order, frame, link);
}

static void lru_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct lru *lru = self;

    (void)why;
    TAILQ_REMOVE(&lru->order, frame, link);
}

static void lru_used(void *self, struct policy_frame *frame, bool dirty)
{
    (void)dirty;
    lru_leave(self, frame, POLICY_HANDED_OVER);
    lru_enter(self, frame, POLICY_FAULT);
}

static struct policy_frame *lru_victim(void *self, const struct policy_key *incoming)
{
    struct lru *lru = self;
    struct policy_frame *frame;

    (void)incoming;
    TAILQ_FOREACH (frame, &lru->order, link)
        if (!policy_busy(frame))
            return frame;
    return NULL;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "least recently used",
    .init = lru_init,
    .enter = lru_enter,
    .leave = lru_leave,
    .used = lru_used,
    .victim = lru_victim,
};
