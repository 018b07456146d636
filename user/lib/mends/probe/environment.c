/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: putenv copies the string, so what becomes of it later is not seen. */
#include <stdlib.h>
#include <string.h>
#include "probe.h"

PROBE(environment)
{
    static char text[] = "PROBE=1";

    putenv(text);
    text[6] = '2';
    return strcmp(getenv("PROBE"), "2") == 0 ? NULL : "putenv copies";
}
