/* SPDX-License-Identifier: MIT
 *
 * IPC: synchronous calls with fixed registers, notifications, CLOSED.
 *
 * A message passes from sender to receiver in one step when a receiver waits; where it outranks the
 * sender (servers do), the hart switches to it at once. Otherwise the sender queues at the port.
 * fastpath.c does the same for the common cases in fewer instructions, and leaves the rest to this.
 * Short messages touch no memory but the two threads' registers; only a tag that says so brings in the
 * message page. The answer goes by token: the thread that waits and the serial number of its request.
 * The kernel keeps in the waiting thread which task owes the answer.
 *
 * Errors before delivery are the sender's; errors of an answer are the server's and leave the token
 * valid. Nothing here allocates but handle tables. */
#include "kernel/run/ipc.h"

#include "kernel/base/stats.h"
#include "kernel/run/fault.h"
#include "kernel/run/handler.h"
#include "kernel/run/sched.h"
#include "kernel/run/vm.h"

#include <abi/errno.h>
#include <abi/layout.h>

/* Tag bits that bring in the message page. */
#define TAG_HANDLES (MSG_HANDLES_MASK << MSG_HANDLES_SHIFT)
#define TAG_REQUEST_PAGE (TAG_HANDLES | MSG_IN | MSG_OUT)
#define TAG_ANSWER_PAGE (TAG_ITEMS | MSG_MAP | MSG_RESTART | MSG_NO | MSG_START | TAG_HANDLES)

/* Handles on their way. Taken from the message page once: other threads may be writing to it. */
struct parcel {
    unsigned count;
    struct object *object[MSG_MAX_HANDLES];
    uint16_t rights[MSG_MAX_HANDLES];
};

/* Looks up and checks the handles that `from` sends, and makes room for them; moves none. */
static long parcel_pack(struct parcel *parcel, struct thread *from, unsigned count,
                        struct thread *to)
{
    if (count > MSG_MAX_HANDLES)
        return -EINVAL;
    parcel->count = count;
    for (unsigned i = 0; i < count; i++) {
        handle_t value = __atomic_load_n(&from->msg->handle[i], __ATOMIC_RELAXED);
        struct handle *handle = handle_get(&from->task->handles, value);
        if (!handle)
            return -EBADF;
        if (!(handle->rights & H_TRANSFER))
            return -EPERM;
        parcel->object[i] = handle->object;
        parcel->rights[i] = handle_rights_given(handle);
    }
    if (to->msg->accept < count)
        return -E2BIG;
    return handle_reserve(&to->task->handles, count);
}

/* Cannot fail. A right to a port of the receiver's task arrives as its badge. */
static void parcel_deliver(const struct parcel *parcel, struct thread *to)
{
    for (unsigned i = 0; i < parcel->count; i++) {
        struct object *object = parcel->object[i];
        struct right *right = (struct right *)object;

        to->msg->badge[i] = 0;
        to->msg->handle[i] = HANDLE_NONE;
        if (object->type == OBJECT_RIGHT && right->port && right->port->task == to->task)
            to->msg->badge[i] = right->badge;
        else
            to->msg->handle[i] = handle_add(&to->task->handles, object, parcel->rights[i]);
    }
}

/* The message is in the receiver's registers, and the sender WAITING. */
static void pass(struct thread *from, struct thread *to)
{
    from->port = NULL;
    ipc_hand_over(from, from->via, to);
    switch (from->message) {
    case MSG_KIND_CALL:
        ipc_call_words(to, thread_x(from, 11), thread_x(from, 12), thread_x(from, 13),
                       thread_x(from, 14), thread_x(from, 15));
        break;
    case MSG_KIND_FAULT:
        ipc_fault_words(from, to);
        break;
    default:
        thread_x(to, 11) = IPC_KIND_TAG(MSG_KIND_EXCEPTION) | from->exception_cause;
        thread_x(to, 12) = from->exception_value;
        thread_x(to, 13) = from->pc;
        thread_x(to, 14) = from->exception_code;
        thread_x(to, 15) = from->number;
        break;
    }
}

/* Ends the sender's call with an error, before anybody received it. */
static void bounce(struct thread *from, long error)
{
    right_drop(from);
    from->port = NULL;
    thread_x(from, X_A0) = (uint64_t)error;
    sched_ready(from);
}

