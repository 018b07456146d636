/* SPDX-License-Identifier: MIT
 *
 * Ports and rights. See port.h. Messages are ipc.c's. */
#include "kernel/run/port.h"

#include "kernel/run/ipc.h"
#include "kernel/run/sched.h"
#include "mm/slab.h"

#include <abi/errno.h>

static struct slab_cache port_cache, right_cache;

/* A tree for each port, not one table for all: nobody's badges may make another's look-ups long. */
static struct right *right_of(struct tree_node *node)
{
    return tree_entry(node, struct right, of_port);
}

static bool by_badge(const struct tree_node *a, const struct tree_node *b)
{
    return tree_entry(a, const struct right, of_port)->badge <
           tree_entry(b, const struct right, of_port)->badge;
}

static void right_free(struct right *right)
{
    struct account *account = right->account;

    account_free(account, &right_cache, right);
    object_unref(&account->object);
}

static void release_right(struct object *object)
{
    struct right *right = (struct right *)object;
    struct port *port = right->port;

    if (!port) {
        right_free(right);
        return;
    }
    STAILQ_INSERT_TAIL(&port->closed, right, closed);
    port->queued = true;
    ipc_wake(port);
}

static void release_port(struct object *object)
{
    struct port *port = (struct port *)object;

    while (port_kill(port, UINT32_MAX))
        ;
    slab_free(&port_cache, port);
}

void port_setup(void)
{
    object_kinds[OBJECT_PORT].release = release_port;
    object_kinds[OBJECT_RIGHT].release = release_right;
    slab_create(&port_cache, "port", sizeof(struct port), 0);
    slab_create(&right_cache, "right", sizeof(struct right), 0);
}

struct port *port_create(struct task *task)
{
    struct port *port = account_alloc(task->account, &port_cache);

    if (!port)
        return NULL;
    port->object.refs = 1;
    port->object.type = OBJECT_PORT;
    port->task = task;
    task->serves = true;
    TAILQ_INIT(&port->receivers);
    TAILQ_INIT(&port->callers);
    STAILQ_INIT(&port->closed);
    LIST_INSERT_HEAD(&task->ports, port, of_task);
    return port;
}

bool port_kill(struct port *port, unsigned budget)
{
    struct thread *thread;
    struct right *right;

    while ((right = right_of(port->rights.root))) {
        if (!budget--)
            return true;
        tree_remove(&port->rights, &right->of_port, NULL);
        right->port = NULL;
        if (right->object.refs == 0)
            right_free(right);
        else if (right->severed)
            right->severed(right);
    }
    while ((thread = TAILQ_FIRST(&port->callers))) {
        if (!budget--)
            return true;
        TAILQ_REMOVE(&port->callers, thread, queue);
        ipc_fail(thread);
    }
    if (port->task) {
        account_uncharge(port->task->account, sizeof(struct port));
        LIST_REMOVE(port, of_task);
        port->task = NULL;
    }
    while ((thread = port_receiver(port)))
        thread_abort(thread, -EPIPE);
    return false;
}

/* Alive or not. */
static struct right *right_search(const struct port *port, uint64_t badge)
{
    struct right *right = right_of(port->rights.root);

    while (right && right->badge != badge)
        right = right_of(right->of_port.child[badge > right->badge]);
    return right;
}

struct right *port_right_find(struct port *port, uint64_t badge)
{
    struct right *right = right_search(port, badge);

    return right && right->object.refs ? right : NULL;
}

int port_right_create(struct port *port, uint64_t badge, uint64_t mask, struct right **out)
{
    struct account *account = port->task->account;

    if (right_search(port, badge))
        return -EEXIST; /* in use, or its CLOSED is still to be taken */
    struct right *right = account_alloc(account, &right_cache);
    if (!right)
        return -ENOMEM;
    right->badge = badge;
    tree_insert(&port->rights, &right->of_port, by_badge);
    right->object.refs = 1;
    right->object.type = OBJECT_RIGHT;
    right->port = port;
    right->mask = mask;
    right->account = account;
    object_ref(&account->object);
    *out = right;
    return 0;
}

void port_right_forget(struct right *right)
{
    tree_remove(&right->port->rights, &right->of_port, NULL);
    right_free(right);
}

void port_notify(struct port *port, uint64_t bits)
{
    if (!bits)
        return;
    port->pending |= bits;
    port->queued = true;
    ipc_wake(port);
}
