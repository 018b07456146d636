/* SPDX-License-Identifier: MIT
 *
 * fifo - the page that came first goes first.
 *
 * Textbook (Silberschatz, Galvin, Gagne, Operating System Concepts, "FIFO Page Replacement").
 * Never looks at references, so more frames can mean more faults (Belady, Nelson, Shedler, CACM
 * 1969). The shortest policy there is: copy this file to begin your own.
 */
#include "policy.h"

struct fifo {
    struct policy_list queue; /* head: came first */
};

static void *fifo_init(const struct policy_config *config)
{
    struct fifo *fifo = policy_alloc(config, sizeof(*fifo));

    if (fifo)
        TAILQ_INIT(&fifo->queue);
    return fifo;
}

static void fifo_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{
    struct fifo *fifo = self;

    (void)why;
    TAILQ_INSERT_TAIL(&fifo->queue, frame, link);
}

static void fifo_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{
    struct fifo *fifo = self;

    (void)why;
    TAILQ_REMOVE(&fifo->queue, frame, link);
}

static struct policy_frame *fifo_victim(void *self, const struct policy_key *incoming)
{
    struct fifo *fifo = self;
    struct policy_frame *frame;

    (void)incoming;
    TAILQ_FOREACH (frame, &fifo->queue, link)
        if (!policy_busy(frame))
            return frame;
    return NULL;
}

const struct policy POLICY = {
    .name = POLICY_NAME,
    .about = "first in, first out",
    .init = fifo_init,
    .enter = fifo_enter,
    .leave = fifo_leave,
    .victim = fifo_victim,
};
