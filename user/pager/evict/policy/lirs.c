/* SPDX-License-Identifier: MIT
 *
 * lirs - the page whose last two uses lie far apart goes, however recent the last one was.
 *
 * Jiang, Zhang, LIRS: An Efficient Low Inter-reference Recency Set Replacement Policy, SIGMETRICS
 * 2002. Most frames hold LIR pages (used twice within a short time), 1 % hold HIR pages. Stack S
 * orders pages by last use, down to the LIR page used longest ago; queue Q holds the resident HIR
 * pages, and its head is the victim. A HIR page used while it is on S has shown a short distance: it
 * becomes LIR, and the LIR page at the bottom of S becomes HIR.
 *
 * Approximations: the names on S of pages gone are bounded (`names`), the first evicted is forgotten
 * first; the paper has no bound. A page that comes without being used (POLICY_AHEAD) or from another
 * policy joins Q alone.
 */
#include "pages.h"

enum kind { LIR, HIR, GONE };

struct lirs_page {
    struct page page;
    TAILQ_ENTRY(lirs_page) stack; /* if on_stack */
    TAILQ_ENTRY(lirs_page) queue; /* HIR: on Q; GONE: on the list of names */
    enum kind kind;
    bool on_stack;
};

TAILQ_HEAD(lirs_list, lirs_page);

struct lirs {
    struct pages pages;
    struct lirs_list stack, queue, gone; /* heads: top of S, next victim, evicted first */
    uint32_t hir_percent, name_percent;
    uint32_t nlir, most_lir, ngone, most_gone;
};

enum { HIRS, NAMES };
static const struct policy_param lirs_parameters[] = {
    [HIRS] = {"hir", 1, 1, 99, "frames for HIR pages, percent (one frame at least)"},
    [NAMES] = {"names", 300, 0, 1000, "pages gone that are kept on S, percent of the frames"},
    {0},
};

static void lirs_to_top(struct lirs *lirs, struct lirs_page *page)
{
    if (page->on_stack)
        TAILQ_REMOVE(&lirs->stack, page, stack);
    TAILQ_INSERT_HEAD(&lirs->stack, page, stack);
    page->on_stack = true;
}

static void lirs_off_stack(struct lirs *lirs, struct lirs_page *page)
{
    if (page->on_stack)
        TAILQ_REMOVE(&lirs->stack, page, stack);
    page->on_stack = false;
}

/* Takes the page out of its kind's list. */
static void lirs_take(struct lirs *lirs, struct lirs_page *page)
{
    if (page->kind == LIR) {
        lirs->nlir--;
    } else if (page->kind == HIR) {
        TAILQ_REMOVE(&lirs->queue, page, queue);
    } else {
        TAILQ_REMOVE(&lirs->gone, page, queue);
        lirs->ngone--;
    }
}

static void lirs_put(struct lirs *lirs, struct lirs_page *page, enum kind kind)
{
    page->kind = kind;
    if (kind == LIR) {
        lirs->nlir++;
    } else if (kind == HIR) {
        TAILQ_INSERT_TAIL(&lirs->queue, page, queue);
    } else {
        TAILQ_INSERT_TAIL(&lirs->gone, page, queue);
        lirs->ngone++;
    }
}

static void lirs_forget(struct lirs *lirs, struct lirs_page *page)
{
    lirs_take(lirs, page);
    lirs_off_stack(lirs, page);
    pages_drop(&lirs->pages, &page->page);
}

/* The bottom of S must be LIR: what lies below has no short distance to show any more. */
static void lirs_prune(struct lirs *lirs)
{
    struct lirs_page *page;

    while ((page = TAILQ_LAST(&lirs->stack, lirs_list)) && page->kind != LIR) {
        if (page->kind == GONE)
            lirs_forget(lirs, page);
        else
            lirs_off_stack(lirs, page);
    }
}

