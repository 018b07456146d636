/* SPDX-License-Identifier: MIT
 *
 * The recording: what happens to the pager and what passes between it and its policy, written to a file
 * in the format of proto/trace.h. Nothing is lost: events go to a ring, a thread of its own writes them, and
 * while the ring is too full for what a request may bring, requests wait. Whoever has something to
 * tell says RECORD(); it costs a load and a branch while nothing is recorded. Must not change
 * what it watches: it takes no frame and makes no call but from its thread. */
#ifndef PAGER_RECORD_H
#define PAGER_RECORD_H

#include <proto/pager.h>
#include <proto/trace.h>
#include <stdbool.h>
#include <stdint.h>
#include "user/pager/base/panic.h"
#include "user/pager/wait/request.h"

struct space;

/* Which events are kept: PAGER_RECORD_* of proto/pager.h; 0: nothing is recorded. */
extern unsigned record_what;

/* Keeps an event of this kind; its fields as trace_fields() says, `field` long enough. */
void record_event(unsigned kind, const uint64_t *field);

#define RECORD(what, kind, ...)                                                  \
    do {                                                                         \
        if (unlikely(record_what & (what)))                                      \
            record_event(kind, (const uint64_t[TRACE_FIELDS + 1]){__VA_ARGS__}); \
    } while (0)

/* Tells which program a space has from now on. */
void record_space(const struct space *space);

/* Tells which policy is in force, and that it knows of no frame yet. */
void record_policy(void);

/* False: a request has to wait until more of what was recorded is written; it is parked. */
static inline bool record_has_room(struct request *r);

/* PAGER_RECORD. */
enum outcome record_request(struct request *r);

/* A notification with this bit: the thread has written much, or all. */
#define RECORD_BIT (1ul << 28)
void record_collect(void);

/* The machine stops: ends the recording. True: it is being written still; write_back_check() hears
 * of its end. */
bool record_last(void);

bool record_is_full(struct request *r);

static inline bool record_has_room(struct request *r)
{
    return !unlikely(record_what != 0) || !record_is_full(r);
}

#endif
