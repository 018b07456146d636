/* SPDX-License-Identifier: MIT
 *
 * pipe: the pipe server.
 *
 *     main.c   requests and answers        pipe.c   rings, ends, those who wait
 *
 * What moves is one transaction at a time: bytes go between the ring and a caller, then the answer is
 * sent, and only with its arrival have they moved; a caller that is gone (its token is stale) has taken
 * and given nothing. The latest answer goes out with the wait for the next message (server_answer_next),
 * so a write goes on in the reader that it wakes. It must not wait for anything but the next
 * message, and calls nobody once it has registered. */
#include "user/lib/server/loop.h"
#include "user/pipe/pipe.h"
#include <errno.h>
#include <octavo/wired.h>
#include <proto/init.h>

OCTAVO_WIRED_PROGRAM;

/* --- Transactions ------------------------------------------------------------------------ */

static handle_t port;
static bool are_moved_back; /* some pipe is */

/* The caller is gone: what its answer moved goes back, and before the next wait others may have it. */
static void moved_back(struct pipe *pipe)
{
    pipe->moved_back = true;
    are_moved_back = true;
}

static void reader_lost(void *pipe, unsigned long bytes)
{
    ((struct pipe *)pipe)->tail -= bytes;
    moved_back(pipe);
}

static void writer_lost(void *pipe, unsigned long bytes)
{
    ((struct pipe *)pipe)->head -= bytes;
    moved_back(pipe);
}

/* The answer to a reader or writer that moves so many bytes. */
static struct server_answer *answer(struct pipe *pipe, enum pipe_end end, unsigned long token,
                                    unsigned long bytes)
{
    struct server_answer *next = server_answer_next(token, 0, bytes);

    next->lost = end == PIPE_READER ? reader_lost : writer_lost;
    next->object = pipe;
    next->detail = bytes;
    return next;
}

/* Copies between a caller and the ring around position `at`, as far as pages are there. Bytes, or a
 * negative errno. */
static long copy_ring(const struct pipe *pipe, unsigned long token, unsigned direction, uint64_t at,
                      unsigned long length)
{
    unsigned long offset = at % PIPE_CAPACITY, first = PIPE_CAPACITY - offset;

    if (first > length)
        first = length;
    long done = sys_copy(token, direction, 0, (unsigned long)(pipe->ring + offset), first);
    if (done != (long)first || first == length)
        return done;
    long more = sys_copy(token, direction, first, (unsigned long)pipe->ring, length - first);
    return more > 0 ? done + more : done;
}

/* The caller's buffer is not there: its pager is asked, and the call comes again. */
static void restart(unsigned long token, unsigned direction, unsigned long length)
{
    int result = server_restart(token, direction, 0, length < PIPE_ATOMIC ? length : PIPE_ATOMIC);

    if (result < 0)
        server_answer_next(token, result, 0);
}

/* Gives a reader `length` bytes that are held, 0: the end. */
static void read_now(struct pipe *pipe, unsigned long token, unsigned long length)
{
    if (length > PIPE_INLINE) {
        long done = copy_ring(pipe, token, COPY_OUT, pipe->tail, length);
        if (done < 0) {
            server_answer_next(token, done, 0);
            return;
        }
        if (done == 0 || (length <= PIPE_ATOMIC && (unsigned long)done < length)) {
            restart(token, COPY_OUT, length);
            return;
        }
        length = (unsigned long)done;
    }
    struct server_answer *next = answer(pipe, PIPE_READER, token, length);
    if (length <= PIPE_INLINE)
        pipe_take_words(pipe, &next->m.w[1], length);
    pipe->tail += length;
}

/* Takes from a writer of `wanted` bytes: up to PIPE_ATOMIC all, which there is room for; of more, `length`. */
static void write_now(struct pipe *pipe, unsigned long token, unsigned long wanted,
                      const unsigned long *word, unsigned long length)
{
    if (wanted <= PIPE_INLINE) {
        pipe_put_words(pipe, word, length);
    } else {
        long done = copy_ring(pipe, token, COPY_IN, pipe->head, length);
        if (done < 0) {
            server_answer_next(token, done, 0);
            return;
        }
        if (done == 0 || (wanted <= PIPE_ATOMIC && (unsigned long)done < length)) {
            restart(token, COPY_IN, length);
            return;
        }
        length = (unsigned long)done;
    }
    answer(pipe, PIPE_WRITER, token, length);
    pipe->head += length;
}

/* Serves the first who waits at an end; false: nobody, or it goes on waiting. */
static inline bool serve_first(struct pipe *pipe, enum pipe_end end)
{
    if (!pipe->waiters[end].count)
        return false;
    server_answer_flush(); /* first: if it does not arrive, there is something else */
    struct waiter w = pipe->waiters[end].entry[0];
    long n = end == PIPE_READER ? pipe_readable(pipe, w.length, true)
                                : pipe_writable(pipe, w.length, true);
    if (n == PIPE_WAIT)
        return false;
    pipe_wait_done(pipe, end);
    if (n < 0)
        server_answer_next(w.token, n, 0);
    else if (end == PIPE_READER)
        read_now(pipe, w.token, (unsigned long)n);
    else
        write_now(pipe, w.token, w.length, w.word, (unsigned long)n);
    return true;
}

static void serve_waiting(struct pipe *pipe)
{
    while (serve_first(pipe, PIPE_READER) || serve_first(pipe, PIPE_WRITER))
        ;
}

static inline void serve(struct pipe *pipe)
{
    if (pipe->waiters[PIPE_READER].count || pipe->waiters[PIPE_WRITER].count)
        serve_waiting(pipe);
}

