/* SPDX-License-Identifier: MIT
 *
 * A whole page, fast; and the promise that mm/string.c defines memset, memcpy, memmove, memcmp and
 * strlen for the kernel (prototypes from <string.h>). On the host the C library's are used.
 */
#ifndef OCTAVO_MM_STRING_H
#define OCTAVO_MM_STRING_H

#include <string.h>

#ifdef OCTAVO_HOST
static inline void page_zero(void *page)
{
    memset(page, 0, 4096);
}
#else
/* 4 KiB, page aligned. About 530 instructions. */
void page_zero(void *page);
#endif

#endif
