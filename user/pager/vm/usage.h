/* SPDX-License-Identifier: MIT
 *
 * What programs have used, for getrusage and wait4: faults and the most pages at a time, of a space and of
 * those that it made. What one that has ended has used is kept until its maker asks, or has more such
 * records than are kept; then it counts as asked for. */
#ifndef PAGER_USAGE_H
#define PAGER_USAGE_H

#include <stdint.h>
#include <sys/queue.h>
#include "user/pager/wait/request.h"

struct space;

struct usage {
    uint64_t minor, major, peak; /* faults without and with reading; pages */
};

struct usage_record;

/* In each space. */
struct usage_children {
    struct usage sum;                  /* of those asked for; peak: the largest */
    STAILQ_HEAD(, usage_record) ended; /* the others that have ended */
    unsigned count;                    /* of them */
};

/* What the records of ended spaces take: they go as their makers ask, or make more. */
uint64_t usage_bytes(void);

void usage_setup(struct usage_children *children);

/* A space ends whose maker (may be NULL) still lives. */
void usage_ended(struct space *maker, const struct space *space);

/* A maker ends. */
void usage_clear(struct usage_children *children);

/* PAGER_USAGE */
enum outcome usage_ask(struct request *r);

#endif
