/* SPDX-License-Identifier: MIT
 *
 * Resource usage of spaces, and of those that have ended. See usage.h. */
#include "user/pager/vm/usage.h"
#include <errno.h>
#include <proto/pager.h>
#include "user/pager/vm/space.h"

#define ENDED_MAX 32u /* records kept for one maker */

struct usage_record {
    struct usage usage;
    uint64_t badge;
    STAILQ_ENTRY(usage_record) link;
};

static struct pool record_pool = POOL(struct usage_record);

uint64_t usage_bytes(void)
{
    return (uint64_t)record_pool.used * record_pool.size;
}

void usage_setup(struct usage_children *children)
{
    *children = (struct usage_children){.count = 0};
    STAILQ_INIT(&children->ended);
}

static struct usage usage_of(const struct space *space)
{
    uint64_t peak = space->resident > space->resident_peak ? space->resident : space->resident_peak;

    return (struct usage){space->faults - space->major, space->major, peak};
}

static void add(struct usage *sum, const struct usage *usage)
{
    sum->minor += usage->minor;
    sum->major += usage->major;
    if (usage->peak > sum->peak)
        sum->peak = usage->peak;
}

/* With those that it waited for itself. */
static struct usage usage_whole(const struct space *space)
{
    struct usage whole = usage_of(space);

    add(&whole, &space->used.sum);
    return whole;
}

/* A record goes, and counts for its maker. */
static void forget(struct usage_children *children, struct usage_record *record)
{
    add(&children->sum, &record->usage);
    STAILQ_REMOVE(&children->ended, record, usage_record, link);
    children->count--;
    pool_free(&record_pool, record, NULL);
}

void usage_ended(struct space *maker, const struct space *space)
{
    struct usage usage = usage_whole(space);
    struct usage_record *record;

    if (!maker || usage.minor + usage.major == 0) /* nobody ever ran in it */
        return;
    if (maker->used.count == ENDED_MAX)
        forget(&maker->used, STAILQ_FIRST(&maker->used.ended));
    record = pool_alloc(&record_pool, NULL);
    if (!record) {
        add(&maker->used.sum, &usage);
        return;
    }
    record->usage = usage;
    record->badge = space->badge;
    STAILQ_INSERT_TAIL(&maker->used.ended, record, link);
    maker->used.count++;
}

void usage_clear(struct usage_children *children)
{
    while (!STAILQ_EMPTY(&children->ended))
        forget(children, STAILQ_FIRST(&children->ended));
}

static enum outcome answer_usage(struct request *r, struct usage usage)
{
    r->answer.tag = 0;
    r->answer.w[0] = usage.minor;
    r->answer.w[1] = usage.major;
    r->answer.w[2] = usage.peak;
    return DONE;
}

enum outcome usage_ask(struct request *r)
{
    struct usage_children *children = &r->space->used;
    struct usage_record *record;
    struct space *child;
    bool last = r->m.w[1];

    if (r->m.w[0] == PAGER_USAGE_SELF)
        return answer_usage(r, usage_of(r->space));
    if (r->m.w[0] == PAGER_USAGE_CHILDREN)
        return answer_usage(r, children->sum);
    STAILQ_FOREACH (record, &children->ended, link) {
        if (record->badge != r->m.w[0])
            continue;
        struct usage usage = record->usage;
        if (last)
            forget(children, record);
        return answer_usage(r, usage);
    }
    child = space_find(r->m.w[0]);
    if (!child || child->creator != r->space->badge)
        return answer_errno(r, -ESRCH);
    struct usage usage = usage_whole(child);
    if (last) { /* it is about to go, its maker will not be told again */
        add(&children->sum, &usage);
        child->creator = 0;
        r->space->children--;
    }
    return answer_usage(r, usage);
}
