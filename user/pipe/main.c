/* SPDX-License-Identifier: MIT
 *
 * pipe: the pipe server.
 *
 *     main.c   receive loop, requests, answers        pipe.c   rings, ends, those who wait
 *
 * What moves is one transaction at a time: bytes go between the ring and a caller, then the answer is
 * sent, and only with its arrival have they moved; a caller that is gone (its token is stale) has taken
 * and given nothing. The latest answer is held back, to go out with the wait for the next message in one
 * system call; so a write goes on in the reader it wakes. It must not wait for anything but the next
 * message, and calls nobody once it has registered. */
#include "user/pipe/pipe.h"
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/wired.h>
#include <proto/init.h>
#include <stdlib.h>

OCTAVO_WIRED_PROGRAM;

static handle_t port;

/* The answer that is held back, and what it moves. */
static struct {
    struct message answer;
    struct pipe *pipe; /* NULL: it moves nothing */
    enum pipe_end end;
    unsigned long bytes;
    bool due;
} last;

/* --- Transactions ------------------------------------------------------------------------ */

static void move(struct pipe *pipe, enum pipe_end end, unsigned long bytes)
{
    if (end == PIPE_READER)
        pipe->tail += bytes;
    else
        pipe->head += bytes;
}

/* Its caller is gone. */
static void last_undo(void)
{
    if (last.pipe)
        move(last.pipe, last.end, 0ul - last.bytes);
}

static void last_send(void)
{
    if (last.due && ipc_reply(&last.answer) < 0)
        last_undo();
    last.due = false;
}

/* Makes this the latest answer; there must be none. */
static void hold(const struct message *answer, struct pipe *pipe, enum pipe_end end,
                 unsigned long bytes)
{
    last.answer = *answer;
    last.pipe = pipe;
    last.end = end;
    last.bytes = bytes;
    last.due = true;
    if (pipe)
        move(pipe, end, bytes);
}

