/* SPDX-License-Identifier: MIT
 *
 * Messages as C functions, for programs and servers alike. All inline: a round trip is a few
 * register moves around two ecalls. What the fields mean is in <abi/msg.h>; the functions add
 * nothing to it and do not set errno.
 *
 *     client                                      server
 *     struct message m = {.tag = OPERATION};      ipc_accept(1);
 *     m.w[0] = 42;                                result = ipc_recv(port, DEADLINE_NEVER, &m);
 *     result = ipc_call(right, &m);               for (;;) {
 *     if (result < 0)       no answer                 if (result >= 0)    m.badge, m.tag, m.w,
 * m.token
 *         ...                                             serve(&m);      sets m.tag, m.w: the
 * answer
 *     else if (MSG_LABEL(m.tag))                      result = ipc_reply_recv(port, &m);
 *         ...               a protocol error      }
 */
#ifndef OCTAVO_IPC_H
#define OCTAVO_IPC_H

#include <abi/layout.h>
#include <abi/msg.h>
#include <octavo/syscall.h>
#include <stdbool.h>
#include <stddef.h>

struct message {
    unsigned long badge; /* received: whose right it came through */
    unsigned long tag;   /* label, flags, counts; kind when received */
    unsigned long w[4];
    unsigned long token; /* received: names the waiting caller; sent: whom to answer */
};

/* The calling thread's message page. */
extern _Thread_local struct msg_page *octavo_msg_page;

static inline struct msg_page *msg_page(void)
{
    return octavo_msg_page;
}

#define OCTAVO_IPC(number, sent, message)                                                    \
    register unsigned long a1 __asm__("a1") = (sent)->tag;                                   \
    register unsigned long a2 __asm__("a2") = (sent)->w[0];                                  \
    register unsigned long a3 __asm__("a3") = (sent)->w[1];                                  \
    register unsigned long a4 __asm__("a4") = (sent)->w[2];                                  \
    register unsigned long a5 __asm__("a5") = (sent)->w[3];                                  \
    register unsigned long a6 __asm__("a6") = (sent)->token;                                 \
    register unsigned long a7 __asm__("a7") = (number);                                      \
    __asm__ volatile("ecall"                                                                 \
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6), \
                       "+r"(a7)                                                              \
                     :                                                                       \
                     : OCTAVO_CLOBBERS);                                                     \
    (message)->tag = a1;                                                                     \
    (message)->w[0] = a2;                                                                    \
    (message)->w[1] = a3;                                                                    \
    (message)->w[2] = a4;                                                                    \
    (message)->w[3] = a5

/* Sends m->tag and m->w, waits, and overwrites both with the answer. 0, or a negative errno: then
 * no answer came and *m holds nothing. The answer's label is the server's own status. */
static inline long ipc_call(handle_t right, struct message *m)
{
    register unsigned long a0 __asm__("a0") = right;
    OCTAVO_IPC(SYS_call, m, m);
    return (long)a0;
}

/* Waits until deadline (kernel clock, ns; DEADLINE_NOW, DEADLINE_NEVER). Returns the badge, also in
 * m->badge, or a negative errno. */
static inline long ipc_recv(handle_t port, unsigned long deadline, struct message *m)
{
    register unsigned long a0 __asm__("a0") = port;
    register unsigned long a1 __asm__("a1") = deadline;
    register unsigned long a2 __asm__("a2");
    register unsigned long a3 __asm__("a3");
    register unsigned long a4 __asm__("a4");
    register unsigned long a5 __asm__("a5");
    register unsigned long a6 __asm__("a6");
    register unsigned long a7 __asm__("a7") = SYS_recv;
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "=r"(a2), "=r"(a3), "=r"(a4), "=r"(a5), "=r"(a6),
                       "+r"(a7)
                     :
                     : OCTAVO_CLOBBERS);
    *m = (struct message){.badge = a0, .tag = a1, .w = {a2, a3, a4, a5}, .token = a6};
    return (long)a0;
}

/* Answers the caller that m->token names with m->tag and m->w. 0 or a negative errno. */
static inline long ipc_reply(const struct message *m)
{
    return sys_reply(0, m->tag, m->w[0], m->w[1], m->w[2], m->w[3], m->token);
}

/* Answers with *answer and receives the next message into *m, in one system call: ipc_reply, then ipc_recv
 * without end. A negative errno may concern the answer or the wait; after ESTALE (the caller is gone) or
 * ENOMEM the server goes on with ipc_recv. Else the badge. */
static inline long ipc_answer_recv(handle_t port, const struct message *answer, struct message *m)
{
    register unsigned long a0 __asm__("a0") = port;

    OCTAVO_IPC(SYS_reply_recv, answer, m);
    m->token = a6;
    m->badge = a0;
    return (long)a0;
}

/* The same with one message for both. */
static inline long ipc_reply_recv(handle_t port, struct message *m)
{
    return ipc_answer_recv(port, m, m);
}
#undef OCTAVO_IPC

/* The next messages may bring up to n handles, found in msg_page()->handle. Stays so. */
static inline void ipc_accept(unsigned n)
{
    msg_page()->accept = n;
}

/* Adds one handle to a message about to be sent (at most MSG_MAX_HANDLES). */
static inline void ipc_attach_handle(struct message *m, handle_t handle)
{
    msg_page()->handle[MSG_HANDLES(m->tag)] = handle;
    m->tag += 1ul << MSG_HANDLES_SHIFT;
}

/* Lets the server read, respectively write, these bytes until it has answered. */
static inline void ipc_attach_in(struct message *m, const void *address, size_t length)
{
    msg_page()->in = (struct msg_buffer){(uint64_t)(uintptr_t)address, length};
    m->tag |= MSG_IN;
}

static inline void ipc_attach_out(struct message *m, void *address, size_t length)
{
    msg_page()->out = (struct msg_buffer){(uint64_t)(uintptr_t)address, length};
    m->tag |= MSG_OUT;
}

/* ipc_call for protocols whose answers have a positive errno as label: 0, or a negative errno. */
static inline long ipc_request(handle_t right, struct message *m)
{
    long result = ipc_call(right, m);
    return result < 0 ? result : -(long)MSG_LABEL(m->tag);
}

#endif
