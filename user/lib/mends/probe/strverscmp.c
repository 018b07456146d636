/* SPDX-License-Identifier: MIT
 *
 * picolibc up to 1.8.6: strverscmp says that a letter comes before a digit; up to 1.8.12: that a0 comes before a00,
 * where a number that begins with 0 is a fraction. */
#include <stddef.h>
#include <string.h>
#include "probe.h"

PROBE(strverscmp)
{
    if (strverscmp("a", "1") <= 0)
        return "a letter and a digit";
    return strverscmp("a0", "a00") > 0 ? NULL : "a fraction";
}
