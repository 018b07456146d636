/* SPDX-License-Identifier: MIT
 *
 * The fast path: a call, an answer or a fault that finds everything as it usually is - a receiver
 * waits and outranks the sender, no handles come along, the answer maps at most one page whose table
 * exists, no floating-point state is live - is done here in as few instructions as C allows. Whatever
 * is unusual goes to ipc.c, fault.c and vm.c before anything was changed: they know all cases and
 * define what happens. Nothing here may do what they would not.
 *
 * Compiled without frame pointers: these functions call nobody on their way. */
#include "kernel/fault.h"
#include "kernel/ipc.h"
#include "kernel/sched.h"
#include "kernel/stats.h"
#include "kernel/syscall.h"
#include "kernel/vm.h"

#include <abi/layout.h>
#include <abi/msg.h>

#define FAST __attribute__((optimize("omit-frame-pointer")))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* The handle's object if it is of this type and has this right, else NULL. */
static inline struct object *lookup(struct task *task, word value, unsigned type, unsigned right)
{
    uint32_t index = HANDLE_INDEX(value);

    if (unlikely(index >= task->handles.size))
        return NULL;
    struct handle *handle = &task->handles.slots[index];
    unsigned need = type << HANDLE_TYPE_SHIFT | right;
    if (unlikely(handle->generation != value >> HANDLE_INDEX_BITS ||
                 (handle->rights & ((unsigned)~H_ALL | right)) != need))
        return NULL;
    return handle->object;
}

/* `from` waits for the answer to the message that `to` receives now, on this hart. */
static inline void hand_over(struct hart *hart, struct thread *from, struct right *right,
                             struct port *port, struct thread *to, enum msg_kind kind)
{
    uint64_t token = from->token + TOKEN_SLOTS;

    port->receiver = NULL;
    right->object.refs++;
    from->via = right;
    from->server = to->task;
    from->token = token;
    from->message = (uint8_t)kind;
    from->state = THREAD_WAITING;
    thread_x(to, 10) = right->badge;
    thread_x(to, 16) = token;
    sched_switch_simple(hart, from, to);
}

FAST long sys_call(word handle, word tag, word w0, word w1, word w2, word w3)
{
    struct hart *hart = hart_this();
    struct thread *from = hart->current;
    struct right *right = (struct right *)lookup(from->task, handle, OBJECT_RIGHT, H_CALL);

    if (unlikely(!right || !right->port || tag & MSG_HANDLES_MASK << MSG_HANDLES_SHIFT))
        return ipc_call(handle, tag);
    struct port *port = right->port;
    struct thread *to = port->receiver;
    if (unlikely(!to || to->priority < from->priority || !sched_is_simple(hart, to)))
        return ipc_call(handle, tag);
    if (tag & (MSG_IN | MSG_OUT)) {
        if (tag & MSG_IN)
            from->in = from->msg->in;
        if (tag & MSG_OUT)
            from->out = from->msg->out;
    }
    thread_x(to, 11) = tag & MSG_SEND_MASK;
    thread_x(to, 12) = w0;
    thread_x(to, 13) = w1;
    thread_x(to, 14) = w2;
    thread_x(to, 15) = w3;
    hand_over(hart, from, right, port, to, MSG_KIND_CALL);
    return SYS_KEEP;
}

FAST void fault_user(struct thread *from, uintptr_t va, uint32_t access)
{
    struct hart *hart = hart_this();
    struct right *right = from->task->pager;

    if (unlikely(va < USER_MIN || va >= USER_MAX || !right || !right->port)) {
        fault_slow(from, va, access);
        return;
    }
    pte_t *slot = sv39_slot(from->task->aspace.root, va);
    struct port *port = right->port;
    struct thread *to = port->receiver;
    if (unlikely(!slot || pte_read(slot) & PTE_V || !to || to->priority < from->priority ||
                 !sched_is_simple(hart, to))) {
        fault_slow(from, va, access);
        return;
    }
    from->fault_va = va;
    from->fault_access = access;
    from->task->faults++;
    stats.faults++;
    thread_x(to, 11) = (uint64_t)MSG_KIND_FAULT << MSG_KIND_SHIFT | access;
    thread_x(to, 12) = va;
    thread_x(to, 13) = from->pc;
    thread_x(to, 14) = thread_x(from, X_SP);
    thread_x(to, 15) = from->number;
    hand_over(hart, from, right, port, to, MSG_KIND_FAULT);
}

/* Whether `thread` would find its port empty. */
static inline bool port_quiet(const struct port *port)
{
    return !port->pending && !port->receiver && STAILQ_EMPTY(&port->closed) &&
           TAILQ_EMPTY(&port->callers);
}

/* The one page of a MSG_MAP answer to a fault. False: not as simple as that. */
static inline bool map_page(struct thread *server, struct thread *caller, word src, word dst,
                            word count, word prot)
{
    if (unlikely(count != 1 || prot == 0 || prot & ~(word)(VM_R | VM_W) ||
                 caller->message != MSG_KIND_FAULT || caller->in_syscall ||
                 dst != (caller->fault_va & ~PAGE_MASK) || caller->via != caller->task->pager))
        return false;
    return vm_map_fast(server->task, caller->task, src, dst, (unsigned)prot, caller->fault_access);
}

FAST long sys_reply_recv(word handle, word tag, word w0, word w1, word w2, word w3, word token)
{
    struct hart *hart = hart_this();
    struct thread *server = hart->current;
    struct port *port = (struct port *)lookup(server->task, handle, OBJECT_PORT, H_RECV);
    struct thread *caller = thread_find(token);

    if (unlikely(!port || !caller || caller->server != server->task || !port_quiet(port) ||
                 !sched_may_run(caller) || !sched_is_simple(hart, caller) ||
                 caller->via->object.refs == 1))
        return ipc_reply_recv(handle, tag, token);
    if (tag & MSG_MAP) {
        if (unlikely(tag != MSG_MAP || !map_page(server, caller, w0, w1, w2, w3)))
            return ipc_reply_recv(handle, tag, token);
    } else {
        if (unlikely(tag & ~MSG_LABEL_MASK || caller->message != MSG_KIND_CALL))
            return ipc_reply_recv(handle, tag, token);
        thread_x(caller, 10) = 0;
        thread_x(caller, 11) = tag;
        thread_x(caller, 12) = w0;
        thread_x(caller, 13) = w1;
        thread_x(caller, 14) = w2;
        thread_x(caller, 15) = w3;
    }
    caller->via->object.refs--;
    caller->via = NULL;
    caller->server = NULL;
    server->state = THREAD_RECEIVING;
    server->port = port;
    port->receiver = server;
    sched_switch_simple(hart, server, caller);
    return SYS_KEEP;
}
