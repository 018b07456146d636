/* SPDX-License-Identifier: MIT
 *
 * A request on its way through the pager: the message as it came, and the answer as it grows. A
 * handler returns DONE, and the answer is sent; or WAIT, and the request is kept whole and handed
 * to a handler again later, from the start. Either way the loop in user/pager/serve.c owes the answer.
 *
 * A request waits for one thing, which is named by an address: a frame that is READING, a file
 * that is being changed, a piece of work under way, `&frames` (memory). What it is only its waker knows.
 * A request that was woken is run again from the start; it may find that it must wait once more. */
#ifndef PAGER_REQUEST_H
#define PAGER_REQUEST_H

#include <octavo/ipc.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct object;
struct space;
struct work;

enum outcome { DONE, WAIT };

#define REQUEST_WAITS 1 /* of functions that return 0 or a negative errno otherwise */

struct request {
    struct message m;      /* as received; a handler does not change it */
    struct message answer; /* badge and token are set by the dispatcher; tag is 0 = well */
    struct space *space;   /* whose right it came through; NULL: the factory's */
    handle_t handle[MSG_MAX_HANDLES]; /* received; those still here afterwards are closed */
    uint64_t badge[MSG_MAX_HANDLES];  /* where handle is HANDLE_NONE: of an own right */
    handle_t give;                    /* goes with the answer, and is closed then */
    bool apart;                       /* see answer_apart */
    /* Kept over the runs of a request that waits: */
    struct work *work;     /* what it asked the I/O threads for (work.h) */
    struct object *object; /* a reference, on whatever the handler needs again */
    uint64_t progress, at; /* the handler's */
    bool waited;           /* for a page to be read */
    const void *waits_for; /* parked until request_wake says this */
    struct {               /* reading this page has failed, and this request was waiting for it */
        const struct object *object; /* NULL: none */
        uint64_t index;
        int error;
    } failed;
    TAILQ_ENTRY(request) link;
};

static inline unsigned long answer_items(const struct request *r)
{
    return MSG_ITEMS(r->answer.tag);
}

/* Ends a request with an error (0 or a negative errno): nothing else goes with it. */
static inline enum outcome answer_errno(struct request *r, long error)
{
    r->answer.tag = (unsigned long)-error;
    return DONE;
}

static inline enum outcome answer_word(struct request *r, uint64_t word)
{
    r->answer.tag = 0;
    r->answer.w[0] = word;
    return DONE;
}

/* The handler gives up for now; it is run again when request_wake is told the same. */
static inline enum outcome request_wait(struct request *r, const void *what)
{
    r->waits_for = what;
    return WAIT;
}

/* Asks the kernel to fault in the caller's buffer from this offset on and to repeat the call. */
enum outcome request_restart(struct request *r, unsigned direction, uint64_t offset, uint64_t left);

/* Copies all of length bytes of the caller's buffer: 0; a negative errno; or 1, and the answer asks
 * for a restart - the handler undoes what it did and returns DONE. */
int request_copy(struct request *r, unsigned direction, uint64_t offset, void *memory,
                 uint64_t length);

/* Answers with `size` bytes for the caller's `out`, of which there are a5: as many as fit, and how many that is. */
enum outcome request_answer(struct request *r, const void *data, uint64_t size);

/* The same with a text; the answer tells how long it is in all. */
enum outcome request_answer_text(struct request *r, const char *text);

/* --- requests that wait --- */

void request_setup(void);

/* Keeps a copy until r->waits_for is woken (NULL: until the messages after this one). False: no memory,
 * and the request is still the caller's to answer. */
bool request_park(const struct request *r);

/* All that wait for it may run again. */
void request_wake(const void *what);

/* The same, and they are told that reading this page has failed, if error < 0. */
void request_wake_failed(const void *what, const struct object *object, uint64_t index, int error);

/* The next request that may run, or NULL. It is the caller's: to be parked again or freed. */
struct request *request_next(void);
void request_again(struct request *r);
void request_free(struct request *r);

TAILQ_HEAD(request_list, request);
extern struct request_list request_runnable;

/* Is there one that may run? */
static inline bool request_any_runnable(void)
{
    return !TAILQ_EMPTY(&request_runnable);
}

#endif