/* Restores all bounds after a change. */
static void lirs_balance(struct lirs *lirs)
{
    lirs_prune(lirs);
    while (lirs->nlir > lirs->most_lir) {
        struct lirs_page *page = TAILQ_LAST(&lirs->stack, lirs_list);

        lirs_off_stack(lirs, page);
        lirs_take(lirs, page);
        lirs_put(lirs, page, HIR);
        lirs_prune(lirs);
    }
    while (lirs->ngone > lirs->most_gone)
        lirs_forget(lirs, TAILQ_FIRST(&lirs->gone));
}

static void lirs_resize(void *self, uint32_t nframes)
{
    struct lirs *lirs = self;
    uint32_t hirs = (uint64_t)nframes * lirs->hir_percent / 100;

    lirs->most_lir = nframes - (hirs > 0 ? hirs : 1);
    lirs->most_gone = (uint64_t)nframes * lirs->name_percent / 100;
    lirs_balance(lirs);
}

static void *lirs_init(const struct policy_config *config)
{
    struct lirs *lirs = policy_alloc(config, sizeof(*lirs));
    uint64_t gone = (uint64_t)config->max_frames * config->value[NAMES] / 100 + 1;

    if (!lirs ||
        !pages_init(&lirs->pages, config, config->max_frames + gone, sizeof(struct lirs_page)))
        return NULL;
    TAILQ_INIT(&lirs->stack);
    TAILQ_INIT(&lirs->queue);
    TAILQ_INIT(&lirs->gone);
    lirs->hir_percent = config->value[HIRS];
    lirs->name_percent = config->value[NAMES];
    lirs_resize(lirs, config->nframes);
    return lirs;
}

static void lirs_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct lirs *lirs = self;
    struct lirs_page *page = pages_find(&lirs->pages, &frame->key);
    bool short_distance = page != NULL && why == POLICY_FAULT;

    if (page) {
        lirs_take(lirs, page);
    } else {
        page = pages_add(&lirs->pages, &frame->key);
        page->on_stack = false;
    }
    page->page.frame = frame;
    frame->pointer[0] = page;
    if (why == POLICY_FAULT)
        lirs_to_top(lirs, page);
    /* While memory fills, pages become LIR as they come. */
    if (short_distance || (why == POLICY_FAULT && lirs->nlir < lirs->most_lir))
        lirs_put(lirs, page, LIR);
    else
        lirs_put(lirs, page, HIR);
    lirs_balance(lirs);
}

static void lirs_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct lirs *lirs = self;
    struct lirs_page *page = frame->pointer[0];
    bool short_distance = page->on_stack;

    (void)dirty;
    lirs_to_top(lirs, page);
    if (page->kind == HIR) {
        lirs_take(lirs, page);
        lirs_put(lirs, page, short_distance ? LIR : HIR);
    }
    lirs_balance(lirs);
}

static void lirs_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct lirs *lirs = self;
    struct lirs_page *page = frame->pointer[0];

    if (why == POLICY_EVICTED && page->kind == HIR && page->on_stack) {
        lirs_take(lirs, page);
        lirs_put(lirs, page, GONE);
        page->page.frame = NULL;
    } else {
        lirs_forget(lirs, page);
    }
    lirs_balance(lirs);
}

/* The head of Q; if no HIR page can go, the LIR page used longest ago. */
static struct policy_frame *lirs_victim(void *self, const struct policy_key *incoming)
{
    struct lirs *lirs = self;
    struct lirs_page *page;

    (void)incoming;
    TAILQ_FOREACH (page, &lirs->queue, queue)
        if (!policy_busy(page->page.frame))
            return page->page.frame;
    TAILQ_FOREACH_REVERSE(page, &lirs->stack, lirs_list, stack)
    if (page->kind == LIR && !policy_busy(page->page.frame))
        return page->page.frame;
    return NULL;
}

static void lirs_dump(void *self)
{
    struct lirs *lirs = self;

    policy_log("LIR %u of %u, names %u of %u", lirs->nlir, lirs->most_lir, lirs->ngone,
               lirs->most_gone);
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "low inter-reference recency set",
    .parameters = lirs_parameters,
    .init = lirs_init,
    .resize = lirs_resize,
    .enter = lirs_enter,
    .used = lirs_used,
    .leave = lirs_leave,
    .victim = lirs_victim,
    .dump = lirs_dump,
};
