/* SPDX-License-Identifier: MIT
 *
 * clockpro - lirs with a clock: it needs only accessed bits.
 *
 * Jiang, Chen, Zhang, CLOCK-Pro: An Effective Improvement of the CLOCK Replacement, USENIX 2005.
 * One ring holds hot pages, cold pages and the names of cold pages that are gone; a cold page has a
 * test period, in which another use makes it hot. Three hands go round:
 *
 *      cold  looks for a victim: a cold page not used. One used in its test period becomes hot.
 *      hot   makes a hot page cold that was not used; ends the test periods it passes.
 *      test  keeps the names fewer than frames, by ending the oldest test periods.
 *
 * How many frames are for cold pages adapts: more when a page is used in its test period, fewer
 * when a period ends without a use. New and used pages go to the place just behind the hot hand,
 * the last it will come to.
 *
 * Approximations: while memory fills, pages become hot as they come, and the cold target starts at
 * one percent, as LIRS would have it; the paper names no start. A page that comes without being used
 * (POLICY_AHEAD) or from another policy has no test period.
 */
#include "pages.h"

enum hand { HOT, COLD, TEST, HANDS };

struct cp_page {
    struct page page;
    TAILQ_ENTRY(cp_page) link;
    bool hot;
    bool test; /* in its test period: never if hot, always if gone */
    bool used;
};

TAILQ_HEAD(cp_ring, cp_page);

struct clockpro {
    struct pages pages;
    struct cp_ring ring;
    struct cp_page *hand[HANDS]; /* all NULL: the ring is empty */
    uint32_t nhot, ncold, ngone;
    uint32_t nframes, cold_target;
};

static void *cp_init(const struct policy_config *config)
{
    struct clockpro *cp = policy_alloc(config, sizeof(*cp));

    if (!cp || !pages_init(&cp->pages, config, 2 * (uint64_t)config->max_frames + 2,
                           sizeof(struct cp_page)))
        return NULL;
    TAILQ_INIT(&cp->ring);
    cp->nframes = config->nframes;
    cp->cold_target = config->nframes < 100 ? 1 : config->nframes / 100;
    return cp;
}

static struct cp_page *cp_next(struct clockpro *cp, struct cp_page *page)
{
    struct cp_page *next = TAILQ_NEXT(page, link);

    return next ? next : TAILQ_FIRST(&cp->ring);
}

/* The number of pages of this page's kind. */
static uint32_t *cp_count(struct clockpro *cp, const struct cp_page *page)
{
    return page->hot ? &cp->nhot : page->page.frame ? &cp->ncold : &cp->ngone;
}

/* Out of the ring; hands that point to the page go on. */
static void cp_take(struct clockpro *cp, struct cp_page *page)
{
    struct cp_page *next = cp_next(cp, page);

    if (next == page)
        next = NULL;
    for (int i = 0; i < HANDS; i++)
        if (cp->hand[i] == page)
            cp->hand[i] = next;
    TAILQ_REMOVE(&cp->ring, page, link);
    (*cp_count(cp, page))--;
}

/* Just behind the hot hand, with its used bit clear. */
static void cp_put(struct clockpro *cp, struct cp_page *page)
{
    page->used = false;
    if (cp->hand[HOT]) {
        TAILQ_INSERT_BEFORE(cp->hand[HOT], page, link);
    } else {
        TAILQ_INSERT_HEAD(&cp->ring, page, link);
        cp->hand[HOT] = cp->hand[COLD] = cp->hand[TEST] = page;
    }
    (*cp_count(cp, page))++;
}

static void cp_move(struct clockpro *cp, struct cp_page *page, bool hot, bool test)
{
    cp_take(cp, page);
    page->hot = hot;
    page->test = test;
    cp_put(cp, page);
}

static void cp_forget(struct clockpro *cp, struct cp_page *page)
{
    cp_take(cp, page);
    pages_drop(&cp->pages, &page->page);
}

/* Tests and clears. */
static bool cp_used_since(struct cp_page *page)
{
    bool used = policy_referenced(page->page.frame) || page->used;

    page->used = false;
    return used;
}