/* One queued call for the receiver. False: none was left that could be delivered. */
static bool take_call(struct port *port, struct thread *receiver)
{
    struct thread *from;

    while ((from = TAILQ_FIRST(&port->callers))) {
        unsigned count = from->message == MSG_KIND_CALL ? MSG_HANDLES(thread_x(from, 11)) : 0;
        if (from->work & WORK_DIE) {
            thread_end(from);
            continue;
        }
        TAILQ_REMOVE(&port->callers, from, queue);
        if (count) {
            struct parcel parcel;
            long error = parcel_pack(&parcel, from, count, receiver);
            if (error) {
                bounce(from, error);
                continue;
            }
            parcel_deliver(&parcel, receiver);
        }
        pass(from, receiver);
        return true;
    }
    return false;
}

static bool take_closed(struct port *port, struct thread *receiver)
{
    struct right *right = STAILQ_FIRST(&port->closed);

    if (!right)
        return false;
    STAILQ_REMOVE_HEAD(&port->closed, closed);
    ipc_notice_words(receiver, MSG_KIND_CLOSED, right->badge, 0);
    port_right_forget(right);
    return true;
}

static bool take_notification(struct port *port, struct thread *receiver)
{
    if (!port->pending)
        return false;
    ipc_notice_words(receiver, MSG_KIND_NOTIFY, 0, port->pending);
    port->pending = 0;
    return true;
}

static bool port_empty(const struct port *port)
{
    return !port->pending && STAILQ_EMPTY(&port->closed) && TAILQ_EMPTY(&port->callers);
}

/* Fair: whoever was served last comes last. */
bool ipc_deliver(struct port *port, struct thread *receiver)
{
    bool done = false;

    for (unsigned i = 0; i < 3 && !done; i++) {
        unsigned turn = port->turn;
        done = turn == 0   ? take_notification(port, receiver)
               : turn == 1 ? take_closed(port, receiver)
                           : take_call(port, receiver);
        port->turn = (uint8_t)((turn + 1) % 3);
    }
    port->queued = !port_empty(port);
    return done;
}

void ipc_wake(struct port *port)
{
    struct thread *receiver = port_receiver(port);

    if (!receiver || !port->queued)
        return;
    port_remove_receiver(port, receiver);
    if (!ipc_deliver(port, receiver)) { /* none could be delivered */
        port_add_receiver(port, receiver);
        return;
    }
    receiver->port = NULL;
    sched_deadline_cancel(receiver);
    sched_ready(receiver);
}

static void enqueue(struct thread *from, struct port *port)
{
    stats.queued++;
    from->state = THREAD_SENDING;
    from->port = port;
    TAILQ_INSERT_TAIL(&port->callers, from, queue);
    port->queued = true;
}

/* The current thread's message goes to the port: to a receiver that waits there, or into its queue. */
static void send(struct thread *from, struct port *port)
{
    struct thread *to = port_receiver(port);

    if (to) {
        port_remove_receiver(port, to);
        to->port = NULL;
        sched_deadline_cancel(to);
        pass(from, to);
        if (to->priority >= from->priority) {
            sched_switch(hart_this(), from, to);
            return;
        }
        sched_ready(to);
    } else {
        enqueue(from, port);
    }
    sched_block();
}

void ipc_send(struct thread *from, struct right *right, enum msg_kind kind)
{
    bool current = from == current_thread();

    from->message = (uint8_t)kind;
    from->via = right;
    if (right)
        object_ref(&right->object);
    if (!right || !right->port) {
        if (current)
            sched_block();
        ipc_fail(from);
        return;
    }
    if (current) {
        send(from, right->port);
        return;
    }
    enqueue(from, right->port);
    ipc_wake(right->port);
}

void ipc_fail(struct thread *thread)
{
    right_drop(thread);
    thread->server = NULL;
    thread->port = NULL;
    switch (thread->message) {
    case MSG_KIND_FAULT:
        fault_answered(thread, VM_FAULT_OBJERR);
        sched_ready(thread);
        break;
    case MSG_KIND_EXCEPTION:
        thread->state = THREAD_STOPPED;
        break;
    default:
        thread_x(thread, X_A0) = (uint64_t)-EPIPE;
        sched_ready(thread);
    }
}

bool ipc_fail_server(struct task *server, uint32_t *slot, unsigned budget)
{
    for (; *slot < thread_table_size && budget--; ++*slot) {
        struct thread *thread = thread_at(*slot);
        if (thread && thread->state == THREAD_WAITING && thread->server == server)
            ipc_fail(thread);
    }
    return *slot < thread_table_size;
}

