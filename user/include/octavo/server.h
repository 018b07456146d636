/* SPDX-License-Identifier: MIT
 *
 * The loop of a server: it receives messages at a port and sees to it that each request gets exactly
 * one answer. A server gives a table of its operations and a few functions, and calls server_run().
 *
 *     static int add(struct server_request *r)          what an operation does
 *     {
 *         r->word[0] = r->w[0] + r->w[1];
 *         return 0;
 *     }
 *     static const struct server_operation operations[] = {[ADD] = {.handle = add}};
 *     static const struct server server = {.operations = operations, .count = 1};
 *
 * The first words of a message's tag name the operation (its label). An answer has label 0 and four
 * words, or a positive errno as its label. user/blk is the shortest server that is made so; what a
 * message is stands in <abi/msg.h>. Nothing here sets errno. */
#ifndef OCTAVO_SERVER_H
#define OCTAVO_SERVER_H

#include <octavo/ipc.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A handler's result besides 0 (answer with word[]) and a negative errno: the request has its answer
 * already, or its token was kept and the answer follows later. */
#define SERVER_ANSWERED 1

struct server_request {
    const struct server *server;
    void *context; /* of this thread: what server_run() was given */
    void *client;  /* for admit() to set: whom the badge stands for */
    union {
        struct message m; /* as it was received; its parts by their names: */
        struct {
            unsigned long badge; /* of the right that the request came through */
            unsigned long tag;   /* MSG_LABEL(tag) is the operation */
            unsigned long w[4];  /* what came with it */
            unsigned long token; /* names the caller until it is answered */
        };
    };
    /* Handles that came. The loop closes them, but those that a handler sets to HANDLE_NONE. One of them
     * that is HANDLE_NONE is a right to this very server, with the badge beside it; the others of the array
     * are HANDLE_NONE, too. */
    unsigned handles;
    handle_t handle[MSG_MAX_HANDLES];
    unsigned long handle_badge[MSG_MAX_HANDLES];
    /* The answer: its words, and handles to go with it. */
    unsigned long word[4];
    unsigned gives;
    handle_t give[MSG_MAX_HANDLES];
    bool keep_gives;  /* else they are closed when the answer is out */
    bool must_arrive; /* else lost() is not called for an answer without handles */
};

struct server_operation {
    int (*handle)(struct server_request *request);
    unsigned long buffers;                     /* MSG_IN, MSG_OUT that must come with it */
    unsigned char least_handles, most_handles; /* that must, and may, come with it */
    unsigned char who;                         /* for admit(): a class of callers */
};

/* Functions that are NULL are not called. All run on the thread that serves. */
struct server {
    const struct server_operation *operations; /* indexed by label */
    unsigned count;
    /* Whether this caller may ask: 0, or a negative errno as the answer. */
    int (*admit)(struct server_request *request, unsigned who);
    /* After the answer, or when it was left to somebody: to let go of what admit() took. */
    void (*leave)(struct server_request *request);
    /* An answer that brings handles, or must arrive, did not: the caller is gone or has no room for them. */
    void (*lost)(struct server_request *request);
    /* The last copy of the right with this badge is gone. */
    void (*closed)(void *context, unsigned long badge);
    /* Bits of notifications that came. */
    void (*notified)(void *context, unsigned long bits);
    /* A thread whose exceptions go to this server had one; it stays stopped. */
    void (*exception)(void *context, const struct message *m);
    /* Before the next wait, after an answer of server_answer_next() was lost. */
    void (*after_loss)(void *context);
    /* Before each wait: serves who waits. Result: when to be called again at the latest (the kernel's clock,
     * ns), DEADLINE_NOW or DEADLINE_NEVER. */
    unsigned long (*before_wait)(void *context);
};

/* Serves for ever. The calling thread takes up to as many handles with a message as any operation may
 * have. Several threads may serve one port, each with a context of its own. */
_Noreturn void server_run(const struct server *server, handle_t port, void *context);

/* Starts `threads` - 1 more threads at a priority (<abi/task.h>) and serves with all of them. context[i]
 * is thread i's. With too little memory there are fewer. */
_Noreturn void server_run_threads(const struct server *server, handle_t port, void *const *context,
                                  unsigned threads, unsigned priority);

/* Copies `length` bytes between here and the caller's buffer, from `offset` of it on (in: MSG_IN's, out:
 * MSG_OUT's). 0; a negative errno; or SERVER_ANSWERED: a page was not there, its pager is asked for it and
 * the whole request comes again. So what lasts may be done only after the last copy. */
int server_copy_in(const struct server_request *request, size_t offset, void *to, size_t length);
int server_copy_out(const struct server_request *request, size_t offset, const void *from,
                    size_t length);

/* Has the caller's page(s) at `offset` brought in and the request repeated. direction: COPY_IN or
 * COPY_OUT. SERVER_ANSWERED, or a negative errno. */
int server_restart(unsigned long token, unsigned long direction, size_t offset, size_t length);

/* Answers a request that was left for later, at once. result: 0 or a negative errno; word: the first word
 * of the answer. False: its caller is gone. */
bool server_answer(unsigned long token, long result, unsigned long word);

/* Whether the caller that the token names still waits. */
bool server_waits(unsigned long token);

/* An answer that goes out with the next wait, in one system call. If it does not arrive, lost(object,
 * detail) is called. */
struct server_answer {
    struct message m; /* tag, w and token */
    bool is_due, was_lost;
    void (*lost)(void *object, unsigned long detail);
    void *object;
    unsigned long detail;
};
extern _Thread_local struct server_answer octavo_server_answer; /* not for programs */

/* Sends the answer that is due, if there is one, so that what its loss changes has changed. */
void server_answer_flush(void);

/* A new one for the caller that the token names, with the first word given and the others 0, to be filled
 * further in place; one that was due before is sent at once. result: 0 or a negative errno. */
static inline struct server_answer *server_answer_next(unsigned long token, long result,
                                                       unsigned long word)
{
    struct server_answer *answer = &octavo_server_answer;

    if (answer->is_due)
        server_answer_flush();
    answer->m.tag = 0ul - (unsigned long)result;
    answer->m.w[0] = word;
    answer->m.w[1] = answer->m.w[2] = answer->m.w[3] = 0;
    answer->m.token = token;
    answer->lost = NULL;
    answer->is_due = true;
    return answer;
}

/* Of the system's servers. Registers with init as a service (proto/init.h): `n` rights to the port, each
 * with a badge and the bits it may notify, are made and handed over. 0 or a negative errno. */
struct server_right {
    unsigned long badge, notify;
};
long server_register(unsigned long service, handle_t port, const struct server_right *rights,
                     unsigned n);
/* A line of text for init's log. */
void server_log(const char *text);

#ifdef __cplusplus
}
#endif

#endif
