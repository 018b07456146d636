/* SPDX-License-Identifier: MIT
 *
 * Messages: call, receive, answer. */
#ifndef OCTAVO_KERNEL_IPC_H
#define OCTAVO_KERNEL_IPC_H

#include "kernel/run/port.h"
#include "kernel/run/thread.h"

/* The system calls call, reply_recv and notify of the current thread. What is not an argument here is
 * where the trap saved it. */
long ipc_call(uint64_t handle, uint64_t tag);
long ipc_reply_recv(uint64_t handle, uint64_t tag);
long ipc_notify(uint64_t handle, uint64_t bits);

/* Sends a message of the current thread, which then waits for the answer. CALL: words are its
 * registers a1-a5. FAULT, EXCEPTION: from its fault and exception fields. `right` may be NULL or
 * dead: the message then fails at once. */
void ipc_send(struct thread *thread, struct right *right, enum msg_kind kind);

/* Gives the port's next message, if there is one, to a thread of its task that is blocked in or is
 * executing recv. */
bool ipc_deliver(struct port *port, struct thread *receiver);

/* A message came to the port: hands it to the first receiver, if one waits. */
void ipc_wake(struct port *port);

/* The message of a SENDING or WAITING thread fails for good: the port or the server is gone. */
void ipc_fail(struct thread *thread);

#define TAG_ITEMS (MSG_ITEMS_MASK << MSG_ITEMS_SHIFT)
#define IPC_KIND_TAG(kind) ((uint64_t)(kind) << MSG_KIND_SHIFT)

/* What a message is in the registers of its receiver (see <abi/msg.h>), and what its sender remembers of
 * it. fastpath.c writes both with these, too. */

/* `from` waits from now on for the answer to what `to` receives through this right. */
static inline void ipc_hand_over(struct thread *from, const struct right *right, struct thread *to)
{
    uint64_t token = from->token + MSG_TOKEN_SLOTS;

    from->server = to->task;
    from->token = token;
    from->state = THREAD_WAITING;
    thread_x(to, 10) = right->badge;
    thread_x(to, 16) = token;
}

static inline void ipc_call_words(struct thread *to, uint64_t tag, uint64_t w0, uint64_t w1,
                                  uint64_t w2, uint64_t w3)
{
    thread_x(to, 11) = tag & MSG_SEND_MASK;
    thread_x(to, 12) = w0;
    thread_x(to, 13) = w1;
    thread_x(to, 14) = w2;
    thread_x(to, 15) = w3;
}

static inline void ipc_fault_words(const struct thread *from, struct thread *to)
{
    thread_x(to, 11) = IPC_KIND_TAG(MSG_KIND_FAULT) | from->fault_access;
    thread_x(to, 12) = from->fault_va;
    thread_x(to, 13) = from->pc;
    thread_x(to, 14) = thread_x(from, X_SP);
    thread_x(to, 15) = from->number;
}

/* A message that nobody waits for: bits, or the badge of a right that was closed. */
static inline void ipc_notice_words(struct thread *to, enum msg_kind kind, uint64_t badge,
                                    uint64_t bits)
{
    thread_x(to, 10) = badge;
    thread_x(to, 11) = IPC_KIND_TAG(kind);
    thread_x(to, 12) = bits;
    for (int i = 13; i <= 16; i++)
        thread_x(to, i) = 0;
}

/* The words of an answer to a call, from where the trap saved the server's. */
static inline void ipc_answer_words(struct thread *server, struct thread *caller, uint64_t tag)
{
    thread_x(caller, 10) = 0;
    thread_x(caller, 11) = tag;
    thread_x(caller, 12) = thread_x(server, 12);
    thread_x(caller, 13) = thread_x(server, 13);
    thread_x(caller, 14) = thread_x(server, 14);
    thread_x(caller, 15) = thread_x(server, 15);
}

/* The buffer that a WAITING thread offered its server in this direction (COPY_*), or NULL. */
struct msg_buffer *ipc_buffer(struct thread *caller, uint64_t direction);

/* All threads whose request `server` has received and not answered fail: `budget` slots of the thread table
 * from *slot on; true when there are more. */
bool ipc_fail_server(struct task *server, uint32_t *slot, unsigned budget);

#endif