static void hold_status(unsigned long token, long error)
{
    struct message m = {.tag = (unsigned long)-error, .token = token};

    hold(&m, NULL, PIPE_READER, 0);
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

static void hold_restart(unsigned long token, unsigned direction, unsigned long length)
{
    if (length > PIPE_ATOMIC)
        length = PIPE_ATOMIC;
    struct message m = {.tag = MSG_RESTART, .w = {direction, 0, length}, .token = token};
    hold(&m, NULL, PIPE_READER, 0);
}

/* Gives a reader `length` bytes that are held, 0: the end. */
static void read_now(struct pipe *pipe, const struct waiter *w, unsigned long length)
{
    struct message m = {.tag = 0, .token = w->token};

    if (length > PIPE_INLINE) {
        long done = copy_ring(pipe, w->token, COPY_OUT, pipe->tail, length);
        if (done < 0) {
            hold_status(w->token, done);
            return;
        }
        if (done == 0 || (length <= PIPE_ATOMIC && (unsigned long)done < length)) {
            hold_restart(w->token, COPY_OUT, length);
            return;
        }
        length = (unsigned long)done;
    }
    m.w[0] = length;
    if (length <= PIPE_INLINE)
        pipe_take_words(pipe, &m.w[1], length);
    hold(&m, pipe, PIPE_READER, length);
}

/* Takes from a writer: up to PIPE_ATOMIC bytes all, which there is room for; of more, `length`. */
static void write_now(struct pipe *pipe, const struct waiter *w, unsigned long length)
{
    if (w->length <= PIPE_INLINE) {
        pipe_put_words(pipe, w->word, length);
    } else {
        long done = copy_ring(pipe, w->token, COPY_IN, pipe->head, length);
        if (done < 0) {
            hold_status(w->token, done);
            return;
        }
        if (done == 0 || (w->length <= PIPE_ATOMIC && (unsigned long)done < length)) {
            hold_restart(w->token, COPY_IN, length);
            return;
        }
        length = (unsigned long)done;
    }
    struct message m = {.tag = 0, .w = {length}, .token = w->token};
    hold(&m, pipe, PIPE_WRITER, length);
}

/* Serves the first who waits at an end; false: nobody, or it goes on waiting. */
static bool serve_first(struct pipe *pipe, enum pipe_end end)
{
    if (!pipe->waiters[end].count)
        return false;
    last_send(); /* first: what it undoes changes what there is */
    struct waiter w = pipe->waiters[end].entry[0];
    long n = end == PIPE_READER ? pipe_readable(pipe, w.length, true)
                                : pipe_writable(pipe, w.length, true);
    if (n == PIPE_WAIT)
        return false;
    pipe_wait_done(pipe, end);
    if (n < 0)
        hold_status(w.token, n);
    else if (end == PIPE_READER)
        read_now(pipe, &w, (unsigned long)n);
    else
        write_now(pipe, &w, (unsigned long)n);
    return true;
}

static void serve(struct pipe *pipe)
{
    while (serve_first(pipe, PIPE_READER) || serve_first(pipe, PIPE_WRITER))
        ;
}

/* --- Requests ---------------------------------------------------------------------------- */

static void transfer(struct message *m, struct pipe *pipe, enum pipe_end end)
{
    struct waiter w = {m->token, m->w[0], {m->w[1], m->w[2], m->w[3]}};
    long n = end == PIPE_READER ? pipe_readable(pipe, w.length, false)
                                : pipe_writable(pipe, w.length, false);

    if (n == PIPE_WAIT) {
        if (!pipe_wait(pipe, end, &w))
            hold_status(w.token, -ENOMEM);
        return;
    }
    if (n < 0)
        hold_status(w.token, n);
    else if (end == PIPE_READER)
        read_now(pipe, &w, (unsigned long)n);
    else
        write_now(pipe, &w, (unsigned long)n);
    serve(pipe);
}

/* Two rights, which go with the answer; if it does not arrive, they are the last copies. */
static void create(struct message *m)
{
    int error = EINVAL;
    struct pipe *pipe = m->w[0] & ~(unsigned long)PIPE_NONBLOCK
                            ? NULL
                            : pipe_create((uint32_t)m->badge, (unsigned)m->w[0], &error);
    struct message answer = {.token = m->token};
    long right[2] = {-1, -1};

    if (!pipe) {
        hold_status(m->token, -error);
        return;
    }
    for (unsigned end = PIPE_READER; end <= PIPE_WRITER; end++) {
        right[end] = sys_right_create(port, pipe_badge(pipe, end), 0);
        if (right[end] < 0)
            pipe_close(pipe, end);
        else
            ipc_attach_handle(&answer, (handle_t)right[end]);
    }
    long result = right[0] < 0 ? right[0] : right[1] < 0 ? right[1] : ipc_reply(&answer);
    if (result < 0)
        hold_status(m->token, result); /* it takes no handles, or has no room; or is gone */
    for (unsigned end = PIPE_READER; end <= PIPE_WRITER; end++)
        if (right[end] >= 0)
            sys_close((handle_t)right[end]);
}

static void flags(struct message *m, struct pipe *pipe, enum pipe_end end)
{
    unsigned long change = m->w[0];

    if ((change | m->w[1]) & ~(unsigned long)PIPE_NONBLOCK) {
        hold_status(m->token, -EINVAL);
        return;
    }
    pipe->flags[end] = (unsigned)((pipe->flags[end] & ~change) | (m->w[1] & change));
    struct message answer = {.tag = 0, .w = {pipe->flags[end]}, .token = m->token};
    hold(&answer, NULL, end, 0);
}

static void status(struct message *m, const struct pipe *pipe, enum pipe_end end)
{
    bool is_other_open = pipe->open[end == PIPE_READER ? PIPE_WRITER : PIPE_READER];
    struct message answer = {
        .tag = 0, .w = {pipe->number, pipe_held(pipe), !is_other_open}, .token = m->token};

    hold(&answer, NULL, PIPE_READER, 0);
}

static void handle_call(struct message *m)
{
    unsigned long label = MSG_LABEL(m->tag);
    bool is_factory = m->badge & PIPE_FACTORY;
    enum pipe_end end = PIPE_READER;
    struct pipe *pipe = is_factory ? NULL : pipe_find(m->badge, &end);

    if (is_factory && label == PIPE_CREATE)
        create(m);
    else if (!pipe)
        hold_status(m->token, is_factory && label <= PIPE_FLAGS ? -EBADF : -ENOSYS);
    else if (label == PIPE_READ || label == PIPE_WRITE)
        if (end == (label == PIPE_READ ? PIPE_READER : PIPE_WRITER))
            transfer(m, pipe, end);
        else
            hold_status(m->token, -EBADF);
    else if (label == PIPE_FLAGS)
        flags(m, pipe, end);
    else if (label == PIPE_STATUS)
        status(m, pipe, end);
    else
        hold_status(m->token, -ENOSYS);
}

static void handle_message(struct message *m)
{
    enum pipe_end end;
    struct pipe *pipe;

    switch (MSG_KIND(m->tag)) {
    case MSG_KIND_CALL:
        handle_call(m);
        return;
    case MSG_KIND_CLOSED:
        pipe = m->badge & PIPE_FACTORY ? NULL : pipe_find(m->badge, &end);
        if (!pipe)
            return;
        pipe_close(pipe, end);
        if (pipe->number)
            serve(pipe);
        return;
    case MSG_KIND_FAULT: /* someone made a task whose pager is an end of a pipe */
        m->tag = MSG_NO | VM_FAULT_MAPERR;
        hold(m, NULL, PIPE_READER, 0);
        return;
    case MSG_KIND_EXCEPTION: /* or whose exceptions go there: it stays stopped */
        m->tag = 1;
        hold(m, NULL, PIPE_READER, 0);
        return;
    default:
        return;
    }
}

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
    struct message m;
    long result = setup();

    if (result < 0)
        exit((int)-result);
    for (;;) {
        if (last.due) {
            m = last.answer;
            last.due = false;
            result = ipc_reply_recv(port, &m);
            if (result < 0) {
                last_undo();
                if (last.pipe)
                    serve(last.pipe);
                continue;
            }
        } else if (ipc_recv(port, DEADLINE_NEVER, &m) < 0) {
            continue;
        }
        handle_message(&m);
    }
}
