/* SPDX-License-Identifier: MIT
 *
 * Probes of malloc. */
#include <stddef.h>
#include <malloc.h>
#include "probe.h"

PROBE(malloc_align)
{
    for (size_t size = 1; size < 100; size++)
        if ((uintptr_t)malloc(size) % _Alignof(max_align_t) != 0)
            return "malloc does not align for max_align_t";
    return NULL;
}

PROBE(malloc_usable)
{
    void *volatile nothing = NULL;

    return malloc_usable_size(nothing) == 0 ? NULL : "malloc_usable_size(NULL) is not 0";
}
