/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: a lone "-" is an option, and optopt is '?' for an unknown one. */
#include <stdio.h>
#include <unistd.h>
#include "probe.h"

__attribute__((weak)) FILE *const stderr = NULL; /* what getopt would write to */

PROBE(getopt)
{
    char *arguments[] = {"probe", "-x", "-", NULL};

    opterr = 0;
    if (getopt(3, arguments, "a") != '?' || optopt != 'x')
        return "optopt of an unknown option";
    return getopt(3, arguments, "a") == -1 && optind == 2 ? NULL : "a lone -";
}
