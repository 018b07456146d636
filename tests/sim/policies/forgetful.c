/* SPDX-License-Identifier: MIT
 *
 * forgetful - a fifo that breaks the contract, for tests of the checker.
 *
 * It says now and then that nothing can go, or, as its parameters ask, writes to frames that have
 * left, or looks at the same frame for ever (nearly).
 */
#include "policy.h"

struct forgetful {
    struct policy_list queue;
    struct policy_frame *left;
    uint64_t state;
    bool late, looks;
};

enum { LATE, LOOKS };
static const struct policy_param forgetful_parameters[] = {
    [LATE] = {"late", 0, 0, 1, "write to frames that have left"},
    [LOOKS] = {"looks", 0, 0, 1, "look too often"},
    {0},
};

static void *forgetful_init(const struct policy_config *config)
{
    struct forgetful *f = policy_alloc(config, sizeof(*f));

    if (!f)
        return NULL;
    TAILQ_INIT(&f->queue);
    f->state = config->seed;
    f->late = config->value[LATE];
    f->looks = config->value[LOOKS];
    return f;
}

static void forgetful_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct forgetful *f = self;

    (void)why;
    if (f->left == frame)
        f->left = NULL;
    TAILQ_INSERT_TAIL(&f->queue, frame, link);
}

static void forgetful_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct forgetful *f = self;

    (void)why;
    TAILQ_REMOVE(&f->queue, frame, link);
    f->left = frame;
}

static struct policy_frame *forgetful_victim(void *self, const struct policy_key *incoming)
{
    struct forgetful *f = self;
    struct policy_frame *frame;

    (void)incoming;
    if (f->late && f->left)
        f->left->word[0]++;
    if (!f->late && !f->looks && policy_random(&f->state) % 10 == 0)
        return NULL;
    for (int i = 0; f->looks && i < 1000 && !TAILQ_EMPTY(&f->queue); i++)
        policy_referenced(TAILQ_FIRST(&f->queue));
    TAILQ_FOREACH (frame, &f->queue, link)
        if (!policy_busy(frame))
            return frame;
    return NULL;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "breaks the contract (for tests)",
    .parameters = forgetful_parameters,
    .init = forgetful_init,
    .enter = forgetful_enter,
    .leave = forgetful_leave,
    .victim = forgetful_victim,
};
