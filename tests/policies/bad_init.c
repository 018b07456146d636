/* SPDX-License-Identifier: MIT
 *
 * bad_init - crashes before it has begun. */
#include "bad.h"

static void *crash_init(const struct policy_config *config)
{
    void **volatile nowhere = (void **)8;

    policy_log("%u frames", config->nframes);
    return *nowhere;
}

const struct policy POLICY = {.name = POLICY_NAME,
                              .about = "crashes in init",
                              .init = crash_init,
                              .enter = bad_enter,
                              .leave = bad_leave,
                              .victim = bad_victim};
