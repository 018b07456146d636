/* SPDX-License-Identifier: MIT
 *
 * What is not inline about page descriptors. See page.h.
 */
#include "mm/page.h"

#include "mm/buddy.h"
#include "mm/mm.h"

size_t page_counts[PAGE_NSTATES];

/* gcc must not make a call of memset of it. */
__attribute__((optimize("no-tree-loop-distribute-patterns"))) void page_zero(void *page)
{
    for (uint64_t *to = page, *end = to + PAGE_SIZE / sizeof(*to); to < end; to += 32) {
#pragma GCC unroll 32
        for (unsigned i = 0; i < 32; i++)
            to[i] = 0;
    }
}

void page_set_state(struct page *page, enum page_state state)
{
    size_t n = (size_t)1 << page->order;

    MM_ASSERT(page->state >= PAGE_KERNEL && state >= PAGE_KERNEL && state < PAGE_NSTATES);
    page_counts[page->state] -= n;
    page_counts[state] += n;
    for (size_t i = 0; i < n; i++)
        page[i].state = (uint8_t)state;
}

const char *page_state_name(enum page_state state)
{
    static const char *const names[PAGE_NSTATES] = {
        [PAGE_NONE] = "none",           [PAGE_RESERVED] = "reserved",  [PAGE_FREE] = "free",
        [PAGE_FREE_TAIL] = "free tail", [PAGE_HART] = "hart",          [PAGE_KERNEL] = "kernel",
        [PAGE_SLAB] = "slab",           [PAGE_PGTABLE] = "page table", [PAGE_USER] = "user",
    };

    return state < PAGE_NSTATES ? names[state] : "?";
}
