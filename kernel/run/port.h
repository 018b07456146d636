/* SPDX-License-Identifier: MIT
 *
 * Ports, where a task receives, and rights, by which others reach them. */
#ifndef OCTAVO_KERNEL_PORT_H
#define OCTAVO_KERNEL_PORT_H

#include "kernel/object/account.h"
#include "kernel/run/thread.h"

struct right {
    struct object object;
    struct port *port;                    /* NULL: dead */
    uint64_t badge;                       /* below 2^63 */
    uint64_t mask;                        /* notification bits it may set */
    void (*severed)(struct right *right); /* its port is gone: who has an interrupt bound to it */
    struct task *space;                   /* whose pager right it is, or NULL */
    struct account *account;              /* pays for it; referenced */
    struct tree_node of_port;
    STAILQ_ENTRY(right) closed;
};

struct port {
    struct object object;          /* one reference: its handle, which is never copied */
    struct task *task;             /* who receives; NULL: dead */
    struct thread *receiver;       /* one that waits without a deadline, or NULL: the fast path's */
    struct thread_queue receivers; /* the others */
    struct tree rights;            /* all of them, alive or closed, by badge */
    STAILQ_HEAD(, right) closed;   /* rights whose last copy is gone; CLOSED is due */
    struct thread_queue callers;
    uint64_t pending; /* notification bits */
    bool queued;      /* something may be in the three above */
    uint8_t turn;     /* whose turn: notifications, CLOSED, calls */
    LIST_ENTRY(port) of_task;
};

void port_setup(void);

/* NULL: no memory, or the account's limit. The reference is the caller's. */
struct port *port_create(struct task *task);

/* The port dies: callers get EPIPE, receivers too, its rights lead nowhere. At most `budget` of them at a
 * call; true: call again. */
bool port_kill(struct port *port, unsigned budget);

/* A thread waits for messages, or no longer. */
static inline void port_add_receiver(struct port *port, struct thread *thread)
{
    if (!port->receiver && !thread->timed)
        port->receiver = thread;
    else
        TAILQ_INSERT_TAIL(&port->receivers, thread, queue);
}

static inline void port_remove_receiver(struct port *port, struct thread *thread)
{
    if (port->receiver == thread)
        port->receiver = NULL;
    else
        TAILQ_REMOVE(&port->receivers, thread, queue);
}

static inline struct thread *port_receiver(const struct port *port)
{
    return port->receiver ? port->receiver : TAILQ_FIRST(&port->receivers);
}

/* 0 or -EEXIST (badge in use at this port), -ENOMEM. */
int port_right_create(struct port *port, uint64_t badge, uint64_t mask, struct right **out);
/* CLOSED was delivered: the badge is free again. */
void port_right_forget(struct right *right);

/* The thread's request no longer holds the right it went through. */
static inline void right_drop(struct thread *thread)
{
    struct right *right = thread->via;

    thread->via = NULL;
    if (right)
        object_unref(&right->object);
}

/* The right with this badge, CLOSED ones excepted, or NULL. */
struct right *port_right_find(struct port *port, uint64_t badge);

/* Sets bits at the port and wakes a receiver. */
void port_notify(struct port *port, uint64_t bits);

#endif
