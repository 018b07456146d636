/* SPDX-License-Identifier: MIT
 *
 * s3fifo - three fifo queues: small, main, and the names of what small threw out.
 *
 * Yang, Zhang, Qiu, Yue, Rashmi, FIFO Queues are All You Need for Cache Eviction, SOSP 2023,
 * algorithm 1. A new page joins the small queue, a tenth of memory. At its end a page used more
 * than once moves to the main queue, another is evicted and its name kept as long as main is wide;
 * if it returns in that time, it joins main. Main is fifo with re-insertion while a count of uses,
 * at most 3, lasts.
 *
 * Approximation: by harvests, a count is of looks that found the page used, so with rare harvests
 * few pages are seen used more than once; `move=1` suits that.
 */
#include "pages.h"

enum list { SMALL, MAIN, GHOST, LISTS };
enum { MOST_USES = 3 };

struct s3_page {
    struct page page;
    TAILQ_ENTRY(s3_page) link;
    enum list list;
    uint8_t uses;
};

TAILQ_HEAD(s3_list, s3_page);

struct s3fifo {
    struct pages pages;
    struct s3_list list[LISTS]; /* head: oldest */
    uint32_t size[LISTS];
    uint32_t small_percent;
    uint32_t small, ghosts; /* sizes wanted of SMALL and GHOST */
    uint8_t move;
};

enum { SMALL_PERCENT, MOVE };
static const struct policy_param s3fifo_parameters[] = {
    [SMALL_PERCENT] = {"small", 10, 1, 99, "size of the small queue, percent of the frames"},
    [MOVE] = {"move", 2, 1, MOST_USES, "uses after which a page moves from small to main"},
    {0},
};

static void s3_put(struct s3fifo *s3, struct s3_page *page, enum list list)
{
    page->list = list;
    TAILQ_INSERT_TAIL(&s3->list[list], page, link);
    s3->size[list]++;
}

static void s3_take(struct s3fifo *s3, struct s3_page *page)
{
    TAILQ_REMOVE(&s3->list[page->list], page, link);
    s3->size[page->list]--;
}

static void s3_forget(struct s3fifo *s3, struct s3_page *page)
{
    s3_take(s3, page);
    pages_drop(&s3->pages, &page->page);
}

static void s3_trim(struct s3fifo *s3)
{
    while (s3->size[GHOST] > s3->ghosts)
        s3_forget(s3, TAILQ_FIRST(&s3->list[GHOST]));
}

static void s3_resize(void *self, uint32_t nframes)
{
    struct s3fifo *s3 = self;

    s3->small = (uint64_t)nframes * s3->small_percent / 100;
    if (s3->small == 0)
        s3->small = 1;
    s3->ghosts = nframes - s3->small;
    s3_trim(s3);
}

static void *s3_init(const struct policy_config *config)
{
    struct s3fifo *s3 = policy_alloc(config, sizeof(*s3));

    if (!s3 || !pages_init(&s3->pages, config, 2 * (uint64_t)config->max_frames + 1,
                           sizeof(struct s3_page)))
        return NULL;
    for (int i = 0; i < LISTS; i++)
        TAILQ_INIT(&s3->list[i]);
    s3->small_percent = config->value[SMALL_PERCENT];
    s3->move = config->value[MOVE];
    s3_resize(s3, config->nframes);
    return s3;
}

static void s3_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct s3fifo *s3 = self;
    struct s3_page *page = pages_find(&s3->pages, &frame->key);

    (void)why;
    if (page) {
        s3_take(s3, page);
        s3_put(s3, page, MAIN);
    } else {
        page = pages_add(&s3->pages, &frame->key);
        s3_put(s3, page, SMALL);
    }
    page->uses = 0;
    page->page.frame = frame;
    frame->pointer[0] = page;
}

static void s3_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct s3_page *page = frame->pointer[0];

    (void)self;
    (void)dirty;
    if (page->uses < MOST_USES)
        page->uses++;
}

static void s3_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct s3fifo *s3 = self;
    struct s3_page *page = frame->pointer[0];

    if (why != POLICY_EVICTED || page->list == MAIN) {
        s3_forget(s3, page);
        return;
    }
    s3_take(s3, page);
    s3_put(s3, page, GHOST);
    page->page.frame = NULL;
    s3_trim(s3);
}

/* One look at the end of a queue. Returns the page if it may go, else moves it. */
static struct policy_frame *s3_look(struct s3fifo *s3, enum list from)
{
    struct s3_page *page = TAILQ_FIRST(&s3->list[from]);
    struct policy_frame *frame = page->page.frame;
    bool stays;

    if (policy_referenced(frame))
        s3_used(s3, frame, false);
    stays = page->uses >= (from == SMALL ? s3->move : 1);
    if (!stays && !policy_busy(frame))
        return frame;
    s3_take(s3, page);
    s3_put(s3, page, stays ? MAIN : from);
    if (stays)
        page->uses = from == SMALL ? 0 : page->uses - 1;
    return NULL;
}

static struct policy_frame *s3_oldest(struct s3fifo *s3, enum list list)
{
    struct s3_page *page;

    TAILQ_FOREACH (page, &s3->list[list], link)
        if (!policy_busy(page->page.frame))
            return page->page.frame;
    return NULL;
}

/* If that many looks find none, the rest is busy: any page that is not may go. */
static struct policy_frame *s3_victim(void *self, const struct policy_key *incoming)
{
    struct s3fifo *s3 = self;
    uint32_t looks = (MOST_USES + 1) * (s3->size[SMALL] + s3->size[MAIN]);
    struct policy_frame *frame = NULL;

    (void)incoming;
    for (; looks > 0 && !frame; looks--)
        frame = s3_look(s3, s3->size[SMALL] >= s3->small || s3->size[MAIN] == 0 ? SMALL : MAIN);
    if (!frame)
        frame = s3_oldest(s3, SMALL);
    return frame ? frame : s3_oldest(s3, MAIN);
}

static void s3_dump(void *self)
{
    struct s3fifo *s3 = self;

    policy_log("small %u of %u, main %u, names %u of %u", s3->size[SMALL], s3->small,
               s3->size[MAIN], s3->size[GHOST], s3->ghosts);
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "three fifo queues",
    .parameters = s3fifo_parameters,
    .init = s3_init,
    .resize = s3_resize,
    .enter = s3_enter,
    .used = s3_used,
    .leave = s3_leave,
    .victim = s3_victim,
    .dump = s3_dump,
};
