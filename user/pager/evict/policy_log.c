/* SPDX-License-Identifier: MIT
 *
 * The log of policies. See policy_log.h. */
#include "user/pager/evict/policy_log.h"
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include "user/pager/evict/policy.h"

static char ring[POLICY_LOG_LINES][POLICY_LOG_BYTES / POLICY_LOG_LINES];
static unsigned written; /* lines, since it was cleared */

void policy_log(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(ring[written++ % POLICY_LOG_LINES], sizeof(ring[0]), format, arguments);
    va_end(arguments);
}

const char *policy_log_line(unsigned n)
{
    unsigned count = written < POLICY_LOG_LINES ? written : POLICY_LOG_LINES;

    return n < count ? ring[(written - count + n) % POLICY_LOG_LINES] : NULL;
}

void policy_log_clear(void)
{
    written = 0;
}
