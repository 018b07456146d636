/* SPDX-License-Identifier: MIT
 *
 * mm/buddy.c with an audit behind it, which sees its lists: what the tests link in its place. */
#include "mm/buddy.c"

#include "harness.h"

/* One free list: every block is whole, in its zone, on the right list, and cannot be merged. */
static size_t audit_list(unsigned z, enum mobility mobility, unsigned order)
{
    struct page *page;
    size_t blocks = 0;

    LIST_FOREACH (page, &zones[z].list[mobility][order], link) {
        uint64_t pfn = page_to_pfn(page);
        struct page *buddy = pfn_to_page(pfn ^ (1ul << order));

        if (page->state != PAGE_FREE || page->order != order || mobility_of(page) != mobility ||
            (page->flags & PAGE_F_ZONE) != z || (pfn & ((1ul << order) - 1)))
            mm_panic("buddy_audit: frame %lx is wrong on list %u/%u", (unsigned long)pfn, mobility,
                     order);
        if (order < MAX_ORDER && buddy->state == PAGE_FREE && buddy->order == order)
            mm_panic("buddy_audit: frame %lx is not merged", (unsigned long)pfn);
        for (size_t i = 1; i < 1ul << order; i++) {
            if (page[i].state != PAGE_FREE_TAIL)
                mm_panic("buddy_audit: frame %lx in a free block is %s", (unsigned long)pfn + i,
                         page_state_name(page[i].state));
        }
        blocks++;
    }
    if (blocks != zones[z].info.blocks[mobility][order])
        mm_panic("buddy_audit: list %u/%u has %zu blocks, counted %zu", mobility, order, blocks,
                 zones[z].info.blocks[mobility][order]);
    return blocks << order;
}

void buddy_audit(void)
{
    size_t accounted = buddy_free_frames();

    for (unsigned z = 0; z < ZONE_COUNT; z++) {
        size_t frames = 0;

        for (unsigned m = 0; m < MOBILITIES; m++) {
            for (unsigned order = 0; order <= MAX_ORDER; order++)
                frames += audit_list(z, m, order);
        }
        if (frames != zones[z].info.free)
            mm_panic("buddy_audit: zone %u has %zu free frames, counted %zu", z, frames,
                     zones[z].info.free);
    }
    for (unsigned h = 0; h < MM_MAX_HARTS; h++) {
        for (unsigned m = 0; m < MOBILITIES; m++) {
            for (size_t i = 0; i < hart_lists[h][m].n; i++) {
                if (hart_lists[h][m].frames[i]->state != PAGE_HART)
                    mm_panic("buddy_audit: hart %u lists a frame that is %s", h,
                             page_state_name(hart_lists[h][m].frames[i]->state));
            }
        }
    }
    for (unsigned s = PAGE_KERNEL; s < PAGE_NSTATES; s++)
        accounted += page_counts[s];
    if (accounted != buddy_managed_frames())
        mm_panic("buddy_audit: %zu frames managed, %zu accounted for", buddy_managed_frames(),
                 accounted);
}