/* A test period ends without a use. A page that is gone is forgotten. */
static void cp_end_test(struct clockpro *cp, struct cp_page *page)
{
    page->test = false;
    cp->cold_target -= cp->cold_target > 1;
    if (!page->page.frame)
        cp_forget(cp, page);
}

/* Moves the hot hand until the hot pages are as few as they should be. */
static void cp_run_hot(struct clockpro *cp)
{
    uint32_t looks = 2 * (cp->nhot + cp->ncold + cp->ngone);

    for (; looks > 0 && cp->nhot > cp->nframes - cp->cold_target; looks--) {
        struct cp_page *page = cp->hand[HOT];

        cp->hand[HOT] = cp_next(cp, page);
        if (page->hot && !cp_used_since(page))
            cp_move(cp, page, false, false);
        else if (page->test && !page->used)
            cp_end_test(cp, page);
    }
}

static void cp_run_test(struct clockpro *cp)
{
    while (cp->ngone > cp->nframes) {
        struct cp_page *page = cp->hand[TEST];

        cp->hand[TEST] = cp_next(cp, page);
        if (page->test && !page->used)
            cp_end_test(cp, page);
    }
}

static void cp_resize(void *self, uint32_t nframes)
{
    struct clockpro *cp = self;

    cp->nframes = nframes;
    if (cp->cold_target > nframes)
        cp->cold_target = nframes;
    cp_run_test(cp);
    cp_run_hot(cp);
}

static void cp_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct clockpro *cp = self;
    struct cp_page *page = pages_find(&cp->pages, &frame->key);

    if (page) {
        cp_take(cp, page);
        cp->cold_target += cp->cold_target < cp->nframes;
        page->hot = true;
    } else {
        page = pages_add(&cp->pages, &frame->key);
        /* While memory fills, pages become hot as they come. */
        page->hot = why == POLICY_FAULT && cp->nhot + cp->ncold + 1 < cp->nframes &&
                    cp->nhot < cp->nframes - cp->cold_target;
    }
    page->test = why == POLICY_FAULT && !page->hot;
    page->page.frame = frame;
    frame->pointer[0] = page;
    cp_put(cp, page);
    cp_run_hot(cp);
}

static void cp_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct cp_page *page = frame->pointer[0];

    (void)self;
    (void)dirty;
    page->used = true;
}

static void cp_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct clockpro *cp = self;
    struct cp_page *page = frame->pointer[0];

    if (why != POLICY_EVICTED || !page->test) {
        cp_forget(cp, page);
        return;
    }
    (*cp_count(cp, page))--;
    page->page.frame = NULL;
    page->used = false;
    (*cp_count(cp, page))++;
    cp_run_test(cp);
}

/* Any page at all, when every cold one is busy. */
static struct policy_frame *cp_any(struct clockpro *cp)
{
    struct cp_page *page;

    TAILQ_FOREACH (page, &cp->ring, link)
        if (page->page.frame && !policy_busy(page->page.frame))
            return page->page.frame;
    return NULL;
}

static struct policy_frame *cp_victim(void *self, const struct policy_key *incoming)
{
    struct clockpro *cp = self;
    uint32_t looks = 2 * (cp->nhot + cp->ncold + cp->ngone);

    (void)incoming;
    for (; looks > 0 && cp->ncold > 0; looks--) {
        struct cp_page *page = cp->hand[COLD];
        bool cold = !page->hot && page->page.frame, used = cold && cp_used_since(page);

        if (cold && !used && !policy_busy(page->page.frame))
            return page->page.frame;
        cp->hand[COLD] = cp_next(cp, page);
        if (used && page->test) {
            cp->cold_target += cp->cold_target < cp->nframes;
            cp_move(cp, page, true, false);
            cp_run_hot(cp);
        } else if (used) {
            cp_move(cp, page, false, true);
        }
    }
    return cp_any(cp);
}

static void cp_dump(void *self)
{
    struct clockpro *cp = self;

    policy_log("hot %u, cold %u of %u wanted, names %u", cp->nhot, cp->ncold, cp->cold_target,
               cp->ngone);
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "lirs with a clock",
    .init = cp_init,
    .resize = cp_resize,
    .enter = cp_enter,
    .used = cp_used,
    .leave = cp_leave,
    .victim = cp_victim,
    .dump = cp_dump,
};