/* ---- the system calls ---- */

long ipc_call(uint64_t handle, uint64_t tag)
{
    struct thread *thread = current_thread();
    struct handle *entry = handle_get(&thread->task->handles, handle);

    if (!entry || entry->object->type != OBJECT_RIGHT)
        return -EBADF;
    if (!(entry->rights & H_CALL))
        return -EPERM;
    struct right *right = (struct right *)entry->object;
    struct port *port = right->port;
    if (!port)
        return -EPIPE;
    thread->message = MSG_KIND_CALL;
    if (tag & TAG_REQUEST_PAGE) {
        if (tag & MSG_IN)
            thread->in = thread->msg->in;
        if (tag & MSG_OUT)
            thread->out = thread->msg->out;
        unsigned count = MSG_HANDLES(tag);
        struct thread *to = port_receiver(port);
        if (count && to) {
            struct parcel parcel;
            long error = parcel_pack(&parcel, thread, count, to);
            if (error)
                return error;
            parcel_deliver(&parcel, to);
        }
    }
    thread->via = right;
    object_ref(&right->object);
    send(thread, port);
    return SYS_KEEP;
}

long sys_recv(uint64_t handle, uint64_t deadline)
{
    struct thread *thread = current_thread();
    long error;
    struct port *port = handler_object(handle, OBJECT_PORT, H_RECV, &error);

    if (!port)
        return error;
    if (ipc_deliver(port, thread))
        return SYS_KEEP;
    if (deadline == 0)
        return -EAGAIN;
    thread->state = THREAD_RECEIVING;
    thread->port = port;
    sched_deadline(thread, time_from_ns(deadline));
    port_add_receiver(port, thread);
    sched_block();
    return SYS_KEEP;
}

/* The caller's tag is where the trap saved it. */
struct msg_buffer *ipc_buffer(struct thread *caller, uint64_t direction)
{
    uint64_t tag = caller->message == MSG_KIND_CALL ? thread_x(caller, 11) : 0;

    if (direction == COPY_IN && tag & MSG_IN)
        return &caller->in;
    if (direction == COPY_OUT && tag & MSG_OUT)
        return &caller->out;
    return NULL;
}

static bool start_valid(const struct thread *caller, uint64_t tag, uintptr_t pc)
{
    return caller->message == MSG_KIND_CALL && pc < USER_MAX && !(pc & 1) &&
           !(tag & (TAG_ANSWER_PAGE & ~(TAG_ITEMS | MSG_START)));
}

/* The part of an answer that needs more than words: items, handles, RESTART, NO, START. `caller` is still
 * WAITING; on an error it stays so. *resume: the caller goes on. */
static long answer_extras(struct thread *server, struct thread *caller, uint64_t tag, bool *resume)
{
    struct parcel parcel = {.count = 0};
    unsigned count = MSG_HANDLES(tag);

    *resume = true;
    if (tag & MSG_START && !start_valid(caller, tag, thread_x(server, 12)))
        return -EINVAL;
    if (tag & MSG_RESTART) {
        uint64_t offset = thread_x(server, 13), length = thread_x(server, 14);
        bool in = thread_x(server, 12) == COPY_IN;
        struct msg_buffer *buffer = ipc_buffer(caller, thread_x(server, 12));
        if (!buffer || length > PAGE_SIZE || length == 0 || offset > buffer->length ||
            length > buffer->length - offset)
            return -EINVAL;
        uintptr_t va = buffer->address + offset;
        if (va > ~0ul - length) /* wraps: refused like any other address of the kernel's */
            va = USER_TOP;
        *resume = false;
        right_drop(caller);
        caller->server = NULL;
        fault_restart(caller, va, va + length, in ? ACCESS_READ : ACCESS_WRITE);
        return 0;
    }
    if (count && caller->message != MSG_KIND_CALL)
        return -EINVAL;
    if (count) {
        long error = parcel_pack(&parcel, server, count, caller);
        if (error)
            return error;
    }
    if (tag & (MSG_MAP | TAG_ITEMS | MSG_START)) {
        if (caller->via != caller->task->pager)
            return -EPERM;
        long error = vm_answer(server, caller, tag);
        if (error)
            return error;
    }
    parcel_deliver(&parcel, caller);
    return 0;
}

