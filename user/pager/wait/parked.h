/* SPDX-License-Identifier: MIT
 *
 * Requests that wait, each for one thing, which is named by an address: a frame that is READING, a file
 * that is being changed, a piece of work under way, `&frames` (memory). What it is only its waker knows.
 * A request that was woken is run again from the start; it may find that it must wait once more. */
#ifndef PAGER_PARKED_H
#define PAGER_PARKED_H

#include <stdbool.h>
#include "user/pager/wait/request.h"

struct object;

void parked_setup(void);

/* Keeps a copy until r->waits_for is woken (NULL: until the messages after this one). False: no memory,
 * and the request is still the caller's to answer. */
bool request_park(const struct request *r);

/* All that wait for it may run again. */
void request_wake(const void *what);

/* The same, and they are told that reading this page has failed, if error < 0. Does anybody wait? */
bool request_wake_failed(const void *what, const struct object *object, uint64_t index, int error);

/* The next request that may run, or NULL. It is the caller's: to be parked again or freed. */
struct request *parked_next(void);
void parked_again(struct request *r);
void parked_free(struct request *r);

TAILQ_HEAD(request_list, request);
extern struct request_list parked_runnable;

/* Is there one that may run? */
static inline bool parked_any(void)
{
    return !TAILQ_EMPTY(&parked_runnable);
}

#endif
