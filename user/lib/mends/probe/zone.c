/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: struct tm has no tm_gmtoff and tm_zone, and mktime does not heed tm_isdst. */
#include <time.h>
#include <stdlib.h>
#include "probe.h"

PROBE(zone)
{
    struct tm july = {.tm_year = 124, .tm_mon = 6, .tm_mday = 1, .tm_hour = 12};

    if (sizeof(struct tm) < 9 * sizeof(int) + sizeof(long) + sizeof(char *))
        return "no tm_gmtoff";
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    return mktime(&july) == 1719831600 ? NULL : "mktime with tm_isdst 0 in summer";
}
