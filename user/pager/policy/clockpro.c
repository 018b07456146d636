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
 * Approximations: a page met by two hands counts as used for the one that looks first. The cold
 * target starts at `cold` percent; the paper names no start. A page whose period was ended by the
 * hot hand is told from one that was used by a flag, as there.
 */
#include "pages.h"

struct cp_page {
    struct page page;
    TAILQ_ENTRY(cp_page) link;
    bool hot;
    bool test; /* cold: in its test period (always, if gone) */
    bool used;
};

TAILQ_HEAD(cp_ring, cp_page);

struct clockpro {
    struct pages pages;
    struct cp_ring ring;
    struct cp_page *hot_hand, *cold_hand, *test_hand; /* NULL: the ring is empty */
    uint32_t nhot, ncold, ngone;
    uint32_t nframes, cold_target;
};

enum { COLD };
static const struct policy_param clockpro_parameters[] = {
    [COLD] = {"cold", 1, 1, 100, "frames meant for cold pages at first, percent"},
    {0},
};

static void *cp_init(const struct policy_config *config)
{
    struct clockpro *cp = policy_alloc(config, sizeof(*cp));

    if (!cp || !pages_init(&cp->pages, config, 2 * (uint64_t)config->max_frames + 2,
                           sizeof(struct cp_page)))
        return NULL;
    TAILQ_INIT(&cp->ring);
    cp->nframes = config->nframes;
    cp->cold_target = (uint64_t)config->nframes * config->value[COLD] / 100;
    if (cp->cold_target == 0)
        cp->cold_target = 1;
    return cp;
}

static struct cp_page *cp_next(struct clockpro *cp, struct cp_page *page)
{
    struct cp_page *next = TAILQ_NEXT(page, link);

    return next ? next : TAILQ_FIRST(&cp->ring);
}

static void cp_count(struct clockpro *cp, const struct cp_page *page, int change)
{
    if (page->hot)
        cp->nhot += change;
    else if (page->page.frame)
        cp->ncold += change;
    else
        cp->ngone += change;
}

/* Out of the ring; hands that point to the page go on. */
static void cp_take(struct clockpro *cp, struct cp_page *page)
{
    struct cp_page *next = cp_next(cp, page);

    if (next == page)
        next = NULL;
    if (cp->hot_hand == page)
        cp->hot_hand = next;
    if (cp->cold_hand == page)
        cp->cold_hand = next;
    if (cp->test_hand == page)
        cp->test_hand = next;
    TAILQ_REMOVE(&cp->ring, page, link);
    cp_count(cp, page, -1);
}

/* Just behind the hot hand, with its used bit clear. */
static void cp_put(struct clockpro *cp, struct cp_page *page)
{
    page->used = false;
    if (cp->hot_hand) {
        TAILQ_INSERT_BEFORE(cp->hot_hand, page, link);
    } else {
        TAILQ_INSERT_HEAD(&cp->ring, page, link);
        cp->hot_hand = cp->cold_hand = cp->test_hand = page;
    }
    cp_count(cp, page, 1);
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

static void cp_more_cold(struct clockpro *cp)
{
    if (cp->cold_target < cp->nframes)
        cp->cold_target++;
}

/* A test period ends without a use. A page that is gone is forgotten. */
static void cp_end_test(struct clockpro *cp, struct cp_page *page)
{
    page->test = false;
    if (cp->cold_target > 1)
        cp->cold_target--;
    if (!page->page.frame)
        cp_forget(cp, page);
}

/* Moves the hot hand until the hot pages are as few as they should be. */
static void cp_run_hot(struct clockpro *cp)
{
    uint32_t looks = 2 * (cp->nhot + cp->ncold + cp->ngone);

    for (; looks > 0 && cp->nhot > cp->nframes - cp->cold_target; looks--) {
        struct cp_page *page = cp->hot_hand;

        cp->hot_hand = cp_next(cp, page);
        if (page->hot && !cp_used_since(page))
            cp_move(cp, page, false, false);
        else if (!page->hot && page->test && !page->used)
            cp_end_test(cp, page);
    }
}

static void cp_run_test(struct clockpro *cp)
{
    while (cp->ngone > cp->nframes) {
        struct cp_page *page = cp->test_hand;

        cp->test_hand = cp_next(cp, page);
        if (!page->hot && page->test && !page->used)
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
        cp_more_cold(cp);
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

    if (why != POLICY_EVICTED || page->hot || !page->test) {
        cp_forget(cp, page);
        return;
    }
    cp_count(cp, page, -1);
    page->page.frame = NULL;
    page->used = false;
    cp_count(cp, page, 1);
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
        struct cp_page *page = cp->cold_hand;

        if (!page->hot && page->page.frame) {
            if (!cp_used_since(page)) {
                if (!policy_busy(page->page.frame))
                    return page->page.frame;
            } else if (page->test) {
                cp_more_cold(cp);
                cp->cold_hand = cp_next(cp, page);
                cp_move(cp, page, true, false);
                cp_run_hot(cp);
                continue;
            } else {
                cp->cold_hand = cp_next(cp, page);
                cp_move(cp, page, false, true);
                continue;
            }
        }
        cp->cold_hand = cp_next(cp, page);
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
    .parameters = clockpro_parameters,
    .init = cp_init,
    .resize = cp_resize,
    .enter = cp_enter,
    .used = cp_used,
    .leave = cp_leave,
    .victim = cp_victim,
    .dump = cp_dump,
};
