/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 and 1.8.6: see the mend. */
#include <stdio.h>
#include "probe.h"

MAY_LACK(fgetpos);

PROBE(fpos)
{
    return fgetpos ? NULL : "no fgetpos and fsetpos";
}
