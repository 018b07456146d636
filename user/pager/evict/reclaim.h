/* SPDX-License-Identifier: MIT
 *
 * Reclaim: when frames run out, a policy (policy.h) names pages, and they are taken from whoever has
 * them. Pages of objects are dropped, or written back by their object; private ones go to swap. The
 * policy decides which, this file does it; who needs frames says so before it looks at anything that
 * an eviction might change. */
#ifndef PAGER_RECLAIM_H
#define PAGER_RECLAIM_H

#include <stdbool.h>
#include <stdint.h>
#include "user/pager/base/frame.h"
#include "user/pager/evict/policy.h"
#include "user/pager/wait/request.h"

/* Chooses the policy by the boot argument `pager=`. After memory_setup, before the first frame is used. */
void reclaim_setup(void);

/* Asks the kernel to tell when it runs out of frames. */
void reclaim_listen(void);

/* Frames that can be taken without evicting anything. */
static inline uint32_t reclaim_free(void)
{
    return frames.used < frames.limit ? frames.limit - frames.used : 0;
}

enum room {
    ROOM_MADE,
    ROOM_WAIT, /* pages are on their way out: wait for &frames */
    ROOM_NONE  /* there is nothing that could go */
};

/* Evicts until `need` frames can be taken, for this request (NULL: for none). `incoming`: the page that they
 * are for, or NULL. What is held for the request itself, or for threads before it, stays. */
enum room reclaim_make_room(const struct request *r, uint32_t need,
                            const struct policy_key *incoming);

/* Out of memory and swap: the space that holds most private and shared pages, resident or in swap, loses
 * the private ones at once, and ends with its next step. True: there are frames to be had as soon as what
 * was answered before is settled; false: when it has ended (its shared pages), or not at all. */
bool reclaim_kill_largest(void);

/* How many mapped pages of the space were accessed since this was asked last (a page that others map, too:
 * by anybody). Accessed bits that it clears are kept for the policy, which learns of every reference
 * that it would have learned of. */
uint64_t reclaim_working_set(struct space *space);

/* The name of the page in a frame that has one, as the policy knows it. */
struct policy_key reclaim_key(const struct frame *frame);

/* The kernel has told, by a notification with this bit, that it runs out of frames: gives some back. */
#define RECLAIM_NOTIFY (1ul << 40)
void reclaim_relieve(void);

/* Debug builds: who is entered. */
void reclaim_audit(void);

#endif
