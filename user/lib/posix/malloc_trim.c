/* SPDX-License-Identifier: MIT
 *
 * malloc_trim (glibc), for picolibc's malloc, which declares it and has none: that never gives memory back. */
#include <malloc.h>

int malloc_trim(size_t keep)
{
    (void)keep;
    return 0; /* nothing was given back */
}
