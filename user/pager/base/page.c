/* SPDX-License-Identifier: MIT
 *
 * Whole pages, as fast as the machine stores. See page.h. */
#include "user/pager/base/page.h"
#include <abi/layout.h>
#include <stdint.h>

#define ROUND 256 /* words: the offset of the last one fits in an instruction */

void page_zero(void *page)
{
    uint64_t *at = page, *end = at + PAGE_SIZE / sizeof(*at);

    do {
#pragma GCC unroll 256
        for (unsigned i = 0; i < ROUND; i++)
            at[i] = 0;
        at += ROUND;
        __asm__ volatile("" ::: "memory"); /* stays a loop of stores, not a call of memset */
    } while (at != end);
}

void page_copy(void *to_page, const void *from_page)
{
    uint64_t *to = to_page, *end = to + PAGE_SIZE / sizeof(*to), word[8];
    const uint64_t *from = from_page;

    do {
#pragma GCC unroll 32
        for (unsigned i = 0; i < ROUND; i += 8) {
#pragma GCC unroll 8
            for (unsigned k = 0; k < 8; k++)
                word[k] = from[i + k];
#pragma GCC unroll 8
            for (unsigned k = 0; k < 8; k++)
                to[i + k] = word[k];
        }
        to += ROUND;
        from += ROUND;
        __asm__ volatile("" ::: "memory");
    } while (to != end);
}
