/* SPDX-License-Identifier: MIT
 *
 * picolibc up to 1.8.10: cbrtf, and erfcf of large arguments, lose bits. */
#include <math.h>
#include <stddef.h>
#include "probe.h"

PROBE(float)
{
    volatile float x = 0x1.f1c9bep+2f, y = 0x1.fe66bp+2f;

    if (fabsf(cbrtf(x) - 0x1.fb37dap+0f) > 0x1p-22f)
        return "cbrtf";
    return fabsf(erfcf(y) - 0x1.545cbap-96f) > 0x1p-116f ? "erfcf" : NULL;
}
