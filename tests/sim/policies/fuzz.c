/* SPDX-License-Identifier: MIT
 *
 * fuzz - a policy that lies: for tests of mechanisms, which must stay right whatever it says.
 *
 * It nominates nothing, wild pointers, frames that are busy, were never entered or have left, and
 * now and then a good one; it plans more than there is and wants everything cleaned.
 */
#include "policy.h"

struct fuzz {
    struct policy_frame **seen; /* by number: any frame ever entered */
    uint32_t max_frames;
    uint64_t state;
};

static void *fuzz_init(const struct policy_config *config)
{
    struct fuzz *fuzz = policy_alloc(config, sizeof(*fuzz));

    if (!fuzz || !(fuzz->seen = policy_alloc(config, config->max_frames * sizeof(*fuzz->seen))))
        return NULL;
    fuzz->max_frames = config->max_frames;
    fuzz->state = config->seed;
    return fuzz;
}

static void fuzz_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct fuzz *fuzz = self;

    fuzz->seen[frame->number] = frame;
    frame->word[0] = policy_random(&fuzz->state) + why;
}

static void fuzz_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct fuzz *fuzz = self;

    frame->word[1] = policy_random(&fuzz->state) + why;
}

static struct policy_frame *fuzz_victim(void *self, const struct policy_key *incoming)
{
    struct fuzz *fuzz = self;
    uint64_t dice = policy_random(&fuzz->state);
    struct policy_frame *frame = fuzz->seen[(dice >> 8) % fuzz->max_frames];

    (void)incoming;
    switch (dice & 7) {
    case 0:
        return NULL;
    case 1:
        return (struct policy_frame *)(uintptr_t)dice;
    case 2:
        return (struct policy_frame *)((uintptr_t)frame + 8);
    case 3:
        return frame ? frame + fuzz->max_frames * 4 : NULL;
    default:
        return frame;
    }
}

static bool fuzz_clean_first(void *self, struct policy_frame *frame)
{
    (void)self;
    (void)frame;
    return true;
}

static struct policy_plan fuzz_plan(void *self, const struct policy_view *view)
{
    (void)self;
    return (struct policy_plan){view->before + 1000000, UINT32_MAX};
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "lies (for tests)",
    .init = fuzz_init,
    .plan = fuzz_plan,
    .enter = fuzz_enter,
    .leave = fuzz_leave,
    .victim = fuzz_victim,
    .clean_first = fuzz_clean_first,
};
