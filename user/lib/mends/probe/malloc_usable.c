/* SPDX-License-Identifier: MIT
 *
 * picolibc to 1.8.12: malloc_usable_size(NULL) reads in front of address 0. */
#include <malloc.h>
#include <stddef.h>
#include "probe.h"

PROBE(malloc_usable)
{
    void *volatile nothing = NULL;

    return malloc_usable_size(nothing) == 0 ? NULL : "malloc_usable_size(NULL) is not 0";
}
