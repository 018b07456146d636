/* SPDX-License-Identifier: MIT
 *
 * car - arc with clocks: it needs only accessed bits.
 *
 * Bansal, Modha, CAR: Clock with Adaptive Replacement, FAST 2004, figure 2. T1 and T2 are clocks,
 * B1 and B2 the names of what was evicted from each, p the target size of T1. A page met in T1 with
 * its bit set moves to T2.
 *
 * The paper does all at a miss; here victim() moves the hands, leave() moves the page to B1 or B2,
 * and enter() trims the names and adapts p, a real number. The result is the paper's, fault for
 * fault.
 */
#include "pages.h"

enum list { T1, T2, B1, B2, LISTS };

struct car_page {
    struct page page;
    TAILQ_ENTRY(car_page) link;
    enum list list;
    bool used;
};

TAILQ_HEAD(car_list, car_page);

struct car {
    struct pages pages;
    struct car_list list[LISTS]; /* head: under the hand, or least recent */
    uint32_t size[LISTS];
    uint32_t nframes; /* the paper's c */
    double p;
};

static void car_put(struct car *car, struct car_page *page, enum list list)
{
    page->list = list;
    page->used = false;
    TAILQ_INSERT_TAIL(&car->list[list], page, link);
    car->size[list]++;
}

static void car_take(struct car *car, struct car_page *page)
{
    TAILQ_REMOVE(&car->list[page->list], page, link);
    car->size[page->list]--;
}

static void car_forget(struct car *car, struct car_page *page)
{
    car_take(car, page);
    pages_drop(&car->pages, &page->page);
}

static void *car_init(const struct policy_config *config)
{
    struct car *car = policy_alloc(config, sizeof(*car));

    if (!car || !pages_init(&car->pages, config, 2 * (uint64_t)config->max_frames + 1,
                            sizeof(struct car_page)))
        return NULL;
    for (int i = 0; i < LISTS; i++)
        TAILQ_INIT(&car->list[i]);
    car->nframes = config->nframes;
    return car;
}

/* Makes room for one more page: |T1| + |B1| below c, and all four lists below 2c. */
static void car_trim(struct car *car)
{
    uint32_t *size = car->size, c = car->nframes;

    while (size[B1] > 0 && size[T1] + size[B1] >= c)
        car_forget(car, TAILQ_FIRST(&car->list[B1]));
    while (size[B2] > 0 && (uint64_t)size[T1] + size[T2] + size[B1] + size[B2] >= 2ull * c)
        car_forget(car, TAILQ_FIRST(&car->list[B2]));
}

static void car_resize(void *self, uint32_t nframes)
{
    struct car *car = self;

    car->nframes = nframes;
    if (car->p > nframes)
        car->p = nframes;
    car_trim(car);
}

/* A page returns from B1 or B2: move the target. */
static void car_adapt(struct car *car, enum list from)
{
    double b1 = car->size[B1], b2 = car->size[B2];

    if (from == B1) {
        car->p += b2 > b1 ? b2 / b1 : 1;
        if (car->p > car->nframes)
            car->p = car->nframes;
    } else {
        car->p -= b1 > b2 ? b1 / b2 : 1;
        if (car->p < 0)
            car->p = 0;
    }
}

static void car_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct car *car = self;
    struct car_page *page = pages_find(&car->pages, &frame->key);

    (void)why;
    if (page) {
        car_adapt(car, page->list);
        car_take(car, page);
        car_put(car, page, T2);
    } else {
        car_trim(car);
        page = pages_add(&car->pages, &frame->key);
        car_put(car, page, T1);
    }
    page->page.frame = frame;
    frame->pointer[0] = page;
}

static void car_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct car_page *page = frame->pointer[0];

    (void)self;
    (void)dirty;
    page->used = true;
}

static void car_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct car *car = self;
    struct car_page *page = frame->pointer[0];

    if (why != POLICY_EVICTED) {
        car_forget(car, page);
        return;
    }
    car_take(car, page);
    car_put(car, page, page->list == T1 ? B1 : B2);
    page->page.frame = NULL;
}

static struct policy_frame *car_first(struct car *car, enum list list)
{
    struct car_page *page;

    TAILQ_FOREACH (page, &car->list[list], link)
        if (!policy_busy(page->page.frame))
            return page->page.frame;
    return NULL;
}

/* If two laps find none, all are busy or used again at once: any page that is not busy may go. */
static struct policy_frame *car_victim(void *self, const struct policy_key *incoming)
{
    struct car *car = self;
    uint32_t looks = 2 * (car->size[T1] + car->size[T2]);
    struct policy_frame *frame;

    (void)incoming;
    for (; looks > 0; looks--) {
        uint32_t t1 = car->size[T1];
        enum list from = t1 > 0 && (t1 >= car->p || car->size[T2] == 0) ? T1 : T2;
        struct car_page *page = TAILQ_FIRST(&car->list[from]);
        bool used = policy_referenced(page->page.frame) || page->used;

        if (!used && !policy_busy(page->page.frame))
            return page->page.frame;
        car_take(car, page);
        car_put(car, page, used ? T2 : from);
    }
    frame = car_first(car, T1);
    return frame ? frame : car_first(car, T2);
}

static void car_dump(void *self)
{
    struct car *car = self;

    policy_log("T1 %u T2 %u B1 %u B2 %u of %u frames, target of T1 %u", car->size[T1],
               car->size[T2], car->size[B1], car->size[B2], car->nframes, (uint32_t)car->p);
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "clock with adaptive replacement",
    .init = car_init,
    .resize = car_resize,
    .enter = car_enter,
    .used = car_used,
    .leave = car_leave,
    .victim = car_victim,
    .dump = car_dump,
};
