/* SPDX-License-Identifier: MIT
 *
 * The bitmap of the swap disk. See slots.h. */
#include "user/pager/swap/slots.h"
#include "user/pager/base/panic.h"

void slots_setup(struct slots *slots, uint64_t *map, uint32_t count)
{
    *slots = (struct slots){.map = map, .count = count, .used = 1, .next = 1};
    map[0] |= 1;
}

/* The first free slot from `at` on, or count. */
static uint32_t next_free(const struct slots *slots, uint32_t at)
{
    while (at < slots->count) {
        uint64_t free = ~slots->map[at / 64] >> at % 64;
        if (free) {
            at += (uint32_t)__builtin_ctzll(free);
            return at < slots->count ? at : slots->count;
        }
        at = (at / 64 + 1) * 64;
    }
    return slots->count;
}

uint32_t slots_find(struct slots *slots, uint32_t want, uint32_t *first)
{
    uint32_t best = 0, start = slots->next;

    if (slots->used == slots->count)
        return 0;
    for (int lap = 0; lap < 2; lap++) {
        uint32_t at = next_free(slots, lap ? 1 : start);
        while (at < slots->count && (lap == 0 || at < start)) {
            uint32_t length = 1;
            while (length < want && at + length < slots->count &&
                   !slots_is_taken(slots, at + length))
                length++;
            if (length > best) {
                best = length;
                *first = at;
            }
            if (best == want)
                break;
            at = next_free(slots, at + length);
        }
        if (best == want)
            break;
    }
    slots->next = *first + best < slots->count ? *first + best : 1;
    return best;
}

void slots_take(struct slots *slots, uint32_t slot)
{
    PAGER_ASSERT(slot > 0 && slot < slots->count && !slots_is_taken(slots, slot));
    slots->map[slot / 64] |= 1ul << slot % 64;
    slots->used++;
}

void slots_free(struct slots *slots, uint32_t slot)
{
    PAGER_ASSERT(slot > 0 && slot < slots->count && slots_is_taken(slots, slot));
    slots->map[slot / 64] &= ~(1ul << slot % 64);
    slots->used--;
}