/* Answers the caller that the token names, from the current thread's registers. On success *next is
 * a thread to go on with, on no queue, or NULL. */
static long answer(struct thread *server, uint64_t token, uint64_t tag, struct thread **next)
{
    struct thread *caller = thread_find(token);
    bool resume = true;

    *next = NULL;
    if (!caller || caller->server != server->task)
        return -ESTALE;
    if (tag & TAG_ANSWER_PAGE) {
        long error = answer_extras(server, caller, tag, &resume);
        if (error || !resume)
            return error;
    }
    right_drop(caller);
    caller->server = NULL;
    if (tag & MSG_START) {
        caller->task->upcall = 0;
        caller->msg->fp_used = 0;
        thread_begin(caller, thread_x(server, 12), thread_x(server, 13), 0);
    } else if (caller->message == MSG_KIND_CALL) {
        ipc_answer_words(server, caller, tag & MSG_SEND_MASK);
    } else if (caller->message == MSG_KIND_FAULT) {
        caller = fault_answered(caller, fault_code(tag));
    } else if (MSG_LABEL(tag)) {
        caller->state = THREAD_STOPPED;
        caller = NULL;
    }
    *next = caller;
    return 0;
}

long sys_reply(word, word tag, word, word, word, word, word token)
{
    struct thread *thread = current_thread(), *next;
    long error = answer(thread, token, tag, &next);

    if (next)
        sched_ready(next);
    return error == VM_AGAIN ? handler_again(thread) : error;
}

long ipc_reply_recv(uint64_t handle, uint64_t tag)
{
    struct thread *thread = current_thread(), *next;
    long error;
    struct port *port = handler_object(handle, OBJECT_PORT, H_RECV, &error);

    if (!port)
        return error;
    error = answer(thread, thread_x(thread, 16), tag, &next);
    if (error)
        return error == VM_AGAIN ? handler_again(thread) : error;
    if (port->queued && ipc_deliver(port, thread)) {
        if (next)
            sched_ready(next);
        return SYS_KEEP;
    }
    thread->state = THREAD_RECEIVING;
    thread->port = port;
    port_add_receiver(port, thread);
    if (next && sched_may_run(hart_this(), next)) {
        sched_switch(hart_this(), thread, next);
        return SYS_KEEP;
    }
    if (next)
        sched_ready(next);
    sched_block();
    return SYS_KEEP;
}

long ipc_notify(uint64_t handle, uint64_t bits)
{
    long error;
    struct right *right = handler_object(handle, OBJECT_RIGHT, H_NOTIFY, &error);

    if (!right)
        return error;
    if (!right->port)
        return -EPIPE;
    if (bits & ~right->mask)
        return -EPERM;
    port_notify(right->port, bits);
    return 0;
}

long sys_copy(uint64_t token, uint64_t direction, uint64_t offset, uint64_t address,
              uint64_t length)
{
    struct thread *server = current_thread();
    struct thread *caller = thread_find(token);
    bool at_to;

    if (direction > COPY_OUT)
        return -EINVAL;
    if (!caller || caller->server != server->task || caller->message != MSG_KIND_CALL)
        return -ESTALE;
    struct msg_buffer *buffer = ipc_buffer(caller, direction);
    if (!buffer || offset > buffer->length || length > buffer->length - offset)
        return -EINVAL;
    if (length > COPY_MAX)
        length = COPY_MAX;
    struct aspace *theirs = &caller->task->aspace, *ours = &server->task->aspace;
    uintptr_t their_va = buffer->address + offset;
    size_t done = direction == COPY_IN
                      ? aspace_copy(ours, address, theirs, their_va, length, &at_to)
                      : aspace_copy(theirs, their_va, ours, address, length, &at_to);
    bool ours_stopped = done < length && at_to == (direction == COPY_IN);
    if (ours_stopped && done == 0)
        return fault_for_syscall(server, address,
                                 direction == COPY_IN ? ACCESS_WRITE : ACCESS_READ);
    return (long)done;
}

/* The handlers, unless fastpath.c has some, which come before these. */
#define GENERAL __attribute__((weak))

GENERAL long sys_call(word handle, word tag, word, word, word, word)
{
    return ipc_call(handle, tag);
}

GENERAL long sys_reply_recv(word handle, word tag, word, word, word, word, word)
{
    return ipc_reply_recv(handle, tag);
}

GENERAL long sys_notify(word handle, word bits)
{
    return ipc_notify(handle, bits);
}
