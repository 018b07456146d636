/* SPDX-License-Identifier: MIT
 *
 * lfu - the page used least often since it came goes; among equals, the least recently used.
 *
 * Textbook (Silberschatz, Galvin, Gagne, "Counting-Based Page Replacement"). The count begins anew
 * when a page returns ("in-cache" LFU) and is never lowered, so old fame lasts. By harvests, a
 * count is of harvests that found the page used.
 */
#include "heap.h"

struct lfu {
    struct heap heap; /* rank: count, then time of last use */
    uint64_t time;    /* references so far */
};

static void *lfu_init(const struct policy_config *config)
{
    struct lfu *lfu = policy_alloc(config, sizeof(*lfu));

    return lfu && heap_init(&lfu->heap, config) ? lfu : NULL;
}

static void lfu_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct lfu *lfu = self;

    heap_add(&lfu->heap, frame, (struct heap_rank){why == POLICY_FAULT, ++lfu->time});
}

static void lfu_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct lfu *lfu = self;
    uint64_t count = heap_rank(&lfu->heap, frame).major;

    (void)dirty;
    heap_change(&lfu->heap, frame, (struct heap_rank){count + 1, ++lfu->time});
}

static void lfu_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct lfu *lfu = self;

    (void)why;
    heap_remove(&lfu->heap, frame);
}

static struct policy_frame *lfu_victim(void *self, const struct policy_key *incoming)
{
    struct lfu *lfu = self;

    (void)incoming;
    return heap_lowest(&lfu->heap);
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "least frequently used",
    .init = lfu_init,
    .enter = lfu_enter,
    .leave = lfu_leave,
    .used = lfu_used,
    .victim = lfu_victim,
};
