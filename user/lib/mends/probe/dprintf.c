/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <fcntl.h>
#include <stdio.h>
#include "files.h"
#include "probe.h"

int dprintf(int fd, const char *format, ...);
MAY_LACK(dprintf);

PROBE(dprintf)
{
    if (!dprintf)
        return "no dprintf";
    probe_file_set("");
    probe_file.interrupted = 1;
    return dprintf(open("w", O_WRONLY), "%d", 12) == 2 && probe_file_is("12")
               ? NULL
               : "a signal ends dprintf";
}
