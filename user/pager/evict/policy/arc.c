/* SPDX-License-Identifier: MIT
 *
 * arc - adaptive replacement cache: balances recency against frequency by its own mistakes.
 *
 * Megiddo, Modha, ARC: A Self-Tuning, Low Overhead Replacement Cache, FAST 2003, figure 4.
 * T1 holds pages seen once lately, T2 pages seen more than once; B1 and B2 remember what was
 * evicted from each. A return from B1 says T1 should have been larger, so its target p grows; a
 * return from B2 lets it shrink. p is a real number, as in the paper; where it is
 * compared with the size of T1, only whole pages of it count.
 *
 * The paper does all at a miss; here victim() adapts p and chooses, leave() moves the page to B1
 * or B2, and enter() trims the memory. The result is the paper's, fault for fault. POLICY_AHEAD
 * and pages taken over enter T1, and their first use does not count as a second one.
 */
#include "pages.h"

enum list { T1, T2, B1, B2, LISTS };

struct arc_page {
    struct page page;
    TAILQ_ENTRY(arc_page) link;
    enum list list;
    bool counted; /* in B1 or B2: its return has changed p already */
    bool unused;  /* in T1: was brought along and not referenced yet */
};

TAILQ_HEAD(arc_list, arc_page);

struct arc {
    struct pages pages;
    struct arc_list list[LISTS]; /* head: least recent */
    uint32_t size[LISTS];
    uint32_t nframes; /* the paper's c */
    double p;         /* target size of T1 */
};

static void arc_put(struct arc *arc, struct arc_page *page, enum list list)
{
    page->list = list;
    TAILQ_INSERT_TAIL(&arc->list[list], page, link);
    arc->size[list]++;
}

static void arc_take(struct arc *arc, struct arc_page *page)
{
    TAILQ_REMOVE(&arc->list[page->list], page, link);
    arc->size[page->list]--;
}

static void arc_forget(struct arc *arc, struct arc_page *page)
{
    arc_take(arc, page);
    pages_drop(&arc->pages, &page->page);
}

static void *arc_init(const struct policy_config *config)
{
    struct arc *arc = policy_alloc(config, sizeof(*arc));

    if (!arc || !pages_init(&arc->pages, config, 2 * (uint64_t)config->max_frames + 1,
                            sizeof(struct arc_page)))
        return NULL;
    for (int i = 0; i < LISTS; i++)
        TAILQ_INIT(&arc->list[i]);
    arc->nframes = config->nframes;
    return arc;
}

/* Keeps |T1| + |B1| within c and all four lists within 2c. */
static void arc_trim(struct arc *arc)
{
    uint32_t *size = arc->size, c = arc->nframes;

    while (size[B1] > 0 && size[T1] + size[B1] > c)
        arc_forget(arc, TAILQ_FIRST(&arc->list[B1]));
    while (size[B2] > 0 && (uint64_t)size[T1] + size[T2] + size[B1] + size[B2] > 2ull * c)
        arc_forget(arc, TAILQ_FIRST(&arc->list[B2]));
}

static void arc_resize(void *self, uint32_t nframes)
{
    struct arc *arc = self;

    arc->nframes = nframes;
    if (arc->p > nframes)
        arc->p = nframes;
    arc_trim(arc);
}

/* A page returns from B1 or B2: move the target. Once for each return. */
static void arc_adapt(struct arc *arc, struct arc_page *page)
{
    double b1 = arc->size[B1], b2 = arc->size[B2];

    if (page->counted)
        return;
    page->counted = true;
    if (page->list == B1) {
        arc->p += b2 > b1 ? b2 / b1 : 1;
        if (arc->p > arc->nframes)
            arc->p = arc->nframes;
    } else {
        arc->p -= b1 > b2 ? b1 / b2 : 1;
        if (arc->p < 0)
            arc->p = 0;
    }
}

static void arc_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct arc *arc = self;
    struct arc_page *page = pages_find(&arc->pages, &frame->key);
    bool back = page != NULL;

    if (back) {
        arc_adapt(arc, page);
        arc_take(arc, page);
    } else {
        page = pages_add(&arc->pages, &frame->key);
    }
    page->page.frame = frame;
    page->unused = why != POLICY_FAULT;
    frame->pointer[0] = page;
    arc_put(arc, page, back ? T2 : T1);
    arc_trim(arc);
}

static void arc_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct arc *arc = self;
    struct arc_page *page = frame->pointer[0];

    (void)dirty;
    arc_take(arc, page);
    arc_put(arc, page, page->unused ? page->list : T2);
    page->unused = false;
}

static void arc_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct arc *arc = self;
    struct arc_page *page = frame->pointer[0];

    if (why != POLICY_EVICTED) {
        arc_forget(arc, page);
        return;
    }
    arc_take(arc, page);
    arc_put(arc, page, page->list == T1 ? B1 : B2);
    page->page.frame = NULL;
    page->counted = false;
}

static struct policy_frame *arc_oldest(struct arc *arc, enum list list)
{
    struct arc_page *page;

    TAILQ_FOREACH (page, &arc->list[list], link)
        if (!policy_busy(page->page.frame))
            return page->page.frame;
    return NULL;
}

/* The paper's REPLACE, and the part of its case IV that evicts from T1 when T1 alone is full. */
static struct policy_frame *arc_victim(void *self, const struct policy_key *incoming)
{
    struct arc *arc = self;
    struct arc_page *page = incoming ? pages_find(&arc->pages, incoming) : NULL;
    uint32_t t1 = arc->size[T1], target;
    struct policy_frame *frame;
    enum list from = T2;

    if (page)
        arc_adapt(arc, page);
    target = arc->p;
    if (t1 > 0 && (t1 > target || (t1 == target && page && page->list == B2)))
        from = T1;
    frame = arc_oldest(arc, from);
    return frame ? frame : arc_oldest(arc, from == T1 ? T2 : T1);
}

static void arc_dump(void *self)
{
    struct arc *arc = self;

    policy_log("T1 %u T2 %u B1 %u B2 %u of %u frames, target of T1 %u", arc->size[T1],
               arc->size[T2], arc->size[B1], arc->size[B2], arc->nframes, (uint32_t)arc->p);
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "adaptive replacement cache",
    .init = arc_init,
    .resize = arc_resize,
    .enter = arc_enter,
    .leave = arc_leave,
    .used = arc_used,
    .victim = arc_victim,
    .dump = arc_dump,
};
