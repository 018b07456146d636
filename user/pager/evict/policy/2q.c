/* SPDX-License-Identifier: MIT
 *
 * 2q - a page must come twice before it is trusted.
 *
 * Johnson, Shasha, 2Q: A Low Overhead High Performance Buffer Management Replacement Algorithm,
 * VLDB 1994, the full version. A new page joins a fifo (A1in) and is evicted from it to a list of
 * names (A1out); only a page that returns while its name is there joins the main lru list (Am).
 * The sizes are the paper's advice: A1in a quarter of the frames, A1out half as many names.
 *
 * If the list that should give a page has none that can go, the other gives it.
 */
#include "pages.h"

enum list { A1IN, A1OUT, AM, LISTS };

struct twoq_page {
    struct page page;
    TAILQ_ENTRY(twoq_page) link;
    enum list list;
};

TAILQ_HEAD(twoq_list, twoq_page);

struct twoq {
    struct pages pages;
    struct twoq_list list[LISTS]; /* head: oldest */
    uint32_t size[LISTS];
    uint32_t in_percent, out_percent;
    uint32_t in, out; /* the paper's Kin and Kout */
};

enum { IN, OUT };
static const struct policy_param twoq_parameters[] = {
    [IN] = {"in", 25, 0, 100, "size of A1in, percent of the frames"},
    [OUT] = {"out", 50, 0, 1000, "size of A1out, percent of the frames"},
    {0},
};

static void twoq_put(struct twoq *q, struct twoq_page *page, enum list list)
{
    page->list = list;
    TAILQ_INSERT_TAIL(&q->list[list], page, link);
    q->size[list]++;
}

static void twoq_take(struct twoq *q, struct twoq_page *page)
{
    TAILQ_REMOVE(&q->list[page->list], page, link);
    q->size[page->list]--;
}

static void twoq_forget(struct twoq *q, struct twoq_page *page)
{
    twoq_take(q, page);
    pages_drop(&q->pages, &page->page);
}

static void twoq_trim(struct twoq *q)
{
    while (q->size[A1OUT] > q->out)
        twoq_forget(q, TAILQ_FIRST(&q->list[A1OUT]));
}

static void twoq_resize(void *self, uint32_t nframes)
{
    struct twoq *q = self;

    q->in = (uint64_t)nframes * q->in_percent / 100;
    q->out = (uint64_t)nframes * q->out_percent / 100;
    twoq_trim(q);
}

static void *twoq_init(const struct policy_config *config)
{
    struct twoq *q = policy_alloc(config, sizeof(*q));
    uint64_t names = (uint64_t)config->max_frames * config->value[OUT] / 100 + 1;

    if (!q || !pages_init(&q->pages, config, config->max_frames + names, sizeof(struct twoq_page)))
        return NULL;
    for (int i = 0; i < LISTS; i++)
        TAILQ_INIT(&q->list[i]);
    q->in_percent = config->value[IN];
    q->out_percent = config->value[OUT];
    twoq_resize(q, config->nframes);
    return q;
}

static void twoq_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct twoq *q = self;
    struct twoq_page *page = pages_find(&q->pages, &frame->key);

    (void)why;
    if (page)
        twoq_take(q, page);
    twoq_trim(q); /* not before: a name must not be lost while its page is on the way */
    if (page) {
        twoq_put(q, page, AM);
    } else {
        page = pages_add(&q->pages, &frame->key);
        twoq_put(q, page, A1IN);
    }
    page->page.frame = frame;
    frame->pointer[0] = page;
}

static void twoq_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct twoq *q = self;
    struct twoq_page *page = frame->pointer[0];

    (void)dirty;
    if (page->list == A1IN) /* a second use so soon says little */
        return;
    twoq_take(q, page);
    twoq_put(q, page, AM);
}

static void twoq_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct twoq *q = self;
    struct twoq_page *page = frame->pointer[0];

    if (why != POLICY_EVICTED || page->list == AM) {
        twoq_forget(q, page);
        return;
    }
    twoq_take(q, page);
    twoq_put(q, page, A1OUT);
    page->page.frame = NULL;
}

static struct policy_frame *twoq_oldest(struct twoq *q, enum list list)
{
    struct twoq_page *page;

    TAILQ_FOREACH (page, &q->list[list], link)
        if (!policy_busy(page->page.frame))
            return page->page.frame;
    return NULL;
}

static struct policy_frame *twoq_victim(void *self, const struct policy_key *incoming)
{
    struct twoq *q = self;
    enum list from = q->size[A1IN] > q->in ? A1IN : AM;
    struct policy_frame *frame = twoq_oldest(q, from);

    (void)incoming;
    return frame ? frame : twoq_oldest(q, from == AM ? A1IN : AM);
}

static void twoq_dump(void *self)
{
    struct twoq *q = self;

    policy_log("A1in %u of %u, A1out %u of %u, Am %u", q->size[A1IN], q->in, q->size[A1OUT], q->out,
               q->size[AM]);
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "two queues: a page must come twice",
    .parameters = twoq_parameters,
    .init = twoq_init,
    .resize = twoq_resize,
    .enter = twoq_enter,
    .used = twoq_used,
    .leave = twoq_leave,
    .victim = twoq_victim,
    .dump = twoq_dump,
};
