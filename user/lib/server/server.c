/* SPDX-License-Identifier: MIT
 *
 * The loop of every server: see <octavo/server.h>. The dispatcher owes the answer, not the handler; so
 * a handler cannot forget one. Must not wait for anything but the next message. */
#include "user/lib/server/loop.h"
#include <errno.h>
#include <octavo/thread.h>
#include <proto/init.h>
#include <string.h>

#define RESTART_MAX 4096ul /* bytes that the kernel faults in at a time */

/* The answer that goes out with the next wait. */
_Thread_local struct server_answer octavo_server_answer;
#define next octavo_server_answer

/* --- Answers ----------------------------------------------------------------------------- */

void server_answer_lost(void)
{
    next.was_lost = true;
    if (next.lost)
        next.lost(next.object, next.detail);
}

void server_answer_flush(void)
{
    if (!next.is_due)
        return;
    next.is_due = false;
    if (ipc_reply(&next.m) < 0)
        server_answer_lost();
}

bool server_answer(unsigned long token, long result, unsigned long word)
{
    struct message m = {.tag = result < 0 ? (unsigned long)-result : 0, .token = token};

    m.w[0] = result < 0 ? 0 : word;
    return ipc_reply(&m) >= 0;
}

bool server_waits(unsigned long token)
{
    char nothing;

    return sys_copy(token, COPY_IN, 0, (unsigned long)&nothing, 0) != -ESTALE;
}

int server_restart(unsigned long token, unsigned long direction, size_t offset, size_t length)
{
    struct message m = {.tag = MSG_RESTART,
                        .w = {direction, offset, length < RESTART_MAX ? length : RESTART_MAX},
                        .token = token};
    long result = ipc_reply(&m);

    return result < 0 && result != -ESTALE ? (int)result : SERVER_ANSWERED;
}

/* --- Copies ------------------------------------------------------------------------------ */

static int server_copy(unsigned long token, unsigned long direction, size_t offset, void *own,
                       size_t length)
{
    long done = sys_copy(token, direction, offset, (unsigned long)own, length);

    if (done < 0)
        return (int)done;
    if ((size_t)done == length)
        return 0;
    return server_restart(token, direction, offset + (size_t)done, length - (size_t)done);
}

int server_copy_in(const struct server_request *request, size_t offset, void *to, size_t length)
{
    return server_copy(request->token, COPY_IN, offset, to, length);
}

int server_copy_out(const struct server_request *request, size_t offset, const void *from,
                    size_t length)
{
    return server_copy(request->token, COPY_OUT, offset, (void *)(uintptr_t)from, length);
}

/* --- The parts of the loop that are seldom wanted ------------------------------------------ */

void server_take_handles(struct server_request *r)
{
    for (unsigned i = 0; i < r->handles; i++) {
        r->handle[i] = msg_page()->handle[i];
        r->handle_badge[i] = msg_page()->badge[i];
    }
}

void server_close_handles(struct server_request *r)
{
    for (unsigned i = 0; i < r->handles; i++)
        if (r->handle[i] != HANDLE_NONE)
            sys_close(r->handle[i]);
}

void server_answer_now(struct server_request *r)
{
    struct message m = {.token = r->token, .w = {r->word[0], r->word[1], r->word[2], r->word[3]}};

    for (unsigned i = 0; i < r->gives; i++)
        ipc_attach_handle(&m, r->give[i]);
    long sent = ipc_reply(&m);
    if (sent < 0 && r->server->lost)
        r->server->lost(r);
    if (sent < 0 && sent != -ESTALE)
        server_answer(r->token, sent, 0);
    for (unsigned i = 0; i < r->gives && !r->keep_gives; i++)
        sys_close(r->give[i]);
}

void server_serve_other(const struct server_request *r)
{
    const struct server *server = r->server;

    switch (MSG_KIND(r->tag)) {
    case MSG_KIND_CLOSED:
        if (server->closed)
            server->closed(r->context, r->badge);
        break;
    case MSG_KIND_NOTIFY:
        if (server->notified)
            server->notified(r->context, r->w[0]);
        break;
    case MSG_KIND_FAULT: /* of a task whose pager right leads here */
        server_answer_next(r->token, 0, 0)->m.tag = MSG_NO | VM_FAULT_MAPERR;
        break;
    case MSG_KIND_EXCEPTION:
        if (server->exception)
            server->exception(r->context, &r->m);
        server_answer_next(r->token, 0, 0)->m.tag = 1;
        break;
    default:
        break;
    }
}

/* --- The loop ---------------------------------------------------------------------------- */

_Noreturn void server_run(const struct server *server, handle_t port, void *context)
{
    server_loop(server, port, context);
}

struct server_thread {
    const struct server *server;
    handle_t port;
    void *context;
};

static int serve_thread(void *argument)
{
    struct server_thread *thread = argument;

    server_run(thread->server, thread->port, thread->context);
}

_Noreturn void server_run_threads(const struct server *server, handle_t port, void *const *context,
                                  unsigned threads, unsigned priority)
{
    struct server_thread start[threads];

    for (unsigned i = 1; i < threads; i++) {
        struct thread *thread;
        start[i] = (struct server_thread){server, port, context[i]};
        if (thread_start_priority(&thread, serve_thread, &start[i], priority) != 0)
            server_log("few threads: no memory");
    }
    server_run(server, port, context[0]); /* and `start` stays where it is */
}

/* --- With init --------------------------------------------------------------------------- */

long server_register(unsigned long service, handle_t port, const struct server_right *rights,
                     unsigned n)
{
    struct message m = {.tag = INIT_REGISTER, .w = {service}};
    handle_t made[MSG_MAX_HANDLES];
    long result = 0;
    unsigned count = 0;

    while (count < n && result >= 0) {
        result = sys_right_create(port, rights[count].badge, rights[count].notify);
        if (result >= 0) {
            made[count] = (handle_t)result;
            ipc_attach_handle(&m, made[count++]);
        }
    }
    if (result >= 0)
        result = ipc_request(HANDLE_INIT, &m);
    while (count > 0)
        sys_close(made[--count]);
    return result;
}

void server_log(const char *text)
{
    struct message m = {.tag = INIT_LOG, .w = {strlen(text)}};

    ipc_attach_in(&m, text, strlen(text));
    ipc_request(HANDLE_INIT, &m);
}
