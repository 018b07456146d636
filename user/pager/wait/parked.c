/* SPDX-License-Identifier: MIT
 *
 * Requests that wait: a small hash table of lists by what they wait for. See parked.h. */
#include "user/pager/wait/parked.h"
#include "user/pager/base/pool.h"

#define LISTS 64u

static struct pool request_pool = POOL(struct request);
static struct request_list waiting[LISTS];
struct request_list parked_runnable = TAILQ_HEAD_INITIALIZER(parked_runnable);

void parked_setup(void)
{
    for (unsigned i = 0; i < LISTS; i++)
        TAILQ_INIT(&waiting[i]);
}

static struct request_list *list_of(const void *what)
{
    return &waiting[((uintptr_t)what >> 6) % LISTS];
}

void parked_again(struct request *r)
{
    if (r->waits_for)
        TAILQ_INSERT_TAIL(list_of(r->waits_for), r, link);
    else
        TAILQ_INSERT_TAIL(&parked_runnable, r, link);
}

bool request_park(const struct request *r)
{
    struct request *copy = pool_alloc(&request_pool, NULL);

    if (!copy)
        return false;
    *copy = *r;
    parked_again(copy);
    return true;
}

bool request_wake_failed(const void *what, const struct object *object, uint64_t index, int error)
{
    struct request_list *list = list_of(what);
    struct request *r, *next;
    bool any = false;

    for (r = TAILQ_FIRST(list); r; r = next) {
        next = TAILQ_NEXT(r, link);
        if (r->waits_for != what)
            continue;
        TAILQ_REMOVE(list, r, link);
        r->waits_for = NULL;
        if (error) {
            r->failed.object = object;
            r->failed.index = index;
            r->failed.error = error;
        }
        TAILQ_INSERT_TAIL(&parked_runnable, r, link);
        any = true;
    }
    return any;
}

void request_wake(const void *what)
{
    request_wake_failed(what, NULL, 0, 0);
}

struct request *parked_next(void)
{
    struct request *r = TAILQ_FIRST(&parked_runnable);

    if (r)
        TAILQ_REMOVE(&parked_runnable, r, link);
    return r;
}

void parked_free(struct request *r)
{
    pool_free(&request_pool, r, NULL);
}
