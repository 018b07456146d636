/* SPDX-License-Identifier: MIT
 *
 * picolibc up to 1.8.12: strsep leaves out an empty last field. */
#include <stddef.h>
#include <string.h>
#include "probe.h"

PROBE(strsep)
{
    char text[] = "a:", *rest = text;

    strsep(&rest, ":");
    return strsep(&rest, ":") ? NULL : "an empty last field";
}
