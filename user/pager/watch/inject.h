/* SPDX-License-Identifier: MIT
 *
 * Failures on purpose, for tests: the knobs of PAGER_TUNE that hold a request back, or let an allocation
 * fail (pool_fails). Debug builds only; nobody else of the pager knows of it but the dispatcher. */
#ifndef PAGER_INJECT_H
#define PAGER_INJECT_H

#include <stdbool.h>
#include "user/pager/base/pool.h"
#include "user/pager/wait/request.h"

/* Called each time that a handler is about to run. True: the request waits until the test lets it go. */
#ifdef OCTAVO_DEBUG
bool inject_holds(struct request *r);
#else
static inline bool inject_holds(struct request *r)
{
    (void)r;
    return false;
}
#endif

/* What is done now is for no request: nothing spares it. */
static inline void inject_nobody(void)
{
    pool_fail_not_now = false;
}

/* PAGER_TUNE_FAIL and PAGER_TUNE_HOLD: what, and the value. EINVAL: another one, or no debug build. */
enum outcome inject_tune(struct request *r, uint64_t what, uint64_t value);

#endif
