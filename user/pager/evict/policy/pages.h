/* SPDX-License-Identifier: MIT
 *
 * pages.h - what a policy remembers about pages, resident or gone.
 *
 * Policies with a memory (arc, car, 2q, lruk, lirs, clockpro, s3fifo) must know a page again when
 * it returns. This is their directory: a fixed number of records, found by key. Each policy puts
 * its own fields behind a struct page. All memory comes from init(); nothing here is global.
 */
#ifndef POLICY_PAGES_H
#define POLICY_PAGES_H

#include "../policy.h"

/* The head of a policy's own record; must be its first member. */
struct page {
    struct policy_key key;
    struct policy_frame *frame; /* where it is; NULL: gone, but remembered */
    struct page *next;          /* in its bucket, or among the free ones */
};

struct pages {
    struct page **bucket;
    struct page *free;
    uint32_t mask; /* number of buckets - 1 */
};

static inline struct page **pages_bucket(struct pages *pages, const struct policy_key *key)
{
    uint64_t hash = (key->object * 0x9e3779b97f4a7c15) ^ (key->index * 0xd6e8feb86659fd93);

    return &pages->bucket[(hash >> 32) & pages->mask];
}

/* Room for `count` records of `size` bytes each. False if there is no memory. Call in init(). */
static inline bool pages_init(struct pages *pages, const struct policy_config *config,
                              uint64_t count, size_t size)
{
    uint32_t buckets = 1;
    char *record;

    while (buckets < count)
        buckets *= 2;
    pages->mask = buckets - 1;
    pages->bucket = policy_alloc(config, buckets * sizeof(*pages->bucket));
    record = policy_alloc(config, count * size);
    if (!pages->bucket || !record)
        return false;
    for (; count > 0; count--, record += size) {
        ((struct page *)record)->next = pages->free;
        pages->free = (struct page *)record;
    }
    return true;
}

/* The record of a page, or NULL if it is not known. */
static inline void *pages_find(struct pages *pages, const struct policy_key *key)
{
    struct page *page = *pages_bucket(pages, key);

    while (page && (page->key.index != key->index || page->key.object != key->object))
        page = page->next;
    return page;
}

/*
 * A record for a page that has none. Only its struct page is set: the other fields are as the last
 * user left them. There must be a free one: a policy forgets pages before it runs out of records.
 */
static inline void *pages_add(struct pages *pages, const struct policy_key *key)
{
    struct page *page = pages->free, **bucket = pages_bucket(pages, key);

    pages->free = page->next;
    page->key = *key;
    page->frame = NULL;
    page->next = *bucket;
    *bucket = page;
    return page;
}

/* Forgets a page. The record must be on no list any more. */
static inline void pages_drop(struct pages *pages, struct page *page)
{
    struct page **link = pages_bucket(pages, &page->key);

    while (*link != page)
        link = &(*link)->next;
    *link = page->next;
    page->next = pages->free;
    pages->free = page;
}

#endif
