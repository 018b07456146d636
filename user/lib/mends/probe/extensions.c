/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <stdio.h>
#include "probe.h"

void __fpurge(FILE *file);
MAY_LACK(__fpurge);

PROBE(extensions)
{
    return __fpurge ? NULL : "no __fpurge";
}
