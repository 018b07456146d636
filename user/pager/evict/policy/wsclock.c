/* SPDX-License-Identifier: MIT
 *
 * wsclock - a clock that takes what has left the working set.
 *
 * Carr, Hennessy, WSClock: A Simple and Effective Algorithm for Virtual Memory Management, SOSP
 * 1981. The hand stamps pages that were used; a page not used for more than tau has left the
 * working set. A clean one goes; a dirty one is written back, and the hand goes on.
 *
 * Approximations: time is counted in faults, not in the program's running time. If a whole lap finds
 * no page that has left the working set, memory is too small for it; the paper would then stop a
 * program, and this is a plain clock until the oldest stamp it saw has aged enough.
 */
#include "policy.h"

struct wsclock {
    struct policy_list ring; /* head: under the hand */
    bool *used;              /* by frame number */
    uint64_t *stamp;         /* by frame number: when last seen used */
    uint64_t now;            /* faults so far */
    uint64_t tau;
    uint64_t none_until; /* before this time, no page can have left the working set */
    uint32_t count;
    bool tau_by_size; /* half of the number of frames, whatever that is */
};

enum { TAU };
static const struct policy_param wsclock_parameters[] = {
    [TAU] = {"tau", 0, 0, 1000000000, "window in faults; 0: half as many as frames"},
    {0},
};

static void wsclock_resize(void *self, uint32_t nframes)
{
    struct wsclock *clock = self;

    if (clock->tau_by_size)
        clock->tau = nframes / 2;
}

static void *wsclock_init(const struct policy_config *config)
{
    struct wsclock *clock = policy_alloc(config, sizeof(*clock));

    if (!clock ||
        !(clock->used = policy_alloc(config, config->max_frames * sizeof(*clock->used))) ||
        !(clock->stamp = policy_alloc(config, config->max_frames * sizeof(*clock->stamp))))
        return NULL;
    TAILQ_INIT(&clock->ring);
    clock->tau = config->value[TAU];
    clock->tau_by_size = clock->tau == 0;
    wsclock_resize(clock, config->nframes);
    return clock;
}

static void wsclock_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct wsclock *clock = self;

    clock->now += why == POLICY_FAULT;
    clock->used[frame->number] = false; /* the stamp says so already */
    clock->stamp[frame->number] = clock->now;
    TAILQ_INSERT_TAIL(&clock->ring, frame, link);
    clock->count++;
}

static void wsclock_used(void *self, struct policy_frame *frame, bool dirty)
{
    struct wsclock *clock = self;

    (void)dirty;
    clock->used[frame->number] = true;
}

static void wsclock_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct wsclock *clock = self;

    (void)why;
    TAILQ_REMOVE(&clock->ring, frame, link);
    clock->count--;
}

/* The hand goes on. */
static void wsclock_pass(struct wsclock *clock, struct policy_frame *frame)
{
    TAILQ_REMOVE(&clock->ring, frame, link);
    TAILQ_INSERT_TAIL(&clock->ring, frame, link);
}

static bool wsclock_left_working_set(const struct wsclock *clock, const struct policy_frame *frame)
{
    return clock->now - clock->stamp[frame->number] > clock->tau;
}

static struct policy_frame *wsclock_victim(void *self, const struct policy_key *incoming)
{
    struct wsclock *clock = self;
    uint64_t oldest = clock->now;

    (void)incoming;
    for (uint32_t looks = 0; looks < 2 * clock->count; looks++) {
        struct policy_frame *frame = TAILQ_FIRST(&clock->ring);
        uint64_t *stamp = &clock->stamp[frame->number];
        bool used = policy_referenced(frame) || clock->used[frame->number];
        bool busy = policy_busy(frame);

        if (looks == clock->count)
            clock->none_until = oldest + clock->tau + 1;
        if (used)
            *stamp = clock->now;
        else if (!busy &&
                 (wsclock_left_working_set(clock, frame) || clock->now < clock->none_until))
            return frame;
        if (!busy && *stamp < oldest)
            oldest = *stamp;
        clock->used[frame->number] = false;
        wsclock_pass(clock, frame);
    }
    return NULL;
}

/* A dirty page that has left the working set is written while the hand goes on. */
static bool wsclock_clean_first(void *self, struct policy_frame *frame)
{
    struct wsclock *clock = self;

    if (!wsclock_left_working_set(clock, frame))
        return false;
    wsclock_pass(clock, frame);
    return true;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "a clock that takes what has left the working set",
    .parameters = wsclock_parameters,
    .init = wsclock_init,
    .resize = wsclock_resize,
    .enter = wsclock_enter,
    .used = wsclock_used,
    .leave = wsclock_leave,
    .victim = wsclock_victim,
    .clean_first = wsclock_clean_first,
};
