/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: struct tm has no tm_gmtoff, so %z is always local time's; a long year has a sign. */
#include <string.h>
#include <time.h>
#include "probe.h"

PROBE(strftime)
{
    struct tm far = {.tm_year = 8100, .tm_mday = 1};
    char text[16];

    if (sizeof(struct tm) < 9 * sizeof(int) + sizeof(long) + sizeof(char *))
        return "%z without tm_gmtoff";
    strftime(text, sizeof(text), "%F %-d", &far);
    return strcmp(text, "10000-01-01 1") == 0 ? NULL : "%F of the year 10000, or %-d";
}
