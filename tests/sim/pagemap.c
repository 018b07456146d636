/* SPDX-License-Identifier: MIT
 *
 * pagemap.c - see pagemap.h.
 */
#include "pagemap.h"

#include "alloc.h"

enum { FIRST_SLOTS = 1024 };

void pagemap_setup(struct pagemap *map)
{
    map->count = 0;
    map->mask = FIRST_SLOTS - 1;
    map->slot = alloc_array(FIRST_SLOTS, sizeof(*map->slot));
    map->keys = alloc_array(FIRST_SLOTS / 2, sizeof(*map->keys));
}

static uint32_t hash(uint64_t object, uint64_t index)
{
    uint64_t h = index * 0x9e3779b97f4a7c15 ^ object * 0xd6e8feb86659fd93;

    h = (h ^ (h >> 32)) * 0x94d049bb133111eb;
    return h >> 32;
}

/* Where a page is in the table, or the empty slot where it would be. */
static uint32_t *find(struct pagemap *map, uint64_t object, uint64_t index)
{
    uint32_t at = hash(object, index) & map->mask;

    for (; map->slot[at] != 0; at = (at + 1) & map->mask) {
        const struct policy_key *key = &map->keys[map->slot[at] - 1];

        if (key->index == index && key->object == object)
            break;
    }
    return &map->slot[at];
}

static void grow(struct pagemap *map)
{
    uint32_t slots = (map->mask + 1) * 2;

    alloc_free(map->slot);
    map->slot = alloc_array(slots, sizeof(*map->slot));
    map->mask = slots - 1;
    map->keys = alloc_resize(map->keys, slots / 2, sizeof(*map->keys));
    for (uint32_t i = 0; i < map->count; i++)
        *find(map, map->keys[i].object, map->keys[i].index) = i + 1;
}

uint32_t pagemap_number(struct pagemap *map, uint64_t object, uint64_t index)
{
    uint32_t *slot = find(map, object, index);

    if (*slot == 0) {
        if (map->count >= UINT32_C(1) << 30)
            return PAGEMAP_FULL;
        map->keys[map->count] = (struct policy_key){object, index};
        *slot = ++map->count;
        if (map->count > map->mask / 2) {
            grow(map);
            return map->count - 1;
        }
    }
    return *slot - 1;
}

void pagemap_drop_table(struct pagemap *map)
{
    alloc_free(map->slot);
}
