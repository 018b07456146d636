/* SPDX-License-Identifier: MIT
 *
 * progress.c - see progress.h.
 */
#define _GNU_SOURCE
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

enum { INTERVAL_SECONDS = 2 };

void progress(const char *format, ...)
{
    static time_t last;
    struct timespec now;
    va_list arguments;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    if (last == 0)
        last = now.tv_sec;
    if (now.tv_sec - last < INTERVAL_SECONDS)
        return;
    last = now.tv_sec;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}
