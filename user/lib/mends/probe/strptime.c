/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 and 1.8.6: strptime accepts anything. 1.8.10: it traps. 1.8.12: it clears what is not named, and
 * reads 123 as one number. */
#include <time.h>
#include <stddef.h>
#include "probe.h"

PROBE(strptime)
{
    struct tm tm = {.tm_min = 7};

    if (strptime("13", "%m", &tm))
        return "a month 13";
    if (!strptime("123", "%d%H", &tm) || tm.tm_mday != 12 || tm.tm_min != 7)
        return "digits of two fields, or a member that is not named";
    return strptime("+0130", "%z", &tm) ? NULL : "%z";
}
