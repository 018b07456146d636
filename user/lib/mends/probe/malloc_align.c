/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 and 1.8.6: malloc aligns to 8 bytes, where long double and max_align_t need 16. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "probe.h"

PROBE(malloc_align)
{
    for (size_t size = 1; size < 100; size++)
        if ((uintptr_t)malloc(size) % _Alignof(max_align_t) != 0)
            return "malloc does not align for max_align_t";
    return NULL;
}
