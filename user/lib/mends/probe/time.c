/* SPDX-License-Identifier: MIT
 *
 * Probes of <time.h>. */
#include <time.h>
#include "probe.h"

static bool has_gmtoff(void)
{
    return sizeof(struct tm) >= 9 * sizeof(int) + sizeof(long) + sizeof(char *);
}

PROBE(strftime)
{
    struct tm far = {.tm_year = 8100, .tm_mday = 1};
    char text[16];

    strftime(text, sizeof(text), "%F %-d", &far);
    return has_gmtoff() && strcmp(text, "10000-01-01 1") == 0 ? NULL
                                                              : "%z, %F of year 10000, or %-d";
}

PROBE(strptime)
{
    struct tm tm = {.tm_min = 7};

    if (strptime("13", "%m", &tm))
        return "a month 13";
    if (!strptime("123", "%d%H", &tm) || tm.tm_mday != 12 || tm.tm_min != 7)
        return "digits of two fields, or a member that is not named";
    return strptime("+0130", "%z", &tm) ? NULL : "%z";
}

PROBE(zone)
{
    struct tm july = {.tm_year = 124, .tm_mon = 6, .tm_mday = 1, .tm_hour = 12};

    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    return has_gmtoff() && mktime(&july) == 1719831600 ? NULL
                                                       : "tm_gmtoff, or tm_isdst 0 in summer";
}
