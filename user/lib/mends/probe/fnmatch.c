/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.10: no [[:alpha:]]. 1.8.12: no [a-[.c.]]. All: time that grows exponentially with "*". */
#include <fnmatch.h>
#include <stddef.h>
#include "probe.h"

PROBE(fnmatch)
{
    return fnmatch("[[:alpha:]]", "x", 0) == 0 && fnmatch("[a-[.c.]]", "b", 0) == 0 ? NULL
                                                                                    : "brackets";
}