/* --- Requests ---------------------------------------------------------------------------- */

/* A reader or writer of w[0] bytes that has to wait. */
static int wait_handle(struct server_request *r, enum pipe_end end)
{
    const struct waiter w = {r->token, r->w[0], {r->w[1], r->w[2], r->w[3]}};

    return pipe_wait(r->client, end, &w) ? SERVER_ANSWERED : -ENOMEM;
}

static int read_handle(struct server_request *r)
{
    struct pipe *pipe = r->client;

    if (pipe_end_of(r->badge) != PIPE_READER)
        return -EBADF;
    long n = pipe_readable(pipe, r->w[0], false);
    if (n < 0)
        return n == PIPE_WAIT ? wait_handle(r, PIPE_READER) : (int)n;
    read_now(pipe, r->token, (unsigned long)n);
    serve(pipe);
    return SERVER_ANSWERED;
}

static int write_handle(struct server_request *r)
{
    struct pipe *pipe = r->client;

    if (pipe_end_of(r->badge) != PIPE_WRITER)
        return -EBADF;
    long n = pipe_writable(pipe, r->w[0], false);
    if (n < 0)
        return n == PIPE_WAIT ? wait_handle(r, PIPE_WRITER) : (int)n;
    write_now(pipe, r->token, r->w[0], &r->w[1], (unsigned long)n);
    serve(pipe);
    return SERVER_ANSWERED;
}

/* Two rights, which go with the answer; if it does not arrive, they are the last copies. */
static int create_handle(struct server_request *r)
{
    int error = EINVAL;
    struct pipe *pipe = r->w[0] & ~(unsigned long)PIPE_NONBLOCK
                            ? NULL
                            : pipe_create((uint32_t)r->badge, (unsigned)r->w[0], &error);

    if (!pipe)
        return -error;
    for (unsigned end = PIPE_READER; end <= PIPE_WRITER; end++) {
        long right = sys_right_create(port, pipe_badge(pipe, end), 0);
        if (right < 0) {
            /* This end and the one after it have no right; the one before has. */
            for (unsigned none = end; none <= PIPE_WRITER; none++)
                pipe_close(pipe, none);
            while (r->gives > 0)
                sys_close(r->give[--r->gives]);
            return (int)right;
        }
        r->give[r->gives++] = (handle_t)right;
    }
    return 0;
}

static int flags_handle(struct server_request *r)
{
    struct pipe *pipe = r->client;
    unsigned *flags = &pipe->flags[pipe_end_of(r->badge)];
    unsigned long change = r->w[0];

    if ((change | r->w[1]) & ~(unsigned long)PIPE_NONBLOCK)
        return -EINVAL;
    *flags = (unsigned)((*flags & ~change) | (r->w[1] & change));
    r->word[0] = *flags;
    return 0;
}

static int status_handle(struct server_request *r)
{
    const struct pipe *pipe = r->client;

    r->word[0] = pipe->number;
    r->word[1] = pipe_held(pipe);
    r->word[2] = !pipe->open[pipe_end_of(r->badge) == PIPE_READER ? PIPE_WRITER : PIPE_READER];
    return 0;
}

/* --- The server -------------------------------------------------------------------------- */

enum who { AN_END, THE_FACTORY };

static int admit(struct server_request *r, unsigned who)
{
    bool is_factory = r->badge & PIPE_FACTORY;

    if (is_factory)
        return who == THE_FACTORY ? 0 : MSG_LABEL(r->tag) <= PIPE_FLAGS ? -EBADF : -ENOSYS;
    if (who == THE_FACTORY)
        return -ENOSYS;
    r->client = pipe_find(r->badge);
    return r->client ? 0 : -ENOSYS;
}

static void closed(void *context, unsigned long badge)
{
    struct pipe *pipe = badge & PIPE_FACTORY ? NULL : pipe_find(badge);

    (void)context;
    if (!pipe)
        return;
    pipe_close(pipe, pipe_end_of(badge));
    if (pipe->number)
        serve(pipe);
}

/* Bytes that moved back are for those who wait, and serving them may lose another answer. */
static void after_loss(void *context)
{
    (void)context;
    while (are_moved_back) {
        are_moved_back = false;
        for (unsigned i = 0; i < PIPES_MAX; i++)
            if (pipes[i].moved_back) {
                pipes[i].moved_back = false;
                serve(&pipes[i]);
            }
    }
}

static const struct server_operation operations[] = {
    [PIPE_CREATE] = {.handle = create_handle, .who = THE_FACTORY},
    [PIPE_READ] = {.handle = read_handle},
    [PIPE_WRITE] = {.handle = write_handle},
    [PIPE_FLAGS] = {.handle = flags_handle},
    [PIPE_STATUS] = {.handle = status_handle},
};

static const struct server server = {.operations = operations,
                                     .count = sizeof(operations) / sizeof(operations[0]),
                                     .admit = admit,
                                     .closed = closed,
                                     .after_loss = after_loss};

/* Init gets the port to mint the factory's rights of: it knows who asks. */
static long setup(void)
{
    struct message m = {.tag = INIT_REGISTER, .w = {SERVICE_PIPE}};
    long result = sys_port_create();

    if (result < 0)
        return result;
    port = (handle_t)result;
    ipc_attach_handle(&m, port);
    return ipc_request(HANDLE_INIT, &m);
}

int main(void)
{
    long result = setup();

    if (result < 0)
        return (int)-result;
    server_loop(&server, port, NULL);
}
