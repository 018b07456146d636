/* SPDX-License-Identifier: MIT
 *
 * nru - not recently used: a page from the lowest class goes.
 *
 * Textbook (Tanenbaum, Modern Operating Systems, "Not Recently Used"). The classes are, from the
 * lowest: neither used nor dirty, dirty, used, used and dirty. "Used" is since the last tick.
 *
 * Approximations: among equals the textbook takes any page; here goes the one whose last tick of
 * use is longest ago (so lists in that order suffice). A page counts as dirty as of its last use
 * that was told.
 */
#include "policy.h"

struct nru {
    struct policy_list list[2]; /* clean, dirty; those last used in the oldest tick first */
    uint64_t *stamp;            /* by frame number: tick of the last use */
    bool *dirty;                /* by frame number: on which list */
    uint64_t now;               /* ticks so far, from 1 */
};

static void *nru_init(const struct policy_config *config)
{
    struct nru *nru = policy_alloc(config, sizeof(*nru));

    if (!nru || !(nru->stamp = policy_alloc(config, config->max_frames * sizeof(*nru->stamp))) ||
        !(nru->dirty = policy_alloc(config, config->max_frames * sizeof(*nru->dirty))))
        return NULL;
    TAILQ_INIT(&nru->list[0]);
    TAILQ_INIT(&nru->list[1]);
    nru->now = 1;
    return nru;
}

static void nru_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct nru *nru = self;

    (void)why;
    TAILQ_REMOVE(&nru->list[nru->dirty[frame->number]], frame, link);
}

static void nru_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct nru *nru = self;
    bool dirty = policy_dirty(frame);

    nru->dirty[frame->number] = dirty;
    nru->stamp[frame->number] = why == POLICY_FAULT ? nru->now : 0;
    if (why == POLICY_FAULT)
        TAILQ_INSERT_TAIL(&nru->list[dirty], frame, link);
    else
        TAILQ_INSERT_HEAD(&nru->list[dirty], frame, link);
}

static void nru_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct nru *nru = self;

    if (nru->stamp[frame->number] == nru->now && nru->dirty[frame->number] >= dirty)
        return;
    nru_leave(self, frame, POLICY_HANDED_OVER);
    nru_enter(self, frame, POLICY_FAULT);
}

static void nru_tick(void *self)
{
    struct nru *nru = self;

    nru->now++;
}

/* The first page of the list that was, or was not, used since the last tick. */
static struct policy_frame *nru_find(struct nru *nru, bool used, bool dirty)
{
    struct policy_frame *frame, *next;

    for (frame = TAILQ_FIRST(&nru->list[dirty]); frame; frame = next) {
        bool now = nru->stamp[frame->number] == nru->now;

        next = TAILQ_NEXT(frame, link);
        if (!used && now) /* so are all that follow */
            return NULL;
        if (!used && policy_referenced(frame))
            nru_used(nru, frame, policy_dirty(frame));
        else if (used == now && !policy_busy(frame))
            return frame;
    }
    return NULL;
}

static struct policy_frame *nru_victim(void *self, const struct policy_key *incoming)
{
    struct nru *nru = self;
    struct policy_frame *frame = NULL;

    (void)incoming;
    for (int order = 0; order < 4 && !frame; order++)
        frame = nru_find(nru, order & 2, order & 1);
    return frame;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "not recently used, by classes",
    .init = nru_init,
    .enter = nru_enter,
    .used = nru_used,
    .leave = nru_leave,
    .victim = nru_victim,
    .tick = nru_tick,
};
