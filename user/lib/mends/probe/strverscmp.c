/* SPDX-License-Identifier: MIT
 *
 * picolibc up to 1.8.12: strverscmp says that a letter comes before a digit. */
#include <stddef.h>
#include <string.h>
#include "probe.h"

PROBE(strverscmp)
{
    return strverscmp("a", "1") > 0 ? NULL : "a letter and a digit";
}
