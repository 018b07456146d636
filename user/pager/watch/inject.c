/* SPDX-License-Identifier: MIT
 *
 * Failures on purpose. See inject.h. */
#include "user/pager/watch/inject.h"
#include <errno.h>
#include <proto/pager.h>
#include "user/pager/base/pool.h"
#include "user/pager/names/description.h"
#include "user/pager/vm/space.h"
#include "user/pager/wait/request.h"

#ifdef OCTAVO_DEBUG

static uint64_t hold_in; /* runs of handlers until one is held; 0 = none is to be */
static uint64_t hold_by; /* whose own requests do not count: else nobody could let it go */
static bool holding;
static uint64_t fail_by; /* whose faults are spared: a test has to survive what it does */

/* The space on whose behalf it is asked; 0: nobody's, like init's requests. */
static uint64_t asks(const struct request *r)
{
    const struct description *d = description_find(r->m.badge);

    return d ? d->opener : r->space ? r->space->badge : 0;
}

bool inject_holds(struct request *r)
{
    uint64_t who = hold_in ? asks(r) : 0;

    pool_fail_not_now = MSG_KIND(r->m.tag) == MSG_KIND_FAULT && r->space &&
                        (r->space->badge == fail_by || pool_fail_in == PAGER_FAIL_ALL);
    if (who == 0 || who == hold_by || --hold_in > 0)
        return false;
    holding = true;
    request_wait(r, &hold_in);
    return true;
}

enum outcome inject_tune(struct request *r, uint64_t what, uint64_t value)
{
    uint64_t old;

    switch (what) {
    case PAGER_TUNE_FAIL:
        old = pool_fail_in;
        pool_fail_in = value;
        fail_by = r->space->badge;
        return answer_word(r, old);
    case PAGER_TUNE_HOLD:
        answer_word(r, hold_in);
        r->answer.w[1] = holding;
        if (value == PAGER_HOLD_ASK)
            return DONE;
        hold_in = value;
        hold_by = r->space->badge;
        holding = false;
        request_wake(&hold_in);
        return DONE;
    default:
        return answer_errno(r, -EINVAL);
    }
}

#else

enum outcome inject_tune(struct request *r, uint64_t what, uint64_t value)
{
    (void)what, (void)value;
    return answer_errno(r, -EINVAL);
}

#endif
