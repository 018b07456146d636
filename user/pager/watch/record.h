/* SPDX-License-Identifier: MIT
 *
 * The recording: what happens to the pager and what passes between it and its policy, written to a file
 * in the format of proto/trace.h. Nothing is lost: events go to a ring, a thread of its own writes them, and
 * while the ring is too full for what a request may bring, requests wait. Whoever has something to
 * tell says RECORD() (base/watcher.h). Must not change what it watches: it takes no frame and makes no call
 * but from its thread. */
#ifndef PAGER_RECORD_H
#define PAGER_RECORD_H

#include <proto/pager.h>
#include <stdbool.h>
#include <stdint.h>
#include "user/pager/base/watcher.h"
#include "user/pager/wait/request.h"

/* Keeps an event: see base/watcher.h. */
void record_event(unsigned kind, const uint64_t *field);

/* PAGER_RECORD. */
enum outcome record_request(struct request *r);

/* A notification with this bit: the thread has written much, or all. */
#define RECORD_BIT (1ul << 28)
void record_collect(void);

/* The machine stops: ends the recording. True: it is being written still; write_back_check() hears
 * of its end. */
bool record_last(void);

bool record_is_full(struct request *r);

/* False: a request has to wait until more of what was recorded is written; it is parked. */
static inline bool record_has_room(struct request *r)
{
    return !unlikely(watcher.events != 0) || !record_is_full(r);
}

#endif
