/* SPDX-License-Identifier: MIT */
/*
 * drive.h - random things happening to a machine: for tests.
 */
#ifndef SIM_DRIVE_H
#define SIM_DRIVE_H

#include <stdio.h>

#include "machine.h"

/* What may happen besides references, evictions and ticks. */
enum drive_events {
    DRIVE_FREE = 1,       /* pages are freed */
    DRIVE_RESIZE = 2,     /* memory grows and shrinks */
    DRIVE_AHEAD = 4,      /* pages are brought along */
    DRIVE_BUSY = 8,       /* frames become busy and idle */
    DRIVE_HAND_OVER = 16, /* the policy loses all pages and gets them back */
    DRIVE_RECLAIM = 32    /* pages are evicted with none coming in */
};

struct drive {
    struct machine *machine;
    uint64_t state; /* of the dice */
    int events;
    FILE *notes;   /* if set: comments on what the machine does that no call tells */
    uint32_t base; /* where the hot pages are now */
    uint32_t loop; /* next page of the loop */
};

/* One random step. */
void drive_step(struct drive *drive);

/* Does the machine's own bookkeeping add up? Prints what does not. */
bool drive_audit(const struct machine *m);

/* Keys for `count` pages. The caller frees them. */
struct policy_key *drive_keys(uint32_t count);

#endif
