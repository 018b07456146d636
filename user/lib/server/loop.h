/* SPDX-License-Identifier: MIT
 *
 * The loop of a server as inline functions: server_run() (<octavo/server.h>) is made of it, and a server whose
 * every request counts includes it, so that the compiler sees the server's table and functions. Not for
 * programs. */
#ifndef OCTAVO_LIB_SERVER_LOOP_H
#define OCTAVO_LIB_SERVER_LOOP_H

#include <errno.h>
#include <octavo/server.h>

/* The answer that was due did not arrive. */
void server_answer_lost(void);

/* The handles that came with a request into it, and closed when it has been served. */
void server_take_handles(struct server_request *r);
void server_close_handles(struct server_request *r);

/* An answer that does not go out with the next wait: its handles are to be closed afterwards. If there is
 * no room for them at the caller, that is the answer. */
void server_answer_now(struct server_request *r);

/* A message that is no call. */
void server_serve_other(const struct server_request *r);

static inline __attribute__((always_inline)) int server_work(const struct server *server,
                                                             struct server_request *r)
{
    unsigned long label = MSG_LABEL(r->tag);

    if (label >= server->count || !server->operations[label].handle)
        return -ENOSYS;
    const struct server_operation *operation = &server->operations[label];
    int result = server->admit ? server->admit(r, operation->who) : 0;
    if (result != 0)
        return result;
    if ((r->tag & operation->buffers) != operation->buffers ||
        r->handles < operation->least_handles || r->handles > operation->most_handles)
        return -EINVAL;
    return operation->handle(r);
}

static inline __attribute__((always_inline)) void server_serve_call(const struct server *server,
                                                                    struct server_request *r)
{
    r->client = NULL;
    r->word[0] = r->word[1] = r->word[2] = r->word[3] = 0;
    r->gives = 0;
    r->keep_gives = r->must_arrive = false;
    r->handles = (unsigned)MSG_HANDLES(r->tag);
    for (unsigned i = 0; i < MSG_MAX_HANDLES; i++)
        r->handle[i] = HANDLE_NONE;
    if (r->handles)
        server_take_handles(r);
    int result = server_work(server, r);
    if (r->handles)
        server_close_handles(r);
    if (result == 0 && (r->gives || r->must_arrive)) {
        server_answer_now(r);
    } else if (result != SERVER_ANSWERED) {
        struct server_answer *answer = server_answer_next(r->token, result, 0);
        for (unsigned i = 0; i < 4 && result == 0; i++)
            answer->m.w[i] = r->word[i];
    }
    if (server->leave)
        server->leave(r);
}

static inline __attribute__((always_inline)) _Noreturn void
server_loop(const struct server *server, handle_t port, void *context)
{
    struct server_answer *const next = &octavo_server_answer;
    struct server_request r = {.server = server, .context = context};
    unsigned accept = 0;

    for (unsigned i = 0; i < server->count; i++)
        if (server->operations[i].most_handles > accept)
            accept = server->operations[i].most_handles;
    ipc_accept(accept);
    for (;;) {
        if (next->was_lost) {
            next->was_lost = false;
            if (server->after_loss)
                server->after_loss(context);
        }
        unsigned long deadline =
            server->before_wait ? server->before_wait(context) : DEADLINE_NEVER;
        long result;
        if (next->is_due && deadline == DEADLINE_NEVER) {
            next->is_due = false;
            result = ipc_answer_recv(port, &next->m, &r.m);
            if (result < 0)
                server_answer_lost();
        } else {
            server_answer_flush(); /* stale: nobody is there to be told */
            result = ipc_recv(port, deadline, &r.m);
        }
        if (result < 0)
            continue;
        if (MSG_KIND(r.tag) == MSG_KIND_CALL)
            server_serve_call(server, &r);
        else
            server_serve_other(&r);
    }
}

#endif
