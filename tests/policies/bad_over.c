/* SPDX-License-Identifier: MIT
 *
 * bad_over - crashes when it hands its frames over, and when it takes others over. */
#include "bad.h"

static const struct policy_param over_parameters[] = {
    {"taking", 0, 0, 1, "1: crashes when it takes over"},
    {0},
};

struct over {
    struct bad bad;
    bool taking;
};

static void *over_init(const struct policy_config *config)
{
    struct over *over = policy_alloc(config, sizeof(*over));

    TAILQ_INIT(&over->bad.queue);
    over->taking = config->value[0];
    return over;
}

static void over_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct over *over = self;

    if (why == POLICY_TAKEN_OVER && over->taking && over->bad.enters == 7)
        __builtin_trap();
    bad_enter(self, frame, why);
}

static void over_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct over *over = self;

    if (why == POLICY_HANDED_OVER && ++over->bad.victims > 5)
        __builtin_trap();
    bad_leave(self, frame, why);
}

const struct policy POLICY = {.name = POLICY_NAME,
                              .about = "crashes in handing over",
                              .parameters = over_parameters,
                              .init = over_init,
                              .enter = over_enter,
                              .leave = over_leave,
                              .victim = bad_victim};
