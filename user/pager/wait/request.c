/* SPDX-License-Identifier: MIT
 *
 * Callers' buffers; and requests that wait: a small hash table of lists by what they wait for. See request.h. */
#include "user/pager/wait/request.h"
#include <abi/layout.h>
#include <string.h>
#include "user/pager/base/pool.h"

enum outcome request_restart(struct request *r, unsigned direction, uint64_t offset, uint64_t left)
{
    r->answer.tag = MSG_RESTART;
    r->answer.w[0] = direction;
    r->answer.w[1] = offset;
    r->answer.w[2] = left < PAGE_SIZE ? left : PAGE_SIZE;
    return DONE;
}

int request_copy(struct request *r, unsigned direction, uint64_t offset, void *memory,
                 uint64_t length)
{
    uint64_t done = 0;

    while (done < length) {
        long n = sys_copy(r->m.token, direction, offset + done,
                          (unsigned long)(uintptr_t)memory + done, length - done);
        if (n < 0)
            return (int)n;
        if (n == 0) {
            request_restart(r, direction, offset + done, length - done);
            return 1;
        }
        done += (uint64_t)n;
    }
    return 0;
}

enum outcome request_answer(struct request *r, const void *data, uint64_t size)
{
    uint64_t n = r->m.w[3] < size ? r->m.w[3] : size;
    int error = request_copy(r, COPY_OUT, 0, (void *)(uintptr_t)data, n);

    return error > 0 ? DONE : error < 0 ? answer_errno(r, error) : answer_word(r, n);
}

enum outcome request_answer_text(struct request *r, const char *text)
{
    uint64_t length = strlen(text);

    if (request_answer(r, text, length) == DONE && r->answer.tag == 0)
        r->answer.w[0] = length;
    return DONE;
}

/* --- requests that wait --- */

#define LISTS 64u

static struct pool request_pool = POOL(struct request);
static struct request_list waiting[LISTS];
struct request_list request_runnable = TAILQ_HEAD_INITIALIZER(request_runnable);

void request_setup(void)
{
    for (unsigned i = 0; i < LISTS; i++)
        TAILQ_INIT(&waiting[i]);
}

static struct request_list *list_of(const void *what)
{
    return &waiting[((uintptr_t)what >> 6) % LISTS];
}

void request_again(struct request *r)
{
    if (r->waits_for)
        TAILQ_INSERT_TAIL(list_of(r->waits_for), r, link);
    else
        TAILQ_INSERT_TAIL(&request_runnable, r, link);
}

bool request_park(const struct request *r)
{
    struct request *copy = pool_alloc(&request_pool, NULL);

    if (!copy)
        return false;
    *copy = *r;
    request_again(copy);
    return true;
}

void request_wake_failed(const void *what, const struct object *object, uint64_t index, int error)
{
    struct request_list *list = list_of(what);
    struct request *r, *next;

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
        TAILQ_INSERT_TAIL(&request_runnable, r, link);
    }
}

void request_wake(const void *what)
{
    request_wake_failed(what, NULL, 0, 0);
}

struct request *request_next(void)
{
    struct request *r = TAILQ_FIRST(&request_runnable);

    if (r)
        TAILQ_REMOVE(&request_runnable, r, link);
    return r;
}

void request_free(struct request *r)
{
    pool_free(&request_pool, r, NULL);
}
