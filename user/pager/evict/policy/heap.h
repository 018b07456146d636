/* SPDX-License-Identifier: MIT
 *
 * heap.h - the entered frames, ordered by rank; the lowest is at hand.
 *
 * A binary heap for policies that evict the lowest of something (lfu, lruk). It uses the first
 * word of each frame for the frame's place in the heap. All memory comes from init().
 */
#ifndef POLICY_HEAP_H
#define POLICY_HEAP_H

#include "../policy.h"

/* Lower `major` goes first; among equals, lower `minor`. */
struct heap_rank {
    uint64_t major, minor;
};

struct heap {
    struct heap_entry {
        struct heap_rank rank;
        struct policy_frame *frame;
    } * entry;
    uint32_t count;
};

static inline bool heap_init(struct heap *heap, const struct policy_config *config)
{
    heap->entry = policy_alloc(config, config->max_frames * sizeof(*heap->entry));
    return heap->entry != NULL;
}

static inline bool heap_before(const struct heap_rank *a, const struct heap_rank *b)
{
    return a->major != b->major ? a->major < b->major : a->minor < b->minor;
}

static inline void heap_place(struct heap *heap, uint32_t at, const struct heap_entry *entry)
{
    heap->entry[at] = *entry;
    entry->frame->word[0] = at;
}

/* Puts `entry` where it belongs, starting from the empty place `at`. */
static inline void heap_settle(struct heap *heap, uint32_t at, struct heap_entry entry)
{
    struct heap_entry *e = heap->entry;

    while (at > 0 && heap_before(&entry.rank, &e[(at - 1) / 2].rank)) {
        heap_place(heap, at, &e[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    for (uint32_t child; (child = 2 * at + 1) < heap->count; at = child) {
        if (child + 1 < heap->count && heap_before(&e[child + 1].rank, &e[child].rank))
            child++;
        if (!heap_before(&e[child].rank, &entry.rank))
            break;
        heap_place(heap, at, &e[child]);
    }
    heap_place(heap, at, &entry);
}

static inline void heap_add(struct heap *heap, struct policy_frame *frame, struct heap_rank rank)
{
    heap->count++;
    heap_settle(heap, heap->count - 1, (struct heap_entry){rank, frame});
}

static inline struct heap_rank heap_rank(const struct heap *heap, const struct policy_frame *frame)
{
    return heap->entry[frame->word[0]].rank;
}

/* The frame's rank has changed. */
static inline void heap_change(struct heap *heap, struct policy_frame *frame, struct heap_rank rank)
{
    heap_settle(heap, frame->word[0], (struct heap_entry){rank, frame});
}

static inline void heap_remove(struct heap *heap, struct policy_frame *frame)
{
    uint32_t at = frame->word[0];

    heap->count--;
    if (at < heap->count)
        heap_settle(heap, at, heap->entry[heap->count]);
}

/* The frame of lowest rank that is not busy, or NULL. */
static inline struct policy_frame *heap_lowest(const struct heap *heap)
{
    const struct heap_entry *best = NULL;

    if (heap->count > 0 && !policy_busy(heap->entry[0].frame))
        return heap->entry[0].frame;
    for (uint32_t i = 1; i < heap->count; i++)
        if ((!best || heap_before(&heap->entry[i].rank, &best->rank)) &&
            !policy_busy(heap->entry[i].frame))
            best = &heap->entry[i];
    return best ? best->frame : NULL;
}

#endif
