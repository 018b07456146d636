/* SPDX-License-Identifier: MIT
 *
 * lruk - the page whose K-th last use is longest ago goes (K = 2).
 *
 * O'Neil, O'Neil, Weikum, The LRU-K Page Replacement Algorithm for Database Disk Buffering, SIGMOD
 * 1993. A page used fewer than K times goes before all others; among those, the least recently
 * used. History outlives residence: that of the pages evicted last is kept. Uses within `period`
 * references of the last one are correlated, and count as one.
 *
 * Approximations: the paper keeps history for a time, here for a number of pages; it also protects
 * a page within its correlated period from eviction, here it may go. Time is counted in references
 * that were told, so by harvests it is time as the harvests see it.
 */
#include "heap.h"
#include "pages.h"

#include <string.h>

enum { MOST_K = 4 };

struct lruk_page {
    struct page page;
    TAILQ_ENTRY(lruk_page) link; /* of pages gone */
    uint64_t use[MOST_K];        /* times of the last uncorrelated uses, newest first; 0: none */
    uint64_t last;               /* time of the last use of any kind */
};

struct lruk {
    struct pages pages;
    struct heap heap;             /* rank: K-th last use, then last use */
    TAILQ_HEAD(, lruk_page) gone; /* head: evicted first */
    uint32_t ngone, keep, keep_percent;
    uint64_t now, period;
    int k;
};

enum { K, PERIOD, KEEP };
static const struct policy_param lruk_parameters[] = {
    [K] = {"k", 2, 1, MOST_K, "which of the last uses counts"},
    [PERIOD] = {"period", 0, 0, 1000000000, "correlated uses, in references"},
    [KEEP] = {"keep", 100, 0, 1000, "pages gone whose history is kept, percent of the frames"},
    {0},
};

static void lruk_trim(struct lruk *lruk)
{
    while (lruk->ngone > lruk->keep) {
        struct lruk_page *page = TAILQ_FIRST(&lruk->gone);

        TAILQ_REMOVE(&lruk->gone, page, link);
        lruk->ngone--;
        pages_drop(&lruk->pages, &page->page);
    }
}

static void lruk_resize(void *self, uint32_t nframes)
{
    struct lruk *lruk = self;

    lruk->keep = (uint64_t)nframes * lruk->keep_percent / 100;
    lruk_trim(lruk);
}

static void *lruk_init(const struct policy_config *config)
{
    struct lruk *lruk = policy_alloc(config, sizeof(*lruk));
    uint64_t gone = (uint64_t)config->max_frames * config->value[KEEP] / 100 + 1;

    if (!lruk || !heap_init(&lruk->heap, config) ||
        !pages_init(&lruk->pages, config, config->max_frames + gone, sizeof(struct lruk_page)))
        return NULL;
    TAILQ_INIT(&lruk->gone);
    lruk->k = config->value[K];
    lruk->period = config->value[PERIOD];
    lruk->keep_percent = config->value[KEEP];
    lruk_resize(lruk, config->nframes);
    return lruk;
}

/* Records a use. The period of correlated uses before it is taken out of the history, as if it
 * had been no time at all. */
static void lruk_use(struct lruk *lruk, struct lruk_page *page)
{
    uint64_t now = ++lruk->now;

    if (page->last == 0 || now - page->last > lruk->period) {
        uint64_t correlated = page->last - page->use[0];

        for (int i = lruk->k - 1; i > 0; i--)
            page->use[i] = page->use[i - 1] ? page->use[i - 1] + correlated : 0;
        page->use[0] = now;
    }
    page->last = now;
}

static struct heap_rank lruk_rank(const struct lruk *lruk, const struct lruk_page *page)
{
    return (struct heap_rank){page->use[lruk->k - 1], page->last};
}

static void lruk_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct lruk *lruk = self;
    struct lruk_page *page = pages_find(&lruk->pages, &frame->key);

    if (page) {
        TAILQ_REMOVE(&lruk->gone, page, link);
        lruk->ngone--;
    } else {
        page = pages_add(&lruk->pages, &frame->key);
        memset(page->use, 0, sizeof(page->use));
        page->last = 0;
    }
    page->page.frame = frame;
    frame->pointer[1] = page;
    if (why == POLICY_FAULT)
        lruk_use(lruk, page);
    heap_add(&lruk->heap, frame, lruk_rank(lruk, page));
}

static void lruk_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct lruk *lruk = self;
    struct lruk_page *page = frame->pointer[1];

    (void)dirty;
    lruk_use(lruk, page);
    heap_change(&lruk->heap, frame, lruk_rank(lruk, page));
}

static void lruk_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct lruk *lruk = self;
    struct lruk_page *page = frame->pointer[1];

    heap_remove(&lruk->heap, frame);
    if (why != POLICY_EVICTED) {
        pages_drop(&lruk->pages, &page->page);
        return;
    }
    page->page.frame = NULL;
    TAILQ_INSERT_TAIL(&lruk->gone, page, link);
    lruk->ngone++;
    lruk_trim(lruk);
}

static struct policy_frame *lruk_victim(void *self, const struct policy_key *incoming)
{
    struct lruk *lruk = self;

    (void)incoming;
    return heap_lowest(&lruk->heap);
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "K-th last use longest ago",
    .parameters = lruk_parameters,
    .init = lruk_init,
    .resize = lruk_resize,
    .enter = lruk_enter,
    .used = lruk_used,
    .leave = lruk_leave,
    .victim = lruk_victim,
};
