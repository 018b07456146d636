/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <stdio.h>
#include "files.h"
#include "probe.h"

void flockfile(FILE *file);
MAY_LACK(flockfile);

PROBE(flockfile)
{
    FILE *file = fopen("r", "r");

    if (!flockfile)
        return "no flockfile";
    fgetc(file);
    const void *its = probe_lock_taken;
    flockfile(file);
    return probe_lock_taken == its ? NULL : "flockfile takes another lock than fgetc";
}
